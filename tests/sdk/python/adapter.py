"""What every generation of the SDK can do, in one vocabulary.

An adapter calls the SDK as a program would, states what the generation gives back (types, fields,
exceptions), and changes neither requests nor answers.
"""

import asyncio
from dataclasses import dataclass
import inspect
from itertools import count

_serial = count(1)


@dataclass(frozen=True)
class Page:
    """A page of dictionaries and its cursors."""

    data: list
    before: str | None
    after: str | None


class Client:
    """An SDK's client, pointed at one address with one API key.

    Each generation has `create_user`, `get_user`, `list_users`, `update_user`, `delete_user`,
    `create_reset`, `get_reset`, `confirm` and `list_events`; users, resets and events are dictionaries of
    exactly what the SDK shows.
    """

    #: The fields of a user, of a reset and of an event's data that this generation shows.
    USER_FIELDS = frozenset()
    RESET_FIELDS = frozenset()
    #: Reads a timestamp, and fails unless it has the type that this generation promises.
    moment = None
    #: Whether a lost request is sent again, under one Idempotency-Key.
    RETRIES = False
    #: What a caller gets where it is not.
    TRANSPORT_ERROR = None
    #: Whether the SDK walks through the pages of a list by itself.
    WALKS = True
    #: Whether the SDK finds users by another system's id.
    FINDS_BY_EXTERNAL_ID = True

    def __init__(self, label, base_url, api_key, loop=None):
        self.label = label
        self.base_url = base_url
        self.api_key = api_key
        self._loop = loop
        self.connect()

    def connect(self):
        """Makes the SDK's own client."""
        raise NotImplementedError

    def seen(self, error, status):
        """What an exception tells: `status`, `code`, `message`, `errors`, `request_id` and the raw `body`.
        Fails unless it is of the class that belongs to the status."""
        raise NotImplementedError

    def at(self, base_url=None, api_key=None):
        """The same client with another address or key."""
        return type(self)(self.label, base_url or self.base_url, api_key or self.api_key, self._loop)

    @property
    def asynchronous(self):
        return self._loop is not None

    def address(self):
        """An e-mail address that no other test uses."""
        return f"ada-{next(_serial)}@{self.label.replace(' ', '-').replace('.', '-')}.example.com"

    def done(self, value):
        """The value, or what awaiting it gives."""
        return self._loop.run_until_complete(value) if inspect.isawaitable(value) else value

    def every(self, items):
        """All items of an iterator, or of an asynchronous one."""
        if not hasattr(items, "__aiter__") or not self.asynchronous:
            return list(items)

        async def collect():
            return [item async for item in items]

        return self._loop.run_until_complete(collect())


def only_where(attribute):
    """Marks a test of something that not every generation can do."""

    def mark(test):
        test.where = attribute
        return test

    return mark


def clients(adapter, label, service, asynchronous=True):
    """The synchronous client, and the asynchronous one where there is one."""
    yield adapter(f"{label} sync", service.base_url, service.api_key)
    if asynchronous:
        loop = asyncio.new_event_loop()
        yield adapter(f"{label} async", service.base_url, service.api_key, loop)
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.close()
