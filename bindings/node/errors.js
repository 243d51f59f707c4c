'use strict';

// Generated from bindings/api by scripts/update; changes here are lost.

/** The root of every error of this package. */
class ResetPasswordError extends Error {
  constructor(message, { errors = [], retryable = false, retryAfter = null } = {}) {
    super(message);
    this.code = new.target.code;
    this.errors = errors;
    this.retryable = retryable;
    this.retryAfter = retryAfter;
  }
}

class ConfigInvalidError extends ResetPasswordError { static code = 'config_invalid'; }
class EmailAlreadyVerifiedError extends ResetPasswordError { static code = 'email_already_verified'; }
class EmailNotAvailableError extends ResetPasswordError { static code = 'email_not_available'; }
class ExternalIdAlreadyUsedError extends ResetPasswordError { static code = 'external_id_already_used'; }
class ForbiddenError extends ResetPasswordError { static code = 'forbidden'; }
class HeadersTooLargeError extends ResetPasswordError { static code = 'headers_too_large'; }
class InputInvalidError extends ResetPasswordError { static code = 'input_invalid'; }
class InternalError extends ResetPasswordError { static code = 'internal'; }
class InvalidCredentialsError extends ResetPasswordError { static code = 'invalid_credentials'; }
class InvalidPasswordHashError extends ResetPasswordError { static code = 'invalid_password_hash'; }
class MethodNotAllowedError extends ResetPasswordError { static code = 'method_not_allowed'; }
class NotFoundError extends ResetPasswordError { static code = 'not_found'; }
class OverloadedError extends ResetPasswordError { static code = 'overloaded'; }
class PasswordAndPasswordHashProvidedError extends ResetPasswordError {
  static code = 'password_and_password_hash_provided';
}
class PasswordRejectedError extends ResetPasswordError { static code = 'password_rejected'; }
class PasswordResetNotFoundError extends ResetPasswordError { static code = 'password_reset_not_found'; }
class PasswordResetTokenExpiredError extends ResetPasswordError {
  static code = 'password_reset_token_expired';
}
class PasswordResetTokenNotFoundError extends ResetPasswordError {
  static code = 'password_reset_token_not_found';
}
class PayloadTooLargeError extends ResetPasswordError { static code = 'payload_too_large'; }
class RateLimitedError extends ResetPasswordError { static code = 'rate_limited'; }
class RequestTimeoutError extends ResetPasswordError { static code = 'request_timeout'; }
class StorageUnavailableError extends ResetPasswordError { static code = 'storage_unavailable'; }
class UnauthorizedError extends ResetPasswordError { static code = 'unauthorized'; }
class UnsupportedError extends ResetPasswordError { static code = 'unsupported'; }
class UnsupportedMediaTypeError extends ResetPasswordError { static code = 'unsupported_media_type'; }
class UserLockedError extends ResetPasswordError { static code = 'user_locked'; }
class UserNotFoundError extends ResetPasswordError { static code = 'user_not_found'; }

const classes = {
  ResetPasswordError,
  ConfigInvalidError,
  EmailAlreadyVerifiedError,
  EmailNotAvailableError,
  ExternalIdAlreadyUsedError,
  ForbiddenError,
  HeadersTooLargeError,
  InputInvalidError,
  InternalError,
  InvalidCredentialsError,
  InvalidPasswordHashError,
  MethodNotAllowedError,
  NotFoundError,
  OverloadedError,
  PasswordAndPasswordHashProvidedError,
  PasswordRejectedError,
  PasswordResetNotFoundError,
  PasswordResetTokenExpiredError,
  PasswordResetTokenNotFoundError,
  PayloadTooLargeError,
  RateLimitedError,
  RequestTimeoutError,
  StorageUnavailableError,
  UnauthorizedError,
  UnsupportedError,
  UnsupportedMediaTypeError,
  UserLockedError,
  UserNotFoundError,
};

const byCode = new Map();
for (const [name, type] of Object.entries(classes)) {
  Object.defineProperty(type.prototype, 'name', { value: name, configurable: true, writable: true });
  byCode.set(type.code, type);
}

/** The error of a failure as the native module answers it. */
function errorOf([code, message, errors, retryable, retryAfter]) {
  return new (byCode.get(code))(message, { errors, retryable, retryAfter });
}

module.exports = { classes, errorOf };
