import Foundation

extension ResetPasswordError {
    /// What is known of the failure, whatever its case.
    public var failure: Failure {
        switch self {
        case
            .ConfigInvalid(let failure),
            .EmailAlreadyVerified(let failure),
            .EmailNotAvailable(let failure),
            .ExternalIdAlreadyUsed(let failure),
            .Forbidden(let failure),
            .HeadersTooLarge(let failure),
            .InputInvalid(let failure),
            .Internal(let failure),
            .InvalidCredentials(let failure),
            .InvalidPasswordHash(let failure),
            .MethodNotAllowed(let failure),
            .NotFound(let failure),
            .Overloaded(let failure),
            .PasswordAndPasswordHashProvided(let failure),
            .PasswordRejected(let failure),
            .PasswordResetNotFound(let failure),
            .PasswordResetTokenExpired(let failure),
            .PasswordResetTokenNotFound(let failure),
            .PayloadTooLarge(let failure),
            .RateLimited(let failure),
            .RequestTimeout(let failure),
            .StorageUnavailable(let failure),
            .Unauthorized(let failure),
            .Unsupported(let failure),
            .UnsupportedMediaType(let failure),
            .UserLocked(let failure),
            .UserNotFound(let failure):
            return failure
        }
    }

    /// The code, such as `user_not_found`. Each has a case of its own.
    public var code: String { failure.code }

    /// One line of English. It holds nothing of what was typed.
    public var message: String { failure.message }

    /// The reasons, of `PasswordRejected` and `InputInvalid`.
    public var errors: [Detail] { failure.errors }

    /// Whether the same call may succeed later without any change to it.
    public var retryable: Bool { failure.retryable }

    /// Whole seconds to wait before that, where it is known.
    public var retryAfter: Int64? { failure.retryAfter }
}

extension ResetPasswordError: LocalizedError {
    public var errorDescription: String? { message }
}
