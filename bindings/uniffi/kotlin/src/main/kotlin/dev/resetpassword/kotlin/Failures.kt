package dev.resetpassword.kotlin

/** What is known of the failure, whatever its class. */
public val ResetPasswordException.failure: Failure
    get() = when (this) {
        is ResetPasswordException.ConfigInvalid -> failure
        is ResetPasswordException.EmailAlreadyVerified -> failure
        is ResetPasswordException.EmailNotAvailable -> failure
        is ResetPasswordException.ExternalIdAlreadyUsed -> failure
        is ResetPasswordException.Forbidden -> failure
        is ResetPasswordException.HeadersTooLarge -> failure
        is ResetPasswordException.InputInvalid -> failure
        is ResetPasswordException.Internal -> failure
        is ResetPasswordException.InvalidCredentials -> failure
        is ResetPasswordException.InvalidPasswordHash -> failure
        is ResetPasswordException.MethodNotAllowed -> failure
        is ResetPasswordException.NotFound -> failure
        is ResetPasswordException.Overloaded -> failure
        is ResetPasswordException.PasswordAndPasswordHashProvided -> failure
        is ResetPasswordException.PasswordRejected -> failure
        is ResetPasswordException.PasswordResetNotFound -> failure
        is ResetPasswordException.PasswordResetTokenExpired -> failure
        is ResetPasswordException.PasswordResetTokenNotFound -> failure
        is ResetPasswordException.PayloadTooLarge -> failure
        is ResetPasswordException.RateLimited -> failure
        is ResetPasswordException.RequestTimeout -> failure
        is ResetPasswordException.StorageUnavailable -> failure
        is ResetPasswordException.Unauthorized -> failure
        is ResetPasswordException.Unsupported -> failure
        is ResetPasswordException.UnsupportedMediaType -> failure
        is ResetPasswordException.UserLocked -> failure
        is ResetPasswordException.UserNotFound -> failure
    }

/** The code, such as `user_not_found`. Each has a class of its own. */
public val ResetPasswordException.code: String
    get() = failure.code

/** The reasons, of [ResetPasswordException.PasswordRejected] and [ResetPasswordException.InputInvalid]. */
public val ResetPasswordException.errors: List<Detail>
    get() = failure.errors

/** Whether the same call may succeed later without any change to it. */
public val ResetPasswordException.retryable: Boolean
    get() = failure.retryable

/** Whole seconds to wait before that, where it is known. */
public val ResetPasswordException.retryAfter: Long?
    get() = failure.retryAfter
