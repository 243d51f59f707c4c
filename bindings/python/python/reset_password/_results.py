"""What the operations answer: frozen records."""

# Generated from bindings/api by scripts/update; changes here are lost.

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from reset_password._record import Record, moment

__all__ = [
    "Detail",
    "Event",
    "EventCursor",
    "EventList",
    "Message",
    "MessageList",
    "PasswordCheck",
    "PasswordReset",
    "Purged",
    "TokenCheck",
    "User",
    "UserCursors",
    "UserList",
    "Record",
    "moment",
]


@dataclass(frozen=True, slots=True)
class Detail(Record):
    """One reason why a password or an input is refused."""

    code: str
    """Which reason, such as ``password_too_short``."""
    message: str
    """The same in English, to show to whoever typed it."""
    field: str | None = None
    """The argument that it is about."""
    minimum_length: int | None = None
    """With ``password_too_short``."""
    maximum_length: int | None = None
    """With ``password_too_long``."""


@dataclass(frozen=True, slots=True)
class Event(Record):
    """Something that happened."""

    id: str
    """``event_`` and a ULID."""
    event: str
    """What happened, such as ``password_reset.succeeded``."""
    data: Mapping[str, Any] = field(hash=False)
    """The user, or the reset without token and url."""
    created_at: datetime
    """When."""


@dataclass(frozen=True, slots=True)
class EventCursor(Record):
    """Where a page of events ends."""

    after: str | None
    """The id to give as ``after`` for the next page."""


@dataclass(frozen=True, slots=True)
class EventList(Record):
    """A page of events."""

    data: tuple[Event, ...]
    """The events, oldest first."""
    list_metadata: EventCursor
    """Where the page ends."""


@dataclass(frozen=True, slots=True, repr=False)
class Message(Record):
    """A message that is to be sent now. Its ``repr`` shows no secret."""

    id: str
    """What ``message_sent`` and ``message_failed`` take; another one each time."""
    message_id: str
    """``message_`` and a ULID, the same each time: what to make the mail's ``Message-ID`` of."""
    kind: str
    """``password_reset``, ``password_changed`` or ``email_changed``."""
    to: str
    """The address to send it to, as stored."""
    user_id: str
    """The user whose account it is about."""
    first_name: str | None
    """Given name."""
    name: str | None
    """Full name."""
    locale: str | None
    """Language tag, such as ``de`` or ``pt-BR``."""
    url: str | None
    """The link, of ``password_reset``. A secret."""
    expires_at: datetime | None
    """When the link stops working."""
    report_token: str | None
    """Of a notice: what ``report_change`` takes. A secret."""
    created_at: datetime
    """When what it tells of happened."""
    attempt: int
    """How often it was given out, this time included."""

    def __repr__(self) -> str:
        return (
            "Message("
            f"id={self.id!r}, "
            f"message_id={self.message_id!r}, "
            f"kind={self.kind!r}, "
            f"to={self.to!r}, "
            f"user_id={self.user_id!r}, "
            f"first_name={self.first_name!r}, "
            f"name={self.name!r}, "
            f"locale={self.locale!r}, "
            "url='[redacted]', "
            f"expires_at={self.expires_at!r}, "
            "report_token='[redacted]', "
            f"created_at={self.created_at!r}, "
            f"attempt={self.attempt!r})"
        )


@dataclass(frozen=True, slots=True)
class MessageList(Record):
    """Messages that are to be sent now."""

    data: tuple[Message, ...]
    """The messages, those first that have waited for longest."""


@dataclass(frozen=True, slots=True)
class PasswordCheck(Record):
    """The policy's verdict on a password."""

    acceptable: bool
    """Whether it may be chosen."""
    errors: tuple[Detail, ...]
    """Every rule that it breaks."""


@dataclass(frozen=True, slots=True, repr=False)
class PasswordReset(Record):
    """A password reset with its token and url. Its ``repr`` shows no secret."""

    id: str
    """``password_reset_`` and a ULID."""
    user_id: str
    """The user whose password it resets."""
    email: str
    """The user's address, as stored: the only recipient."""
    password_reset_token: str
    """The token: 43 characters of base64url. A secret."""
    password_reset_url: str
    """The link: ``reset_url`` with the token. A secret."""
    expires_at: datetime
    """When the token stops working."""
    created_at: datetime
    """When it was made."""

    def __repr__(self) -> str:
        return (
            "PasswordReset("
            f"id={self.id!r}, "
            f"user_id={self.user_id!r}, "
            f"email={self.email!r}, "
            "password_reset_token='[redacted]', "
            "password_reset_url='[redacted]', "
            f"expires_at={self.expires_at!r}, "
            f"created_at={self.created_at!r})"
        )


@dataclass(frozen=True, slots=True)
class Purged(Record):
    """How many rows were removed."""

    password_resets: int
    """Resets removed."""
    events: int
    """Events removed."""
    requests: int
    """Counted requests and failed logins removed."""


@dataclass(frozen=True, slots=True)
class TokenCheck(Record):
    """Whether a token can be used, and until when."""

    usable: bool
    """Whether ``reset_password`` would take it now."""
    expires_at: datetime | None
    """When it stops working, where it is usable."""
    error_code: str | None
    """The error that ``reset_password`` would answer, where it is not."""


@dataclass(frozen=True, slots=True)
class User(Record):
    """A user."""

    id: str
    """``user_`` and a ULID."""
    email: str
    """The address as typed; the only recipient of mail."""
    email_verified: bool
    """Whether the user has shown that the address is theirs, for instance by a reset."""
    first_name: str | None
    """Given name."""
    last_name: str | None
    """Family name."""
    name: str | None
    """Full name."""
    profile_picture_url: str | None
    """A picture. Nothing sets it yet."""
    last_sign_in_at: datetime | None
    """The last good login through the engine."""
    external_id: str | None
    """The id that another system knows the user by."""
    metadata: Mapping[str, str] = field(hash=False)
    """Free text by key."""
    locale: str | None
    """Language tag, such as ``de`` or ``pt-BR``."""
    credentials_changed_at: datetime | None
    """When the password was set. Refuse sessions that began before it."""
    created_at: datetime
    """When the user was created."""
    updated_at: datetime
    """When the user was last changed."""


@dataclass(frozen=True, slots=True)
class UserCursors(Record):
    """Where the neighbouring pages of a list of users begin."""

    before: str | None
    """The id to give as ``before`` for the page before."""
    after: str | None
    """The id to give as ``after`` for the page after."""


@dataclass(frozen=True, slots=True)
class UserList(Record):
    """A page of users."""

    data: tuple[User, ...]
    """The users."""
    list_metadata: UserCursors
    """Where the neighbouring pages begin."""
