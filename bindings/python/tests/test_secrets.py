"""No secret is shown where nobody asked for it."""

import asyncio
import traceback

import pytest

import reset_password
from conftest import NEW, OLD, QUICK
from reset_password import UserManagement, aio

TOKEN = "T" * 43
KEY = "5e" * 16 + "c7" * 16


def told(error):
    """All that a report with the local variables of each frame of the package would show."""
    summary = traceback.TracebackException.from_exception(error, capture_locals=True)
    frames = [frame for frame in summary.stack if "reset_password" in frame.filename]
    assert frames, "no frame of the package is in the traceback"
    return "".join(summary.format_exception_only()) + repr(error) + "".join(
        f"{name}={value}" for frame in frames for name, value in (frame.locals or {}).items()
    )


CALLS = [
    ("reset_password", {"token": TOKEN, "new_password": NEW}),
    ("reset_password", {"token": TOKEN, "new_password": 7}),
    ("authenticate_with_password", {"email": "ada@example.com", "password": NEW}),
    ("create_user", {"email": "ada@example.com", "password": NEW, "password_hash": OLD}),
    ("create_user", {"email": "ada@example.com", "password": NEW, "name": 7}),
    ("update_user", {"id": "user_x", "password": NEW}),
    ("check_password", {"password": NEW, "user_id": "user_x"}),
]


@pytest.mark.parametrize(("call", "arguments"), CALLS)
def test_no_secret_in_a_traceback(users, call, arguments):
    with pytest.raises((reset_password.Error, TypeError)) as raised:
        getattr(users, call)(**arguments)
    assert not any(secret in told(raised.value) for secret in (TOKEN, NEW, OLD))


@pytest.mark.parametrize(("call", "arguments"), CALLS)
def test_no_secret_in_a_traceback_of_a_task(database, call, arguments):
    async def fail():
        async with aio.UserManagement.open(database, **QUICK) as users:
            await getattr(users, call)(**arguments)

    with pytest.raises((reset_password.Error, TypeError)) as raised:
        asyncio.run(fail())
    assert not any(secret in told(raised.value) for secret in (TOKEN, NEW, OLD))


def test_no_key_in_a_traceback(tmp_path):
    async def open_both():
        await aio.UserManagement.open(tmp_path, key=KEY, previous_keys=[KEY])

    for attempt in (lambda: UserManagement(tmp_path, key=KEY, previous_keys=[KEY]), lambda: asyncio.run(open_both())):
        with pytest.raises(reset_password.ConfigInvalidError) as raised:
            attempt()
        assert KEY not in told(raised.value)
    opening = aio.UserManagement.open(":memory:", key=KEY)
    assert KEY not in repr(opening)


def test_no_secret_in_a_repr(users, ada):
    reset = users.create_password_reset(ada.email)
    shown = repr(reset) + str(reset) + f"{reset}" + repr([reset]) + repr(users) + str(users)
    assert reset.password_reset_token not in shown
    assert shown.count("[redacted]") == 8
    assert reset.id in shown and reset.user_id in shown
    assert reset.to_dict()["password_reset_token"] == reset.password_reset_token
