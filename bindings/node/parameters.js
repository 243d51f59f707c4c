'use strict';

// Generated from bindings/api by scripts/update; changes here are lost.

const REQUIRED = true;
const OPTIONAL = false;

/** The named parameters of each operation, in their order. */
module.exports = {
  open: [
    ['key', 'text', OPTIONAL],
    ['keyFile', 'text', OPTIONAL],
    ['previousKeys', 'texts', OPTIONAL],
    ['resetUrl', 'text', OPTIONAL],
    ['tokenLifetime', 'number', OPTIONAL],
    ['firstPasswordLifetime', 'number', OPTIONAL],
    ['sealTokens', 'flag', OPTIONAL],
    ['passwordMinLength', 'number', OPTIONAL],
    ['serviceNames', 'texts', OPTIONAL],
    ['pepper', 'text', OPTIONAL],
    ['pepperFile', 'text', OPTIONAL],
    ['argon2MemoryKib', 'number', OPTIONAL],
    ['argon2Iterations', 'number', OPTIONAL],
    ['argon2Portable', 'flag', OPTIONAL],
    ['memoryBudgetKib', 'number', OPTIONAL],
    ['requestsPerMinute', 'number', OPTIONAL],
    ['users', 'text', OPTIONAL],
    ['messages', 'flag', OPTIONAL],
    ['migrate', 'flag', OPTIONAL],
  ],
  createUser: [
    ['email', 'text', REQUIRED],
    ['password', 'text', OPTIONAL],
    ['passwordHash', 'text', OPTIONAL],
    ['emailVerified', 'flag', OPTIONAL],
    ['firstName', 'text', OPTIONAL],
    ['lastName', 'text', OPTIONAL],
    ['name', 'text', OPTIONAL],
    ['externalId', 'text', OPTIONAL],
    ['metadata', 'pairs', OPTIONAL],
    ['locale', 'text', OPTIONAL],
    ['createdAt', 'text', OPTIONAL],
  ],
  listUsers: [
    ['email', 'text', OPTIONAL],
    ['limit', 'number', OPTIONAL],
    ['before', 'text', OPTIONAL],
    ['after', 'text', OPTIONAL],
    ['order', 'text', OPTIONAL],
  ],
  updateUser: [
    ['email', 'text', OPTIONAL],
    ['password', 'text', OPTIONAL],
    ['passwordHash', 'text', OPTIONAL],
    ['emailVerified', 'flag', OPTIONAL],
    ['firstName', 'text', OPTIONAL],
    ['lastName', 'text', OPTIONAL],
    ['name', 'text', OPTIONAL],
    ['externalId', 'text', OPTIONAL],
    ['metadata', 'pairs', OPTIONAL],
    ['locale', 'text', OPTIONAL],
  ],
  authenticateWithPassword: [
    ['email', 'text', REQUIRED],
    ['password', 'text', REQUIRED],
  ],
  createPasswordReset: [
    ['email', 'text', REQUIRED],
  ],
  requestPasswordReset: [
    ['email', 'text', REQUIRED],
  ],
  checkPasswordResetToken: [
    ['token', 'text', REQUIRED],
  ],
  resetPassword: [
    ['token', 'text', REQUIRED],
    ['newPassword', 'text', REQUIRED],
  ],
  revokePasswordResets: [
    ['userId', 'text', OPTIONAL],
  ],
  checkPassword: [
    ['password', 'text', REQUIRED],
    ['userId', 'text', OPTIONAL],
  ],
  events: [
    ['after', 'text', OPTIONAL],
    ['limit', 'number', OPTIONAL],
  ],
  messages: [
    ['limit', 'number', OPTIONAL],
  ],
  reportChange: [
    ['token', 'text', REQUIRED],
    ['email', 'text', REQUIRED],
  ],
  purge: [
    ['limit', 'number', OPTIONAL],
  ],
};
