"""The engine for asyncio.

>>> import asyncio
>>> from reset_password import aio
>>> async def main():
...     async with aio.UserManagement.open(":memory:") as user_management:
...         user = await user_management.create_user("ada@example.com")
...         return user.email
>>> asyncio.run(main())
'ada@example.com'
"""

# Generated from bindings/api by scripts/update; changes here are lost.

from __future__ import annotations

from asyncio import AbstractEventLoop, Future, get_running_loop
from collections.abc import Callable, Coroutine, Generator, Mapping, Sequence
from itertools import count
from os import PathLike, fspath
from types import TracebackType
from typing import Any, Concatenate, Literal, ParamSpec, Self, TypeVar, final
from weakref import WeakKeyDictionary

from reset_password import _native
from reset_password._results import (
    EventList,
    MessageList,
    PasswordCheck,
    PasswordReset,
    Purged,
    TokenCheck,
    User,
    UserList,
)

__all__ = ["Opening", "UserManagement"]

_P = ParamSpec("_P")
_T = TypeVar("_T")


class _Inbox:
    """What the calls of one event loop wait for."""

    __slots__ = ("_futures", "_mailbox", "_tickets")

    def __init__(self, loop: AbstractEventLoop) -> None:
        self._futures: dict[int, Future[Any]] = {}
        self._mailbox = _native.Mailbox()
        self._tickets = count()
        loop.add_reader(self._mailbox.fileno(), self._read)

    def expect(self, future: Future[Any]) -> tuple[_native.Mailbox, int]:
        ticket = next(self._tickets)
        self._futures[ticket] = future
        return self._mailbox, ticket

    def forget(self, ticket: int) -> None:
        self._futures.pop(ticket, None)

    def _read(self) -> None:
        for ticket, result, error in self._mailbox.take():
            future = self._futures.pop(ticket, None)
            if future is None or future.done():
                continue
            if error is None:
                future.set_result(result)
            else:
                future.set_exception(error)


# A loop that is gone takes its inbox with it.
_inboxes: WeakKeyDictionary[AbstractEventLoop, _Inbox] = WeakKeyDictionary()


async def _outcome(
    start: Callable[Concatenate[tuple[_native.Mailbox, int], _P], _T],
    *arguments: _P.args,
    **named: _P.kwargs,
) -> _T:
    """Starts a call on the engine's own threads, and waits for what comes of it."""
    loop = get_running_loop()
    inbox = _inboxes.get(loop)
    if inbox is None:
        inbox = _inboxes[loop] = _Inbox(loop)
    future: Future[_T] = loop.create_future()
    done = inbox.expect(future)
    try:
        start(done, *arguments, **named)
        return await future
    finally:
        inbox.forget(done[1])
        # A future holds its exception, whose traceback holds this frame.
        del arguments, future


