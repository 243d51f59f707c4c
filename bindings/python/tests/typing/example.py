"""Code of a user, as the type checkers see it. Each line that they must refuse says so."""

import asyncio
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, assert_type

import reset_password
from reset_password import PasswordReset, User, UserManagement, aio


def good(users: UserManagement) -> None:
    user = users.create_user("ada@example.com", password="x", metadata={"a": "b"}, email_verified=True)
    assert_type(user, User)
    assert_type(user.email, str)
    assert_type(user.created_at, datetime)
    assert_type(user.last_sign_in_at, datetime | None)
    assert_type(user.metadata, Mapping[str, str])
    assert_type(users.request_password_reset("ada@example.com"), PasswordReset | None)
    assert_type(users.reset_password(token="x", new_password="y"), User)
    assert_type(users.revoke_password_resets(user_id=user.id), int)
    assert_type(users.list_users(order="asc").data, tuple[User, ...])
    assert_type(users.list_users().list_metadata.after, str | None)
    assert_type(users.events(after=None).data[0].data, Mapping[str, Any])
    assert_type(users.check_password("x").errors[0].minimum_length, int | None)
    assert_type(users.purge(limit=1).events, int)
    assert_type(user.to_dict(), dict[str, Any])
    with UserManagement(Path("app.db"), service_names=["a"], previous_keys=("a",)) as same:
        assert_type(same, UserManagement)
    try:
        users.delete_user(user.id)
    except reset_password.PasswordRejectedError as error:
        assert_type(error.errors, tuple[reset_password.Detail, ...])
        assert_type(error.code, str)
        assert_type(error.retry_after, int | None)


async def good_tasks() -> None:
    users = await aio.UserManagement.open("app.db", key_file=Path("key"))
    assert_type(users, aio.UserManagement)
    async with aio.UserManagement.open("app.db") as same:
        assert_type(same, aio.UserManagement)
    assert_type(await users.reset_password("x", "y"), User)
    assert_type(await users.request_password_reset("x"), PasswordReset | None)
    assert_type(await users.delete_user("x"), None)
    one, two = await asyncio.gather(users.get_user("a"), users.purge())
    assert_type(one, User)
    assert_type(two, reset_password.Purged)


def bad(users: UserManagement) -> None:
    users.reset_password(b"x", "y")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    users.create_user("x", "y")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    users.list_users(order="up")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    users.get_user("x").email = "y"  # type: ignore[misc]  # pyright: ignore[reportAttributeAccessIssue]
    users.getUser("x")  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue]
