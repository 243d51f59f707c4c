# Generated from bindings/api by scripts/update; changes here are lost.
"""The exceptions: one for every code of ``docs/reference/errors.md``."""

from reset_password._results import Detail


class Error(Exception):
    """What every operation raises when it fails. Each code has a subclass of its own."""

    code: str
    """What went wrong, from a closed list."""
    message: str
    """English, one line, without anything that was typed."""
    errors: tuple[Detail, ...]
    """The reasons, for a refused password or refused input."""
    retryable: bool
    """Whether the same call may succeed later."""
    retry_after: int | None
    """Whole seconds to wait before that, where it is known."""

    def __init__(
        self,
        message: str = "",
        *,
        errors: tuple[Detail, ...] = (),
        retryable: bool = False,
        retry_after: int | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.errors = errors
        self.retryable = retryable
        self.retry_after = retry_after


class ConfigInvalidError(Error):
    """The configuration cannot be used."""

    code = "config_invalid"


class EmailAlreadyVerifiedError(Error):
    """A verified e-mail address cannot be marked unverified."""

    code = "email_already_verified"


class EmailNotAvailableError(Error):
    """The e-mail address belongs to another user."""

    code = "email_not_available"


class ExternalIdAlreadyUsedError(Error):
    """The external id belongs to another user."""

    code = "external_id_already_used"


class ForbiddenError(Error):
    """The API key does not have the scope that this call needs."""

    code = "forbidden"


class HeadersTooLargeError(Error):
    """The request's headers are too large."""

    code = "headers_too_large"


class InputInvalidError(Error):
    """The input is not valid."""

    code = "input_invalid"


class InternalError(Error):
    """Something went wrong inside the engine; the log has the details."""

    code = "internal"


class InvalidCredentialsError(Error):
    """The e-mail address or the password is wrong."""

    code = "invalid_credentials"


class InvalidPasswordHashError(Error):
    """The password hash is damaged, too costly or of a kind that is not supported."""

    code = "invalid_password_hash"


class MethodNotAllowedError(Error):
    """The route does not take this method."""

    code = "method_not_allowed"


class NotFoundError(Error):
    """There is no such route."""

    code = "not_found"


class OverloadedError(Error):
    """Too many calls are under way; try again shortly."""

    code = "overloaded"


class PasswordAndPasswordHashProvidedError(Error):
    """Give a password or a password hash, not both."""

    code = "password_and_password_hash_provided"


class PasswordRejectedError(Error):
    """The password does not meet the policy."""

    code = "password_rejected"


class PasswordResetNotFoundError(Error):
    """There is no such password reset, or it is no longer usable."""

    code = "password_reset_not_found"


class PasswordResetTokenExpiredError(Error):
    """The password reset token has expired."""

    code = "password_reset_token_expired"


class PasswordResetTokenNotFoundError(Error):
    """The password reset token is unknown or can no longer be used."""

    code = "password_reset_token_not_found"


class PayloadTooLargeError(Error):
    """The request's body is too large."""

    code = "payload_too_large"


class RateLimitedError(Error):
    """Too many requests; try again later."""

    code = "rate_limited"


class RequestTimeoutError(Error):
    """The request took too long to arrive."""

    code = "request_timeout"


class StorageUnavailableError(Error):
    """The database cannot be used right now; try again shortly."""

    code = "storage_unavailable"


class UnauthorizedError(Error):
    """The API key is missing or wrong."""

    code = "unauthorized"


class UnsupportedError(Error):
    """This build does not support that."""

    code = "unsupported"


class UnsupportedMediaTypeError(Error):
    """The request's content type is not supported."""

    code = "unsupported_media_type"


class UserLockedError(Error):
    """The account is locked since a change of it was reported; make sure of its e-mail address, then unlock it."""

    code = "user_locked"


class UserNotFoundError(Error):
    """There is no such user."""

    code = "user_not_found"


_CLASSES: dict[str, type[Error]] = {kind.code: kind for kind in Error.__subclasses__()}


def exception(
    code: str, message: str, errors: tuple[Detail, ...], retryable: bool, retry_after: int | None
) -> Error:
    """The exception for an error of the engine."""
    kind = _CLASSES[code]
    return kind(message, errors=errors, retryable=retryable, retry_after=retry_after)
