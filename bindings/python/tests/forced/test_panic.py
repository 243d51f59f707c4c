"""A panic in the engine, forced: only in a build with test hooks, which is in no package."""

import asyncio
import os

import pytest

import reset_password
from reset_password import UserManagement, aio


@pytest.fixture(autouse=True)
def the_build_with_hooks():
    assert reset_password.__file__.startswith(os.environ["RESET_PASSWORD_FORCED"])


def test_a_panic_is_an_error_and_the_process_lives(tmp_path):
    with UserManagement(tmp_path / "app.db") as users:
        ada = users.create_user("ada@example.com")
        for call in (
            lambda: users.get_user("panic"),
            lambda: users.reset_password("panic", "a long walk by the sea"),
            lambda: users.update_user("panic", name="x"),
            lambda: users.create_user("panic"),
        ):
            with pytest.raises(reset_password.InternalError) as raised:
                call()
            assert raised.value.code == "internal" and "panic" not in str(raised.value)
            assert users.get_user(ada.id) == ada


def test_the_same_under_asyncio(tmp_path):
    async def main():
        async with aio.UserManagement.open(tmp_path / "app.db") as users:
            ada = await users.create_user("ada@example.com")
            for call in (users.get_user, users.delete_user, users.create_password_reset):
                with pytest.raises(reset_password.InternalError):
                    await call("panic")
                assert await users.get_user(ada.id) == ada

    asyncio.run(main())
