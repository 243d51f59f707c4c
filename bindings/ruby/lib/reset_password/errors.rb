# frozen_string_literal: true

# Generated from bindings/api by scripts/update; changes here are lost.

module ResetPassword
  # The root of every error that the engine answers. A wrong type of argument is a TypeError or an
  # ArgumentError, as anywhere in Ruby. What each code means: docs/reference/errors.md.
  class Error < StandardError
    # The code of every error of a class, such as `"user_not_found"`. The root has none.
    CODE = nil

    # @return [Array<Detail>] the reasons, for `password_rejected` and `input_invalid`
    attr_reader :errors

    # @return [Boolean] whether the same call may succeed later without any change to it
    attr_reader :retryable

    # @return [Integer, nil] whole seconds to wait before that, where it is known
    attr_reader :retry_after

    # @param message [String, nil]
    # @param errors [Array<Detail>]
    # @param retryable [Boolean]
    # @param retry_after [Integer, nil]
    def initialize(message = nil, errors: [], retryable: false, retry_after: nil)
      super(message)
      @errors = errors
      @retryable = retryable
      @retry_after = retry_after
    end

    # @return [String] the code, which callers branch on
    def code
      self.class::CODE
    end
  end

  # The configuration cannot be used.
  class ConfigInvalidError < Error
    CODE = "config_invalid"
  end

  # A verified e-mail address cannot be marked unverified.
  class EmailAlreadyVerifiedError < Error
    CODE = "email_already_verified"
  end

  # The e-mail address belongs to another user.
  class EmailNotAvailableError < Error
    CODE = "email_not_available"
  end

  # The external id belongs to another user.
  class ExternalIdAlreadyUsedError < Error
    CODE = "external_id_already_used"
  end

  # The API key does not have the scope that this call needs.
  class ForbiddenError < Error
    CODE = "forbidden"
  end

  # The request's headers are too large.
  class HeadersTooLargeError < Error
    CODE = "headers_too_large"
  end

  # The input is not valid.
  class InputInvalidError < Error
    CODE = "input_invalid"
  end

  # Something went wrong inside the engine; the log has the details.
  class InternalError < Error
    CODE = "internal"
  end

  # The e-mail address or the password is wrong.
  class InvalidCredentialsError < Error
    CODE = "invalid_credentials"
  end

  # The password hash is damaged, too costly or of a kind that is not supported.
  class InvalidPasswordHashError < Error
    CODE = "invalid_password_hash"
  end

  # The route does not take this method.
  class MethodNotAllowedError < Error
    CODE = "method_not_allowed"
  end

  # There is no such route.
  class NotFoundError < Error
    CODE = "not_found"
  end

  # Too many calls are under way; try again shortly.
  class OverloadedError < Error
    CODE = "overloaded"
  end

  # Give a password or a password hash, not both.
  class PasswordAndPasswordHashProvidedError < Error
    CODE = "password_and_password_hash_provided"
  end

  # The password does not meet the policy.
  class PasswordRejectedError < Error
    CODE = "password_rejected"
  end

  # There is no such password reset, or it is no longer usable.
  class PasswordResetNotFoundError < Error
    CODE = "password_reset_not_found"
  end

  # The password reset token has expired.
  class PasswordResetTokenExpiredError < Error
    CODE = "password_reset_token_expired"
  end

  # The password reset token is unknown or can no longer be used.
  class PasswordResetTokenNotFoundError < Error
    CODE = "password_reset_token_not_found"
  end

  # The request's body is too large.
  class PayloadTooLargeError < Error
    CODE = "payload_too_large"
  end

  # Too many requests; try again later.
  class RateLimitedError < Error
    CODE = "rate_limited"
  end

  # The request took too long to arrive.
  class RequestTimeoutError < Error
    CODE = "request_timeout"
  end

  # The database cannot be used right now; try again shortly.
  class StorageUnavailableError < Error
    CODE = "storage_unavailable"
  end

  # The API key is missing or wrong.
  class UnauthorizedError < Error
    CODE = "unauthorized"
  end

  # This build does not support that.
  class UnsupportedError < Error
    CODE = "unsupported"
  end

  # The request's content type is not supported.
  class UnsupportedMediaTypeError < Error
    CODE = "unsupported_media_type"
  end

  # The account is locked since a change of it was reported; make sure of its e-mail address, then unlock it.
  class UserLockedError < Error
    CODE = "user_locked"
  end

  # There is no such user.
  class UserNotFoundError < Error
    CODE = "user_not_found"
  end
end
