"""The engine for programs with threads, and for those without."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from os import PathLike, fspath
from types import TracebackType
from typing import Literal, Self

from reset_password import _native
from reset_password._results import (
    EventList,
    PasswordCheck,
    PasswordReset,
    Purged,
    User,
    UserList,
)

# Whoever reports errors with the local variables of each frame must not find a secret in ours. So what
# takes a secret forgets it in the end: `del` in `finally`.


class UserManagement:
    """Users and their password resets, on a database.

    One handle serves any number of threads, and may be opened before a fork and used in parent and child.
    While a call hashes or waits, other threads run. Every operation raises a subclass of
    ``reset_password.Error`` when it fails, and ``TypeError`` for a value of another type than its
    signature names. What is left out, or ``None``, is not given.
    """

    __slots__ = ("__weakref__", "_handle")

    _handle: _native.Handle

    def __init__(
        self,
        database_url: str | PathLike[str],
        *,
        key: str | None = None,
        key_file: str | PathLike[str] | None = None,
        previous_keys: Sequence[str] | None = None,
        reset_url: str | None = None,
        token_lifetime: int | None = None,
        seal_tokens: bool | None = None,
        password_min_length: int | None = None,
        service_names: Sequence[str] | None = None,
        argon2_memory_kib: int | None = None,
        argon2_iterations: int | None = None,
        memory_budget_kib: int | None = None,
        migrate: bool | None = None,
    ) -> None:
        """Opens a database.

        ``database_url`` is a path, ``sqlite:path``, ``sqlite:///absolute/path`` or ``:memory:``;
        ``postgres://…``; ``mysql://…`` or ``mariadb://…``. Without a ``key`` or a ``key_file``, a database
        file keeps its key beside itself; a database on a server needs one of them.

        Args:
            database_url: Where the database is.
            key: The secret key, as 64 hexadecimal characters.
            key_file: Or the file that it is in.
            previous_keys: Earlier keys, with which links may have been made.
            reset_url: The page that links lead to.
            token_lifetime: How long a token works, in seconds.
            seal_tokens: Whether ``get_password_reset`` can show a link again.
            password_min_length: Least length of a password in code points.
            service_names: Names that no password may be a version of.
            argon2_memory_kib: Memory of one hash.
            argon2_iterations: Passes of one hash over its memory.
            memory_budget_kib: Memory of all hashes at work in this process.
            migrate: Whether the tables are made or brought up to date.
        """
        try:
            self._handle = _native.open(
                None,
                fspath(database_url),
                key,
                None if key_file is None else fspath(key_file),
                previous_keys,
                reset_url,
                token_lifetime,
                seal_tokens,
                password_min_length,
                service_names,
                argon2_memory_kib,
                argon2_iterations,
                memory_budget_kib,
                migrate,
            )
        finally:
            del database_url, key, previous_keys

    def close(self) -> None:
        """Ends this process's connections, after the calls that are under way. A later call opens new ones."""
        self._handle.close(None)

    def __enter__(self) -> Self:
        """Gives the handle itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Closes."""
        self.close()

    def create_user(
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
    ) -> User:
        """Makes a user.

        A password is held to the policy. A hash from another system is taken as it is, and replaced by a
        current one when the user signs in. Give one of them, or neither.
        """
        try:
            return _native.create_user(
                None,
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
            )
        finally:
            del password, password_hash

    def get_user(self, id: str) -> User:
        """Reads a user by id."""
        return _native.get_user(None, self._handle, id)

    def get_user_by_email(self, email: str) -> User:
        """Reads a user by address, without regard to the case of ASCII letters."""
        return _native.get_user_by_email(None, self._handle, email)

    def get_user_by_external_id(self, external_id: str) -> User:
        """Reads a user by the id that another system knows it by."""
        return _native.get_user_by_external_id(None, self._handle, external_id)

    def list_users(
        self,
        *,
        email: str | None = None,
        limit: int | None = None,
        before: str | None = None,
        after: str | None = None,
        order: Literal["asc", "desc"] | None = None,
    ) -> UserList:
        """Lists users, newest first unless ``order`` is ``"asc"``: 1 to 100 on a page, 10 by default.

        ``before`` and ``after`` are ids of users, as a page's ``list_metadata`` has them.
        """
        return _native.list_users(None, self._handle, email, limit, before, after, order)

    def update_user(
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
        """Changes a user; what is not given stays as it is.

        An empty text clears a name, the locale or the external id. Metadata that is given replaces all of
        it. A new address counts as unverified unless ``email_verified`` is given with it.
        """
        try:
            return _native.update_user(
                None,
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

    def delete_user(self, id: str) -> None:
        """Deletes a user and its resets."""
        _native.delete_user(None, self._handle, id)

    def authenticate_with_password(self, email: str, password: str) -> User:
        """Checks an address and a password. All that is wrong with either gets one answer.

        After many failures in a row nothing is checked for a while, and it raises ``RateLimitedError``.
        """
        try:
            return _native.authenticate_with_password(None, self._handle, email, password)
        finally:
            del password

    def create_password_reset(self, email: str) -> PasswordReset:
        """Makes a reset for a user. For the trusted server: it tells whether there is such a user."""
        return _native.create_password_reset(None, self._handle, email)

    def request_password_reset(self, email: str) -> PasswordReset | None:
        """Makes a reset if the address belongs to a user and it is not too soon.

        For a public form. Answer the form in the same way whatever this returns, and send the mail later.
        """
        return _native.request_password_reset(None, self._handle, email)

    def get_password_reset(self, id: str) -> PasswordReset:
        """Reads a reset with its token and url, while the token can be used."""
        return _native.get_password_reset(None, self._handle, id)

    def reset_password(self, token: str, new_password: str) -> User:
        """Sets a new password using the ``token`` of the link that the user received.

        A token works once, and success verifies the user's e-mail. A refused password leaves the token
        usable. End the sessions that began before the user's ``credentials_changed_at``.
        """
        try:
            return _native.reset_password(None, self._handle, token, new_password)
        finally:
            del token, new_password

    def revoke_password_resets(self, *, user_id: str | None = None) -> int:
        """Ends the live resets of one user, or of all. Returns how many were ended."""
        return _native.revoke_password_resets(None, self._handle, user_id)

    def check_password(self, password: str, *, user_id: str | None = None) -> PasswordCheck:
        """The policy's verdict on a password. Nothing is set."""
        try:
            return _native.check_password(None, self._handle, password, user_id)
        finally:
            del password

    def events(self, *, after: str | None = None, limit: int | None = None) -> EventList:
        """What happened since the event ``after``, or from the beginning, oldest first."""
        return _native.events(None, self._handle, after, limit)

    def purge(self, *, limit: int | None = None) -> Purged:
        """Removes resets, events, counted requests and failed logins that are old, at most ``limit`` of each."""
        return _native.purge(None, self._handle, limit)
