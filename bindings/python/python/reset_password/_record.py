"""What every result is made of."""

from dataclasses import fields
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
