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

  async close() {
    return close(this.#handle);
  }

  async createUser(options) {
    return call(this.#handle, operations.create_user, () => read('createUser', options));
  }

  async getUser(id) {
    return call(this.#handle, operations.get_user, () => [text(id, 'id')]);
  }

  async getUserByEmail(email) {
    return call(this.#handle, operations.get_user_by_email, () => [text(email, 'email')]);
  }

  async getUserByExternalId(externalId) {
    return call(this.#handle, operations.get_user_by_external_id, () => [text(externalId, 'externalId')]);
  }

  async listUsers(options) {
    return call(this.#handle, operations.list_users, () => read('listUsers', options));
  }

  async updateUser(id, options) {
    return call(this.#handle, operations.update_user, () => [text(id, 'id'), ...read('updateUser', options)]);
  }

  async deleteUser(id) {
    return call(this.#handle, operations.delete_user, () => [text(id, 'id')], nothing);
  }

  async authenticateWithPassword(options) {
    const given = () => read('authenticateWithPassword', options);
    return call(this.#handle, operations.authenticate_with_password, given);
  }

  async createPasswordReset(options) {
    const given = () => read('createPasswordReset', options);
    return call(this.#handle, operations.create_password_reset, given, quiet);
  }

  async requestPasswordReset(options) {
    const given = () => read('requestPasswordReset', options);
    return call(this.#handle, operations.request_password_reset, given, quiet);
  }

  async getPasswordReset(id) {
    return call(this.#handle, operations.get_password_reset, () => [text(id, 'id')], quiet);
  }

  async checkPasswordResetToken(options) {
    const given = () => read('checkPasswordResetToken', options);
    return call(this.#handle, operations.check_password_reset_token, given);
  }

  async resetPassword(options) {
    return call(this.#handle, operations.reset_password, () => read('resetPassword', options), response);
  }

  async revokePasswordResets(options) {
    return call(this.#handle, operations.revoke_password_resets, () => read('revokePasswordResets', options));
  }

  async checkPassword(options) {
    return call(this.#handle, operations.check_password, () => read('checkPassword', options));
  }

  async events(options) {
    return call(this.#handle, operations.events, () => read('events', options));
  }

  async messages(options) {
    return call(this.#handle, operations.messages, () => read('messages', options));
  }

  async messageSent(id) {
    return call(this.#handle, operations.message_sent, () => [text(id, 'id')], nothing);
  }

  async messageFailed(id) {
    return call(this.#handle, operations.message_failed, () => [text(id, 'id')], nothing);
  }

  async reportChange(options) {
    return call(this.#handle, operations.report_change, () => read('reportChange', options));
  }

  async unlockUser(id) {
    return call(this.#handle, operations.unlock_user, () => [text(id, 'id')], nothing);
  }

  async purge(options) {
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
