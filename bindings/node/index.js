'use strict';

// Generated from bindings/api by scripts/update; changes here are lost.

const { read, text } = require('./arguments.js');
const { call, close, nothing, open, operations, quiet, response } = require('./call.js');
const { classes } = require('./errors.js');

const OPEN = Symbol('open');

class UserManagement {
  #handle;

  constructor(open, handle) {
    if (open !== OPEN) throw new TypeError('UserManagement is opened with UserManagement.open');
    this.#handle = handle;
  }

  static open(databaseUrl, options) {
    const given = () => [text(databaseUrl, 'databaseUrl'), ...read('open', options)];
    return open(given, (handle) => new this(OPEN, handle));
  }

  close() {
    return close(this.#handle);
  }

  createUser(options) {
    return call(this.#handle, operations.create_user, () => read('createUser', options));
  }

  getUser(id) {
    return call(this.#handle, operations.get_user, () => [text(id, 'id')]);
  }

  getUserByEmail(email) {
    return call(this.#handle, operations.get_user_by_email, () => [text(email, 'email')]);
  }

  getUserByExternalId(externalId) {
    return call(this.#handle, operations.get_user_by_external_id, () => [text(externalId, 'externalId')]);
  }

  listUsers(options) {
    return call(this.#handle, operations.list_users, () => read('listUsers', options));
  }

  updateUser(id, options) {
    return call(this.#handle, operations.update_user, () => [text(id, 'id'), ...read('updateUser', options)]);
  }

  deleteUser(id) {
    return call(this.#handle, operations.delete_user, () => [text(id, 'id')], nothing);
  }

  authenticateWithPassword(options) {
    const given = () => read('authenticateWithPassword', options);
    return call(this.#handle, operations.authenticate_with_password, given);
  }

  createPasswordReset(options) {
    const given = () => read('createPasswordReset', options);
    return call(this.#handle, operations.create_password_reset, given, quiet);
  }

  requestPasswordReset(options) {
    const given = () => read('requestPasswordReset', options);
    return call(this.#handle, operations.request_password_reset, given, quiet);
  }

  getPasswordReset(id) {
    return call(this.#handle, operations.get_password_reset, () => [text(id, 'id')], quiet);
  }

  resetPassword(options) {
    return call(this.#handle, operations.reset_password, () => read('resetPassword', options), response);
  }

  revokePasswordResets(options) {
    return call(this.#handle, operations.revoke_password_resets, () => read('revokePasswordResets', options));
  }

  checkPassword(options) {
    return call(this.#handle, operations.check_password, () => read('checkPassword', options));
  }

  events(options) {
    return call(this.#handle, operations.events, () => read('events', options));
  }

  purge(options) {
    return call(this.#handle, operations.purge, () => read('purge', options));
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
