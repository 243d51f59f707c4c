'use strict';

const { inspect } = require('node:util');
const { read, text } = require('./arguments.js');
const { classes, errorOf } = require('./errors.js');
const native = require('./native.js');

const OPEN = Symbol('open');

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
      (ticket) => native.open(inbox, ticket, text(databaseUrl, 'databaseUrl'), read('open', options)),
      (handle) => new this(OPEN, handle),
    );
  }

  close() {
    return outcome((ticket) => this.#handle.close(ticket), nothing);
  }

  createUser(options) {
    return outcome((ticket) => this.#handle.createUser(ticket, read('createUser', options)));
  }

  getUser(id) {
    return outcome((ticket) => this.#handle.getUser(ticket, text(id, 'id')));
  }

  getUserByEmail(email) {
    return outcome((ticket) => this.#handle.getUserByEmail(ticket, text(email, 'email')));
  }

  getUserByExternalId(externalId) {
    return outcome((ticket) => this.#handle.getUserByExternalId(ticket, text(externalId, 'externalId')));
  }

  listUsers(options) {
    return outcome((ticket) => this.#handle.listUsers(ticket, read('listUsers', options)));
  }

  updateUser(id, options) {
    return outcome((ticket) => this.#handle.updateUser(ticket, text(id, 'id'), read('updateUser', options)));
  }

  deleteUser(id) {
    return outcome((ticket) => this.#handle.deleteUser(ticket, text(id, 'id')), nothing);
  }

  authenticateWithPassword(options) {
    return outcome((ticket) => {
      const { email, password } = read('authenticateWithPassword', options);
      return this.#handle.authenticateWithPassword(ticket, email, password);
    });
  }

  createPasswordReset(options) {
    return outcome((ticket) => {
      const { email } = read('createPasswordReset', options);
      return this.#handle.createPasswordReset(ticket, email);
    }, quiet);
  }

  requestPasswordReset(options) {
    return outcome((ticket) => {
      const { email } = read('requestPasswordReset', options);
      return this.#handle.requestPasswordReset(ticket, email);
    }, quiet);
  }

  getPasswordReset(id) {
    return outcome((ticket) => this.#handle.getPasswordReset(ticket, text(id, 'id')), quiet);
  }

  resetPassword(options) {
    return outcome(
      (ticket) => {
        const { token, newPassword } = read('resetPassword', options);
        return this.#handle.resetPassword(ticket, token, newPassword);
      },
      (user) => Object.freeze({ user }),
    );
  }

  revokePasswordResets(options) {
    return outcome((ticket) => {
      const { userId } = read('revokePasswordResets', options);
      return this.#handle.revokePasswordResets(ticket, userId);
    });
  }

  checkPassword(options) {
    return outcome((ticket) => {
      const { password, userId } = read('checkPassword', options);
      return this.#handle.checkPassword(ticket, password, userId);
    });
  }

  events(options) {
    return outcome((ticket) => {
      const { after, limit } = read('events', options);
      return this.#handle.events(ticket, after, limit);
    });
  }

  purge(options) {
    return outcome((ticket) => this.#handle.purge(ticket, read('purge', options).limit));
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
