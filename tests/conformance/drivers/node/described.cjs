'use strict';

// Generated from bindings/api by scripts/update; changes here are lost.

const ONE = 'one';
const MANY = 'many';

/** The fields of each record: the name, the property, and what record it holds, one or several. */
const RECORDS = {
  Detail: [
    ['code', 'code'],
    ['message', 'message'],
    ['field', 'field'],
    ['minimum_length', 'minimumLength'],
    ['maximum_length', 'maximumLength'],
  ],
  Event: [
    ['id', 'id'],
    ['event', 'event'],
    ['data', 'data'],
    ['created_at', 'createdAt'],
  ],
  EventCursor: [
    ['after', 'after'],
  ],
  EventList: [
    ['data', 'data', 'Event', MANY],
    ['list_metadata', 'listMetadata', 'EventCursor', ONE],
  ],
  Message: [
    ['id', 'id'],
    ['message_id', 'messageId'],
    ['kind', 'kind'],
    ['to', 'to'],
    ['user_id', 'userId'],
    ['first_name', 'firstName'],
    ['name', 'name'],
    ['locale', 'locale'],
    ['url', 'url'],
    ['expires_at', 'expiresAt'],
    ['report_token', 'reportToken'],
    ['created_at', 'createdAt'],
    ['attempt', 'attempt'],
  ],
  MessageList: [
    ['data', 'data', 'Message', MANY],
  ],
  PasswordCheck: [
    ['acceptable', 'acceptable'],
    ['errors', 'errors', 'Detail', MANY],
  ],
  PasswordReset: [
    ['id', 'id'],
    ['user_id', 'userId'],
    ['email', 'email'],
    ['password_reset_token', 'passwordResetToken'],
    ['password_reset_url', 'passwordResetUrl'],
    ['expires_at', 'expiresAt'],
    ['created_at', 'createdAt'],
  ],
  Purged: [
    ['password_resets', 'passwordResets'],
    ['events', 'events'],
    ['requests', 'requests'],
  ],
  TokenCheck: [
    ['usable', 'usable'],
    ['expires_at', 'expiresAt'],
    ['error_code', 'errorCode'],
  ],
  User: [
    ['id', 'id'],
    ['email', 'email'],
    ['email_verified', 'emailVerified'],
    ['first_name', 'firstName'],
    ['last_name', 'lastName'],
    ['name', 'name'],
    ['profile_picture_url', 'profilePictureUrl'],
    ['last_sign_in_at', 'lastSignInAt'],
    ['external_id', 'externalId'],
    ['metadata', 'metadata'],
    ['locale', 'locale'],
    ['credentials_changed_at', 'credentialsChangedAt'],
    ['created_at', 'createdAt'],
    ['updated_at', 'updatedAt'],
  ],
  UserCursors: [
    ['before', 'before'],
    ['after', 'after'],
  ],
  UserList: [
    ['data', 'data', 'User', MANY],
    ['list_metadata', 'listMetadata', 'UserCursors', ONE],
  ],
};

/** Of each operation: the arguments that stand alone, and the record that it answers. */
const OPERATIONS = {
  close: [[], null],
  create_user: [[], 'User'],
  get_user: [['id'], 'User'],
  get_user_by_email: [['email'], 'User'],
  get_user_by_external_id: [['external_id'], 'User'],
  list_users: [[], 'UserList'],
  update_user: [['id'], 'User'],
  delete_user: [['id'], null],
  authenticate_with_password: [[], 'User'],
  create_password_reset: [[], 'PasswordReset'],
  request_password_reset: [[], 'PasswordReset'],
  get_password_reset: [['id'], 'PasswordReset'],
  check_password_reset_token: [[], 'TokenCheck'],
  reset_password: [[], 'User'],
  revoke_password_resets: [[], null],
  check_password: [[], 'PasswordCheck'],
  events: [[], 'EventList'],
  messages: [[], 'MessageList'],
  message_sent: [['id'], null],
  message_failed: [['id'], null],
  report_change: [[], 'User'],
  unlock_user: [['id'], null],
  purge: [[], 'Purged'],
};

module.exports = { OPERATIONS, RECORDS };
