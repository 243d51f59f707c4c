'use strict';

const { inspect } = require('node:util');
const { read, text } = require('./arguments.js');
const { classes, errorOf } = require('./errors.js');
const native = require('./native.js');

const OPEN = Symbol('open');

/**
 * Starts a native operation and waits for it. The native module answers a result, or a list where it
 * failed. The error is made here, after an `await`, so that its stack leads to whoever awaits the call.
 */
async function outcome(start, shape) {
  const answer = await start();
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
      () => native.open(text(databaseUrl, 'databaseUrl'), read('open', options)),
      (handle) => new this(OPEN, handle),
    );
  }

  close() {
    return outcome(() => this.#handle.close(), nothing);
  }

  createUser(options) {
    return outcome(() => this.#handle.createUser(read('createUser', options)));
  }

  getUser(id) {
    return outcome(() => this.#handle.getUser(text(id, 'id')));
  }

  getUserByEmail(email) {
    return outcome(() => this.#handle.getUserByEmail(text(email, 'email')));
  }

  getUserByExternalId(externalId) {
    return outcome(() => this.#handle.getUserByExternalId(text(externalId, 'externalId')));
  }

  listUsers(options) {
    return outcome(() => this.#handle.listUsers(read('listUsers', options)));
  }

  updateUser(id, options) {
    return outcome(() => this.#handle.updateUser(text(id, 'id'), read('updateUser', options)));
  }

  deleteUser(id) {
    return outcome(() => this.#handle.deleteUser(text(id, 'id')), nothing);
  }

  authenticateWithPassword(options) {
    return outcome(() => {
      const { email, password } = read('authenticateWithPassword', options);
      return this.#handle.authenticateWithPassword(email, password);
    });
  }

  createPasswordReset(options) {
    return outcome(() => {
      const { email } = read('createPasswordReset', options);
      return this.#handle.createPasswordReset(email);
    }, quiet);
  }

  requestPasswordReset(options) {
    return outcome(() => {
      const { email } = read('requestPasswordReset', options);
      return this.#handle.requestPasswordReset(email);
    }, quiet);
  }

  getPasswordReset(id) {
    return outcome(() => this.#handle.getPasswordReset(text(id, 'id')), quiet);
  }

  resetPassword(options) {
    return outcome(
      () => {
        const { token, newPassword } = read('resetPassword', options);
        return this.#handle.resetPassword(token, newPassword);
      },
      (user) => Object.freeze({ user }),
    );
  }

  revokePasswordResets(options) {
    return outcome(() => {
      const { userId } = read('revokePasswordResets', options);
      return this.#handle.revokePasswordResets(userId);
    });
  }

  checkPassword(options) {
    return outcome(() => {
      const { password, userId } = read('checkPassword', options);
      return this.#handle.checkPassword(password, userId);
    });
  }

  events(options) {
    return outcome(() => {
      const { after, limit } = read('events', options);
      return this.#handle.events(after, limit);
    });
  }

  purge(options) {
    return outcome(() => this.#handle.purge(read('purge', options).limit));
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
