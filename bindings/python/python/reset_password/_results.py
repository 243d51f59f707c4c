"""What the operations answer: frozen records."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta, timezone
from typing import Any

_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


def moment(unix_millis: int) -> datetime:
    """The moment so many milliseconds after 1970-01-01T00:00:00Z."""
    return _EPOCH + timedelta(milliseconds=unix_millis)


class Record:
    """What every result is."""

    __slots__ = ()

    def to_dict(self) -> dict[str, Any]:
        """The same as plain data that ``json.dumps`` takes; moments as text."""
        return {each.name: _plain(getattr(self, each.name)) for each in fields(self)}  # type: ignore[arg-type]


def _plain(value: Any) -> Any:
    if isinstance(value, Record):
        return value.to_dict()
    if isinstance(value, datetime):
        return value.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    if isinstance(value, tuple | list):
        return [_plain(each) for each in value]
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    return value


@dataclass(frozen=True, slots=True)
class Detail(Record):
    """One reason why a password or an input is refused."""

    code: str
    """What is wrong."""
    message: str
    """The same in English, to show to whoever typed it."""
    field: str | None = None
    """The argument that it is about."""
    minimum_length: int | None = None
    """With ``password_too_short``."""
    maximum_length: int | None = None
    """With ``password_too_long``."""


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


@dataclass(frozen=True, slots=True, repr=False)
class PasswordReset(Record):
    """A password reset with its token and url. Its ``repr`` shows neither."""

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
            f"PasswordReset(id={self.id!r}, user_id={self.user_id!r}, email={self.email!r}, "
            "password_reset_token='[redacted]', password_reset_url='[redacted]', "
            f"expires_at={self.expires_at!r}, created_at={self.created_at!r})"
        )


@dataclass(frozen=True, slots=True)
class UserCursors(Record):
    """Where the neighbouring pages of a list of users begin."""

    before: str | None
    """Give it as ``before`` for the page before."""
    after: str | None
    """Give it as ``after`` for the page after."""


@dataclass(frozen=True, slots=True)
class UserList(Record):
    """A page of users."""

    data: tuple[User, ...]
    """The users."""
    list_metadata: UserCursors
    """Where the neighbouring pages begin."""


@dataclass(frozen=True, slots=True)
class PasswordCheck(Record):
    """The policy's verdict on a password."""

    acceptable: bool
    """Whether it would be taken."""
    errors: tuple[Detail, ...]
    """Every rule that it breaks."""


@dataclass(frozen=True, slots=True)
class Event(Record):
    """Something that happened."""

    id: str
    """``event_`` and a ULID."""
    event: str
    """What happened, such as ``password_reset.succeeded``."""
    data: Mapping[str, Any] = field(hash=False)
    """The user, or the reset without token and url, as it is on the wire."""
    created_at: datetime
    """When."""


@dataclass(frozen=True, slots=True)
class EventCursor(Record):
    """Where a page of events ends."""

    after: str | None
    """Give it as ``after`` for the next page. ``None`` on the last."""


@dataclass(frozen=True, slots=True)
class EventList(Record):
    """A page of events."""

    data: tuple[Event, ...]
    """The events, oldest first."""
    list_metadata: EventCursor
    """Where the page ends."""


@dataclass(frozen=True, slots=True)
class Purged(Record):
    """How many rows were removed."""

    password_resets: int
    """Dead resets."""
    events: int
    """Old records of the audit trail; the feed's events are among them."""
    requests: int
    """Counted requests and failed logins."""
