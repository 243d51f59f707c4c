"""The engine itself. Private: use ``reset_password`` and ``reset_password.aio``.

Everything takes ``done`` first. Without it, a call waits and returns what is declared. With it, a mailbox and
a ticket, a call returns ``None`` at once, and its outcome goes there.
"""

# Generated from bindings/api by scripts/update; changes here are lost.

from collections.abc import Mapping, Sequence
from typing import Any, Self, TypeAlias, final

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

__all__ = [
    "Handle",
    "Mailbox",
    "__version__",
    "authenticate_with_password",
    "check_password",
    "check_password_reset_token",
    "create_password_reset",
    "create_user",
    "delete_user",
    "events",
    "get_password_reset",
    "get_user",
    "get_user_by_email",
    "get_user_by_external_id",
    "list_users",
    "message_failed",
    "message_sent",
    "messages",
    "open",
    "purge",
    "report_change",
    "request_password_reset",
    "reset_password",
    "revoke_password_resets",
    "unlock_user",
    "update_user",
]

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
    first_password_lifetime: int | None,
    seal_tokens: bool | None,
    password_min_length: int | None,
    service_names: Sequence[str] | None,
    pepper: str | None,
    pepper_file: str | None,
    argon2_memory_kib: int | None,
    argon2_iterations: int | None,
    argon2_portable: bool | None,
    memory_budget_kib: int | None,
    requests_per_minute: int | None,
    users: str | None,
    messages: bool | None,
    migrate: bool | None,
    /,
) -> Handle: ...
@final
class Handle:
    def close(self, done: _Done, /) -> None: ...

def create_user(
    done: _Done,
    handle: Handle,
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
    created_at: str | None,
    /,
) -> User: ...
def get_user(done: _Done, handle: Handle, id: str, /) -> User: ...
def get_user_by_email(done: _Done, handle: Handle, email: str, /) -> User: ...
def get_user_by_external_id(done: _Done, handle: Handle, external_id: str, /) -> User: ...
def list_users(
    done: _Done,
    handle: Handle,
    email: str | None,
    limit: int | None,
    before: str | None,
    after: str | None,
    order: str | None,
    /,
) -> UserList: ...
def update_user(
    done: _Done,
    handle: Handle,
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
def delete_user(done: _Done, handle: Handle, id: str, /) -> None: ...
def authenticate_with_password(done: _Done, handle: Handle, email: str, password: str, /) -> User: ...
def create_password_reset(done: _Done, handle: Handle, email: str, /) -> PasswordReset: ...
def request_password_reset(done: _Done, handle: Handle, email: str, /) -> PasswordReset | None: ...
def get_password_reset(done: _Done, handle: Handle, id: str, /) -> PasswordReset: ...
def check_password_reset_token(done: _Done, handle: Handle, token: str, /) -> TokenCheck: ...
def reset_password(done: _Done, handle: Handle, token: str, new_password: str, /) -> User: ...
def revoke_password_resets(done: _Done, handle: Handle, user_id: str | None, /) -> int: ...
def check_password(done: _Done, handle: Handle, password: str, user_id: str | None, /) -> PasswordCheck: ...
def events(done: _Done, handle: Handle, after: str | None, limit: int | None, /) -> EventList: ...
def messages(done: _Done, handle: Handle, limit: int | None, /) -> MessageList: ...
def message_sent(done: _Done, handle: Handle, id: str, /) -> None: ...
def message_failed(done: _Done, handle: Handle, id: str, /) -> None: ...
def report_change(done: _Done, handle: Handle, token: str, email: str, /) -> User: ...
def unlock_user(done: _Done, handle: Handle, id: str, /) -> None: ...
def purge(done: _Done, handle: Handle, limit: int | None, /) -> Purged: ...
