"""Password resets in the application's own process, on its own database.

>>> from reset_password import UserManagement
>>> with UserManagement(":memory:") as user_management:
...     user = user_management.create_user("ada@example.com")
...     reset = user_management.create_password_reset(user.email)
...     user = user_management.reset_password(reset.password_reset_token, "a long walk by the sea")
>>> user.email_verified
True

For asyncio there is ``reset_password.aio``.
"""

from reset_password._errors import (
    ConfigInvalidError,
    EmailAlreadyVerifiedError,
    EmailNotAvailableError,
    Error,
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
)
from reset_password._native import __version__
from reset_password._results import (
    Detail,
    Event,
    EventCursor,
    EventList,
    Message,
    MessageList,
    PasswordCheck,
    PasswordReset,
    Purged,
    TokenCheck,
    User,
    UserCursors,
    UserList,
)
from reset_password._user_management import UserManagement

__all__ = [
    "ConfigInvalidError",
    "Detail",
    "EmailAlreadyVerifiedError",
    "EmailNotAvailableError",
    "Error",
    "Event",
    "EventCursor",
    "EventList",
    "ExternalIdAlreadyUsedError",
    "ForbiddenError",
    "HeadersTooLargeError",
    "InputInvalidError",
    "InternalError",
    "InvalidCredentialsError",
    "InvalidPasswordHashError",
    "Message",
    "MessageList",
    "MethodNotAllowedError",
    "NotFoundError",
    "OverloadedError",
    "PasswordAndPasswordHashProvidedError",
    "PasswordCheck",
    "PasswordRejectedError",
    "PasswordReset",
    "PasswordResetNotFoundError",
    "PasswordResetTokenExpiredError",
    "PasswordResetTokenNotFoundError",
    "PayloadTooLargeError",
    "Purged",
    "RateLimitedError",
    "RequestTimeoutError",
    "StorageUnavailableError",
    "TokenCheck",
    "UnauthorizedError",
    "UnsupportedError",
    "UnsupportedMediaTypeError",
    "User",
    "UserCursors",
    "UserList",
    "UserLockedError",
    "UserManagement",
    "UserNotFoundError",
    "__version__",
]

# Tracebacks, pickles and documentation name what is here by its public place.
for _name in __all__:
    if isinstance(globals()[_name], type):
        globals()[_name].__module__ = __name__
del _name
