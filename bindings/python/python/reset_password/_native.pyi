"""The engine itself. Private: use ``reset_password`` and ``reset_password.aio``.

Everything takes ``done`` first. Without it, a call waits and returns what is declared. With it, a mailbox and
a ticket, a call returns ``None`` at once, and its outcome goes there.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Self, TypeAlias, final

from reset_password._results import (
    EventList,
    PasswordCheck,
    PasswordReset,
    Purged,
    User,
    UserList,
)

__all__ = ["Handle", "Mailbox", "__version__", "open"]

__version__: str

_Done: TypeAlias = tuple[Mailbox, int] | None

@final
class Mailbox:
    def __new__(cls) -> Self: ...
    def fileno(self) -> int: ...
    def take(self) -> list[tuple[int, Any, BaseException | None]]: ...

def open(
    done: _Done,
    database_url: str,
    key: str | None,
    key_file: str | None,
    previous_keys: Sequence[str] | None,
    reset_url: str | None,
    token_lifetime: int | None,
    seal_tokens: bool | None,
    password_min_length: int | None,
    service_names: Sequence[str] | None,
    argon2_memory_kib: int | None,
    argon2_iterations: int | None,
    memory_budget_kib: int | None,
    migrate: bool | None,
    /,
) -> Handle: ...
@final
class Handle:
    def authenticate_with_password(self, done: _Done, email: str, password: str, /) -> User: ...
    def check_password(self, done: _Done, password: str, user_id: str | None, /) -> PasswordCheck: ...
    def close(self, done: _Done, /) -> None: ...
    def create_password_reset(self, done: _Done, email: str, /) -> PasswordReset: ...
    def create_user(
        self,
        done: _Done,
        email: str,
        password: str | None,
        password_hash: str | None,
        email_verified: bool | None,
        first_name: str | None,
        last_name: str | None,
        name: str | None,
        external_id: str | None,
        metadata: Mapping[str, str] | None,
        locale: str | None,
        /,
    ) -> User: ...
    def delete_user(self, done: _Done, id: str, /) -> None: ...
    def events(self, done: _Done, after: str | None, limit: int | None, /) -> EventList: ...
    def get_password_reset(self, done: _Done, id: str, /) -> PasswordReset: ...
    def get_user(self, done: _Done, id: str, /) -> User: ...
    def get_user_by_email(self, done: _Done, email: str, /) -> User: ...
    def get_user_by_external_id(self, done: _Done, external_id: str, /) -> User: ...
    def list_users(
        self,
        done: _Done,
        email: str | None,
        limit: int | None,
        before: str | None,
        after: str | None,
        order: str | None,
        /,
    ) -> UserList: ...
    def purge(self, done: _Done, limit: int | None, /) -> Purged: ...
    def request_password_reset(self, done: _Done, email: str, /) -> PasswordReset | None: ...
    def reset_password(self, done: _Done, token: str, new_password: str, /) -> User: ...
    def revoke_password_resets(self, done: _Done, user_id: str | None, /) -> int: ...
    def update_user(
        self,
        done: _Done,
        id: str,
        email: str | None,
        password: str | None,
        password_hash: str | None,
        email_verified: bool | None,
        first_name: str | None,
        last_name: str | None,
        name: str | None,
        external_id: str | None,
        metadata: Mapping[str, str] | None,
        locale: str | None,
        /,
    ) -> User: ...