class Opening:
    """What ``UserManagement.open`` gives: await it, or enter it with ``async with``."""

    __slots__ = ("_open", "_opened")

    def __init__(self, open: Callable[[], Coroutine[Any, Any, UserManagement]]) -> None:
        """Only ``UserManagement.open`` makes one."""
        self._open = open

    def __await__(self) -> Generator[Any, Any, UserManagement]:
        """Opens the database."""
        return self._open().__await__()

    async def __aenter__(self) -> UserManagement:
        """Opens the database."""
        self._opened = await self
        return self._opened

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Closes."""
        await self._opened.close()


@final
class UserManagement:
    """Users and their password resets, on a database: the twin of ``reset_password.UserManagement``.

    Every operation is a coroutine. It runs on the engine's own threads and goes on to its end even when
    its task is cancelled. One handle serves any number of tasks, event loops and threads.
    """

    __slots__ = ("__weakref__", "_handle")

    _handle: _native.Handle

    def __init__(self) -> None:
        """Refuses: a database is opened with ``await UserManagement.open(…)``."""
        raise TypeError("open a database with: await UserManagement.open(database_url)")

    @staticmethod
    def open(
        database_url: str | PathLike[str],
        *,
        key: str | None = None,
        key_file: str | PathLike[str] | None = None,
        previous_keys: Sequence[str] | None = None,
        reset_url: str | None = None,
        token_lifetime: int | None = None,
        first_password_lifetime: int | None = None,
        seal_tokens: bool | None = None,
        password_min_length: int | None = None,
        service_names: Sequence[str] | None = None,
        pepper: str | None = None,
        pepper_file: str | PathLike[str] | None = None,
        argon2_memory_kib: int | None = None,
        argon2_iterations: int | None = None,
        argon2_portable: bool | None = None,
        memory_budget_kib: int | None = None,
        requests_per_minute: int | None = None,
        users: str | PathLike[str] | None = None,
        messages: bool | None = None,
        migrate: bool | None = None,
    ) -> Opening:
        """Opens a database: ``await`` it, or enter it with ``async with``.

        ``database_url`` is a path, ``sqlite:path``, ``sqlite:///absolute/path`` or ``:memory:``;
        ``postgres://…``; ``mysql://…`` or ``mariadb://…``. Without a ``key`` or a ``key_file``, a database
        file keeps its key beside itself; a database on a server needs one of them.

        Args:
            database_url: Where the database is.
            key: The secret key: 64 hexadecimal characters.
            key_file: The file that the secret key is in; ``<database>.key`` by default.
            previous_keys: Earlier keys, at most 3; links made with them go on working.
            reset_url: The page that links lead to.
            token_lifetime: How long a token works, in seconds: 300 to 86,400, 1,800 by default.
            first_password_lifetime: How long a token works that ``create_password_reset`` makes for a user without a password, in
                seconds: 300 to 604,800, ``token_lifetime`` by default.
            seal_tokens: Whether an encrypted copy of each token is kept while it lives. True by default.
            password_min_length: Least length of a password in code points: 8 to 64, 15 by default.
            service_names: Names of the service, which no password may be a version of.
            pepper: What another system appended to passwords before it hashed them, for hashes imported as
                ``peppered$…``.
            pepper_file: The file that the pepper is in.
            argon2_memory_kib: Memory of one hash, in KiB; 65,536 by default.
            argon2_iterations: Passes of one hash over its memory; 3 by default.
            argon2_portable: Whether hashes are computed by the portable code alone, in about twice the time. False by
                default.
            memory_budget_kib: Memory of all hashes at work in this process, in KiB; 262,144 by default.
            requests_per_minute: Requests of public forms that this process answers a minute: 1 to 1,000,000, 6,000 by default.
            users: The users' table that is there already: a preset's name, such as ``django``, a file of a
                mapping, or the mapping in TOML.
            messages: Whether links that are asked for, and notices of changes, wait for a mailer, which takes them
                by ``messages``. False by default.
            migrate: Whether the tables are made or brought up to date. True by default.
        """
        return Opening(
            lambda: UserManagement._on(
                _outcome(
                    _native.open,
                    fspath(database_url),
                    key,
                    None if key_file is None else fspath(key_file),
                    previous_keys,
                    reset_url,
                    token_lifetime,
                    first_password_lifetime,
                    seal_tokens,
                    password_min_length,
                    service_names,
                    pepper,
                    None if pepper_file is None else fspath(pepper_file),
                    argon2_memory_kib,
                    argon2_iterations,
                    argon2_portable,
                    memory_budget_kib,
                    requests_per_minute,
                    None if users is None else fspath(users),
                    messages,
                    migrate,
                )
            )
        )

    @classmethod
    async def _on(cls, handle: Coroutine[Any, Any, _native.Handle]) -> UserManagement:
        self = cls.__new__(cls)
        self._handle = await handle
        return self

    async def close(self) -> None:
        """Ends this process's connections, after the calls that are under way. A later call opens new ones."""
        await _outcome(self._handle.close)

    async def __aenter__(self) -> Self:
        """Gives the handle itself."""
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Closes."""
        await self.close()

    async def create_user(
        self,
        email: str,
        *,
        password: str | None = None,
        password_hash: str | None = None,
        email_verified: bool | None = None,
        first_name: str | None = None,
        last_name: str | None = None,
        name: str | None = None,
        external_id: str | None = None,
        metadata: Mapping[str, str] | None = None,
        locale: str | None = None,
        created_at: str | None = None,
    ) -> User:
        """Makes a user.

        A password is held to the policy. A hash from another system is taken as it is, and replaced by a
        current one when the user signs in.
        """
        try:
            return await _outcome(
                _native.create_user,
                self._handle,
                email,
                password,
                password_hash,
                email_verified,
                first_name,
                last_name,
                name,
                external_id,
                metadata,
                locale,
                created_at,
            )
        finally:
            del password, password_hash

    async def get_user(self, id: str) -> User:
        """Reads the user with an id."""
        return await _outcome(_native.get_user, self._handle, id)

    async def get_user_by_email(self, email: str) -> User:
        """Reads the user with an address."""
        return await _outcome(_native.get_user_by_email, self._handle, email)

    async def get_user_by_external_id(self, external_id: str) -> User:
        """Reads the user whom another system knows by an id."""
        return await _outcome(_native.get_user_by_external_id, self._handle, external_id)

    async def list_users(
        self,
        *,
        email: str | None = None,
        limit: int | None = None,
        before: str | None = None,
        after: str | None = None,
        order: Literal["asc", "desc"] | None = None,
    ) -> UserList:
        """Reads a page of users.

        The newest come first, unless ``order`` says otherwise.
        """
        return await _outcome(_native.list_users, self._handle, email, limit, before, after, order)

    async def update_user(
        self,
        id: str,
        *,
        email: str | None = None,
        password: str | None = None,
        password_hash: str | None = None,
        email_verified: bool | None = None,
        first_name: str | None = None,
        last_name: str | None = None,
        name: str | None = None,
        external_id: str | None = None,
        metadata: Mapping[str, str] | None = None,
        locale: str | None = None,
    ) -> User:
        """Changes a user; what is left out stays as it is.

        An empty text clears a name, the locale or the external id. Metadata that is given replaces all of it.
        A new address or password ends the user's live reset.
        """
        try:
            return await _outcome(
                _native.update_user,
                self._handle,
                id,
                email,
                password,
                password_hash,
                email_verified,
                first_name,
                last_name,
                name,
                external_id,
                metadata,
                locale,
            )
        finally:
            del password, password_hash

    async def delete_user(self, id: str) -> None:
        """Deletes a user with their resets."""
        await _outcome(_native.delete_user, self._handle, id)

    async def authenticate_with_password(self, email: str, password: str) -> User:
        """Checks an address and a password.

        All that is wrong with either gets one answer. After many failures in a row nothing is checked for a
        while. No session is issued.
        """
        try:
            return await _outcome(_native.authenticate_with_password, self._handle, email, password)
        finally:
            del password

    async def create_password_reset(self, email: str) -> PasswordReset:
        """Makes a reset for a user, for the trusted server.

        It tells whether there is such a user. An earlier reset of the user ends. For a user without a
        password, such as one who is invited, the token works for ``first_password_lifetime``.
        """
        return await _outcome(_native.create_password_reset, self._handle, email)

    async def request_password_reset(self, email: str) -> PasswordReset | None:
        """Makes a reset for whoever has an address, for a public form.

        Answer the form in the same way whatever comes of it, and send the mail later. Nothing comes of it
        where there is no such user, or where it was asked for too often.
        """
        return await _outcome(_native.request_password_reset, self._handle, email)

    async def get_password_reset(self, id: str) -> PasswordReset:
        """Reads a live reset with its link.

        Only while its token can be used.
        """
        return await _outcome(_native.get_password_reset, self._handle, id)

    async def check_password_reset_token(self, token: str) -> TokenCheck:
        """Says whether a token can be used, and until when; nothing is changed.

        For the page behind the link, before it shows a form. It tells no more than ``reset_password`` would.
        """
        try:
            return await _outcome(_native.check_password_reset_token, self._handle, token)
        finally:
            del token

    async def reset_password(self, token: str, new_password: str) -> User:
        """Sets a new password with the token of a reset link.

        A token works once, and success verifies the user's e-mail. A refused password leaves the token
        usable. End the sessions that began before the user's ``credentials_changed_at``.
        """
        try:
            return await _outcome(_native.reset_password, self._handle, token, new_password)
        finally:
            del token, new_password

    async def revoke_password_resets(self, *, user_id: str | None = None) -> int:
        """Ends the live resets of one user, or of all.

        Answers how many were ended.
        """
        return await _outcome(_native.revoke_password_resets, self._handle, user_id)

    async def check_password(self, password: str, *, user_id: str | None = None) -> PasswordCheck:
        """Gives the policy's verdict on a password; nothing is set."""
        try:
            return await _outcome(_native.check_password, self._handle, password, user_id)
        finally:
            del password

    async def events(self, *, after: str | None = None, limit: int | None = None) -> EventList:
        """Reads what happened, oldest first.

        Begins after the event ``after``, or with the oldest.
        """
        return await _outcome(_native.events, self._handle, after, limit)

    async def messages(self, *, limit: int | None = None) -> MessageList:
        """Takes messages that are to be sent now, for a mailer.

        Needs the option ``messages``. Each is held for 5 minutes by whoever was given it: say what became of
        it by ``message_sent`` or ``message_failed``, or it is given out again. Send each to its ``to``, with
        a ``Message-ID`` made of its ``message_id``, which stays the same.
        """
        return await _outcome(_native.messages, self._handle, limit)

    async def message_sent(self, id: str) -> None:
        """Removes a message that was sent.

        Refused with ``id_unknown`` when there is no such message any more, or another holds it by now; there
        is nothing to be done about that.
        """
        await _outcome(_native.message_sent, self._handle, id)

    async def message_failed(self, id: str) -> None:
        """Gives a message back that could not be sent.

        It is given out again after 10 seconds, 1, 5, 15 and 60 minutes, then every 4 hours: a link until it
        stops working, a notice for a day.
        """
        await _outcome(_native.message_failed, self._handle, id)

    async def report_change(self, token: str, email: str) -> User:
        """Says that a change was not the owner's, by the token of the notice that told of it.

        Nobody knows the password any more, and links end; end the sessions that began before the user's
        ``credentials_changed_at``. A new link is sent if the address is still the account's. If not, the
        account is locked: no link is made for it until ``unlock_user``, or until an address is set. A token
        works once, for 7 days.
        """
        try:
            return await _outcome(_native.report_change, self._handle, token, email)
        finally:
            del token

    async def unlock_user(self, id: str) -> None:
        """Has links made again for a user who was locked out by ``report_change``.

        Make sure first that the account's address is its owner's.
        """
        await _outcome(_native.unlock_user, self._handle, id)

    async def purge(self, *, limit: int | None = None) -> Purged:
        """Removes what is dead and old.

        Of each kind go at most ``limit`` rows; call it again while it removes as many.
        """
        return await _outcome(_native.purge, self._handle, limit)
