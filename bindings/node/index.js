'use strict';

const { inspect } = require('node:util');
const { read, text } = require('./arguments.js');
const { classes, errorOf } = require('./errors.js');
const native = require('./native.js');

const OPEN = Symbol('open');

// The number of each operation, by its name.
const operations = Object.fromEntries(native.operations().map((name, number) => [name, number]));

// What settles the promises of the calls under way, by ticket.
const settlers = new Map();
let tickets = 0;

const inbox = new native.Inbox((ticket, answer) => {
  const settle = settlers.get(ticket);
  settlers.delete(ticket);
  if (settlers.size === 0) inbox.keepAlive(false);
  settle(answer);
});

/**
 * Starts a native operation and waits for it; meanwhile the event loop stays alive. The native module
 * answers a result, or a list where it failed. The error is made here, after an `await`, so that its stack
 * leads to whoever awaits the call.
 */
async function outcome(start, shape) {
  const answer = await new Promise((settle) => {
    const ticket = (tickets += 1);
    start(ticket);
    if (settlers.size === 0) inbox.keepAlive(true);
    settlers.set(ticket, settle);
  });
  if (Array.isArray(answer)) throw errorOf(answer);
  return shape === undefined ? answer : shape(answer);
}

function nothing() {}

function response(user) {
  return Object.freeze({ user });
}

/** A reset whose token can be read, and is not shown by `console.log` and `util.inspect`. */
function quiet(reset) {
  if (reset === null) return null;
  return Object.freeze(Object.defineProperty(reset, inspect.custom, { value: withoutSecrets }));
}

function withoutSecrets(depth, options) {
  const shown = { ...this, passwordResetToken: '[redacted]', passwordResetUrl: '[redacted]' };
  return inspect(shown, { ...options, depth });
}

class UserManagement {
  #handle;

  constructor(open, handle) {
    if (open !== OPEN) throw new TypeError('UserManagement is opened with UserManagement.open');
    this.#handle = handle;
  }

  static open(databaseUrl, options) {
    return outcome(
      (ticket) => native.open(inbox, ticket, [text(databaseUrl, 'databaseUrl'), ...read('open', options)]),
      (handle) => new this(OPEN, handle),
    );
  }

  close() {
    return outcome((ticket) => this.#handle.close(ticket), nothing);
  }

  createUser(options) {
    return this.#call(operations.create_user, () => read('createUser', options));
  }

  getUser(id) {
    return this.#call(operations.get_user, () => [text(id, 'id')]);
  }

  getUserByEmail(email) {
    return this.#call(operations.get_user_by_email, () => [text(email, 'email')]);
  }

  getUserByExternalId(externalId) {
    return this.#call(operations.get_user_by_external_id, () => [text(externalId, 'externalId')]);
  }

  listUsers(options) {
    return this.#call(operations.list_users, () => read('listUsers', options));
  }

  updateUser(id, options) {
    return this.#call(operations.update_user, () => [text(id, 'id'), ...read('updateUser', options)]);
  }

  deleteUser(id) {
    return this.#call(operations.delete_user, () => [text(id, 'id')], nothing);
  }

  authenticateWithPassword(options) {
    return this.#call(operations.authenticate_with_password, () => read('authenticateWithPassword', options));
  }

  createPasswordReset(options) {
    return this.#call(operations.create_password_reset, () => read('createPasswordReset', options), quiet);
  }

  requestPasswordReset(options) {
    return this.#call(operations.request_password_reset, () => read('requestPasswordReset', options), quiet);
  }

  getPasswordReset(id) {
    return this.#call(operations.get_password_reset, () => [text(id, 'id')], quiet);
  }

  resetPassword(options) {
    return this.#call(operations.reset_password, () => read('resetPassword', options), response);
  }

  revokePasswordResets(options) {
    return this.#call(operations.revoke_password_resets, () => read('revokePasswordResets', options));
  }

  checkPassword(options) {
    return this.#call(operations.check_password, () => read('checkPassword', options));
  }

  events(options) {
    return this.#call(operations.events, () => read('events', options));
  }

  purge(options) {
    return this.#call(operations.purge, () => read('purge', options));
  }

  #call(operation, given, shape) {
    return outcome((ticket) => this.#handle.call(ticket, operation, given()), shape);
  }
}

// Node 20.5.1 and later have it.
if (Symbol.asyncDispose !== undefined) {
  Object.defineProperty(UserManagement.prototype, Symbol.asyncDispose, {
    value: UserManagement.prototype.close,
    configurable: true,
    writable: true,
  });
}

module.exports = { UserManagement, ...classes };
