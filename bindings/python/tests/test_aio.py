"""The asyncio half."""

import asyncio
import gc
import inspect
import threading
import time

import pytest

import reset_password
from conftest import NEW, OLD, QUICK
from reset_password import aio


def test_a_reset_from_beginning_to_end(database):
    async def main():
        async with aio.UserManagement.open(database, **QUICK) as users:
            ada = await users.create_user("ada@example.com", password=OLD, metadata={"a": "b"})
            reset = await users.create_password_reset(email=ada.email)
            assert await users.get_password_reset(reset.id) == reset
            changed = await users.reset_password(token=reset.password_reset_token, new_password=NEW)
            assert changed.email_verified
            assert (await users.authenticate_with_password("ada@example.com", NEW)).id == ada.id
            with pytest.raises(reset_password.PasswordResetTokenNotFoundError):
                await users.reset_password(reset.password_reset_token, NEW)
            assert await users.request_password_reset("nobody@example.com") is None
            assert await users.revoke_password_resets() == 0
            assert (await users.check_password("short")).errors[0].minimum_length == 15
            assert (await users.update_user(ada.id, external_id="crm-1")).external_id == "crm-1"
            found = [
                await users.get_user(ada.id),
                await users.get_user_by_email("ada@example.com"),
                await users.get_user_by_external_id("crm-1"),
            ]
            assert (await users.list_users(limit=5)).data == (found[0],) and found == [found[0]] * 3
            assert (await users.events(limit=1)).data[0].event == "user.created"
            assert await users.purge(limit=5) == reset_password.Purged(0, 0, 0)
            assert await users.delete_user(ada.id) is None

    asyncio.run(main())


def test_it_opens_in_three_ways_and_closes_for_no_good(database):
    async def main():
        users = await aio.UserManagement.open(database, **QUICK)
        ada = await users.create_user("ada@example.com")
        async with users as same:
            assert same is users
        await users.close()
        assert await users.get_user(ada.id) == ada
        async with aio.UserManagement.open(database) as other:
            assert await other.get_user(ada.id) == ada

    asyncio.run(main())
    with pytest.raises(TypeError, match="open"):
        aio.UserManagement()


def test_errors_of_opening_are_raised_when_awaited(tmp_path):
    async def main(*arguments, **options):
        await aio.UserManagement.open(*arguments, **options)

    with pytest.raises(reset_password.ConfigInvalidError):
        asyncio.run(main("postgres://localhost/x"))
    for wrong in ({"database_url": b"x"}, {"database_url": "x", "token_lifetime": 1.5}):
        with pytest.raises(TypeError):
            asyncio.run(main(**wrong))


def test_the_loop_goes_on_while_a_hash_runs(database):
    async def main():
        async with aio.UserManagement.open(database, argon2_iterations=16) as users:
            task = asyncio.ensure_future(users.create_user("ada@example.com", password=OLD))
            began, last, widest = time.perf_counter(), time.perf_counter(), 0.0
            while not task.done():
                await asyncio.sleep(0)
                now = time.perf_counter()
                widest, last = max(widest, now - last), now
            await task
            return widest, last - began

    widest, whole = asyncio.run(main())
    assert widest < whole / 2


def test_of_many_tasks_one_wins(database):
    async def main():
        async with aio.UserManagement.open(database, **QUICK) as users:
            await users.create_user("ada@example.com")
            reset = await users.create_password_reset("ada@example.com")
            calls = [users.reset_password(reset.password_reset_token, f"{NEW} {n}") for n in range(8)]
            return await asyncio.gather(*calls, return_exceptions=True)

    outcomes = asyncio.run(main())
    won = [outcome for outcome in outcomes if isinstance(outcome, reset_password.User)]
    assert len(won) == 1
    lost = [outcome for outcome in outcomes if outcome not in won]
    assert {type(outcome) for outcome in lost} == {reset_password.PasswordResetTokenNotFoundError}


def noises(loop):
    heard = []
    loop.set_exception_handler(lambda _, context: heard.append(context))
    return heard


def test_what_is_cancelled_makes_no_noise_and_closing_waits_for_it(database):
    async def main():
        heard = noises(asyncio.get_running_loop())
        async with aio.UserManagement.open(database, **QUICK) as users:
            await users.create_user("ada@example.com", password=OLD)
            for call in (
                lambda: users.update_user(before.id, name="Ada"),
                lambda: users.authenticate_with_password("nobody@example.com", OLD),
            ):
                before = await users.get_user_by_email("ada@example.com")
                task = asyncio.ensure_future(call())
                await asyncio.sleep(0)
                task.cancel()
                with pytest.raises(asyncio.CancelledError):
                    await task
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(users.authenticate_with_password("ada@example.com", OLD), 0.000_001)
        async with aio.UserManagement.open(database, **QUICK) as users:
            assert (await users.get_user_by_email("ada@example.com")).name == "Ada"
        gc.collect()
        return heard

    assert asyncio.run(main(), debug=True) == []


def test_a_loop_that_closes_over_a_call_is_left_alone(database, capfd):
    async def start(users):
        asyncio.ensure_future(users.authenticate_with_password("nobody@example.com", OLD))
        await asyncio.sleep(0)

    users = asyncio.run(open_quickly(database))
    for _ in range(5):
        asyncio.run(start(users))
    with pytest.raises(reset_password.UserNotFoundError):
        asyncio.run(users.get_user("user_x"))
    asyncio.run(users.close())
    gc.collect()
    assert capfd.readouterr() == ("", "")


async def open_quickly(database):
    return await aio.UserManagement.open(database, **QUICK)


def test_several_loops_in_several_threads_share_a_handle(database):
    users = asyncio.run(open_quickly(database))
    asyncio.run(users.create_user("ada@example.com"))
    seen = []

    async def look():
        for _ in range(50):
            seen.append((await users.get_user_by_email("ada@example.com")).email)

    threads = [threading.Thread(target=asyncio.run, args=(look(),)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == ["ada@example.com"] * 200


def test_both_halves_have_the_same_signatures():
    twin = reset_password.UserManagement
    names = [name for name in vars(twin) if not name.startswith("_")]
    assert len(names) > 15
    for name in names:
        ours = getattr(aio.UserManagement, name)
        assert inspect.iscoroutinefunction(ours), name
        assert inspect.signature(ours) == inspect.signature(getattr(twin, name)), name
        assert inspect.getdoc(ours) == inspect.getdoc(getattr(twin, name)), name
    opened = inspect.signature(aio.UserManagement.open).parameters.values()
    assert list(opened) == list(inspect.signature(twin).parameters.values())
