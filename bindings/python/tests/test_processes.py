"""Threads, forks, the interpreter's end, and memory."""

import os
import re
import subprocess
import sys
import textwrap
import threading
import time

import pytest

from conftest import OLD
from reset_password import UserManagement


def test_other_threads_go_on_while_a_hash_runs(database):
    ticks, stop = [], threading.Event()

    def tick():
        while not stop.is_set():
            ticks.append(time.perf_counter())

    with UserManagement(database, argon2_iterations=16) as users:
        thread = threading.Thread(target=tick)
        thread.start()
        began = time.perf_counter()
        users.create_user("ada@example.com", password=OLD)
        ended = time.perf_counter()
        stop.set()
        thread.join()
    within = [began, *(tick for tick in ticks if began < tick < ended), ended]
    assert max(after - before for before, after in zip(within, within[1:])) < (ended - began) / 2


def run(program, *arguments):
    """Runs a program in a process of its own, with every warning an error. Answers what it said."""
    done = subprocess.run(
        [sys.executable, "-X", "dev", "-W", "error", "-c", textwrap.dedent(program), *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=300,
    )
    # That asyncio had to wait for a processor says how busy the machine is.
    said = re.sub(r"^Executing <.*> took [\d.]+ seconds\n", "", done.stderr, flags=re.MULTILINE)
    assert (done.returncode, said) == (0, ""), said
    return done.stdout


def test_a_handle_opened_before_a_fork_is_used_in_parent_and_child(database):
    assert (
        run(
            """
            import os, sys
            from reset_password import UserManagement
            users = UserManagement(sys.argv[1], argon2_memory_kib=19456, argon2_iterations=2)
            ada = users.create_user("ada@example.com", password="a long walk by the sea")
            for _ in range(3):
                child = os.fork()
                if child == 0:
                    reset = users.create_password_reset(ada.email)
                    users.reset_password(reset.password_reset_token, "seven green boats at dusk")
                    users.close()
                    sys.exit(7)
                assert users.get_user(ada.id).id == ada.id
                assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
                users.authenticate_with_password(ada.email, "seven green boats at dusk")
            print("done")
            """,
            database,
        )
        == "done\n"
    )


def test_the_same_under_asyncio(database):
    assert (
        run(
            """
            import asyncio, os, sys
            from reset_password import aio
            async def open():
                return await aio.UserManagement.open(sys.argv[1], argon2_memory_kib=19456, argon2_iterations=2)
            users = asyncio.run(open())
            ada = asyncio.run(users.create_user("ada@example.com", password="a long walk by the sea"))
            async def reset():
                reset = await users.create_password_reset(ada.email)
                await users.reset_password(reset.password_reset_token, "seven green boats at dusk")
                await users.close()
            for _ in range(3):
                child = os.fork()
                if child == 0:
                    asyncio.run(reset())
                    sys.exit(7)
                assert asyncio.run(users.get_user(ada.id)).id == ada.id
                assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
                asyncio.run(users.authenticate_with_password(ada.email, "seven green boats at dusk"))
            print("done")
            """,
            database,
        )
        == "done\n"
    )


def test_a_pool_of_forked_processes(database):
    assert (
        run(
            """
            import multiprocessing, sys
            from reset_password import UserManagement
            users = UserManagement(sys.argv[1], argon2_memory_kib=19456, argon2_iterations=2)
            def create(number):
                return users.create_user(f"user{number}@example.com", password="a long walk by the sea").email
            users.list_users()
            with multiprocessing.get_context("fork").Pool(4) as pool:
                assert len(set(pool.map(create, range(20), chunksize=1))) == 20
                pool.close()
                pool.join()
            print(len(users.list_users(limit=100).data))
            """,
            database,
        )
        == "20\n"
    )


@pytest.mark.parametrize("attempt", range(200 if os.environ.get("RESET_PASSWORD_LONG") else 5))
def test_the_interpreter_ends_while_calls_are_under_way(database, attempt):
    """Threads that nobody waits for, and tasks that nobody waits for, most of them building long results."""
    assert (
        run(
            """
            import asyncio, contextlib, sys, threading
            from reset_password import Error, UserManagement, aio
            users = UserManagement(sys.argv[1], argon2_memory_kib=19456, argon2_iterations=2)
            for number in range(100):
                users.create_user(f"user{number}@example.com", metadata={str(key): "x" for key in range(20)})
            started = threading.Semaphore(0)
            def look():
                while True:
                    users.list_users(limit=100)
                    started.release()
            def log_in():
                started.release()
                with contextlib.suppress(Error):
                    users.authenticate_with_password("nobody@example.com", "a long walk by the sea")
            async def tasks():
                users = await aio.UserManagement.open(sys.argv[1], argon2_memory_kib=19456, argon2_iterations=2)
                async def look():
                    while True:
                        await users.list_users(limit=100)
                        started.release()
                await asyncio.gather(look(), look(), look())
            for work in (look, look, log_in, lambda: asyncio.run(tasks())):
                threading.Thread(target=work, daemon=True).start()
            for _ in range(20):
                started.acquire()
            print("ending")
            """,
            database,
        )
        == "ending\n"
    )


def test_what_is_registered_before_the_package_may_still_wait_after_it(database):
    assert (
        run(
            """
            import atexit, sys
            def last():
                print(users.create_user("ada@example.com").email)
                users.close()
                print(asyncio.run(opened.get_user_by_email("ada@example.com")).email)
            atexit.register(last)
            import asyncio
            from reset_password import UserManagement, aio
            users = UserManagement(sys.argv[1])
            async def open():
                return await aio.UserManagement.open(sys.argv[1])
            opened = asyncio.run(open())
            """,
            database,
        )
        == "ada@example.com\n" * 2
    )


GROWTH = """
    import asyncio, gc, os, sys
    from reset_password import Error, UserManagement, aio
    users = UserManagement(sys.argv[1])
    ada = users.create_user("ada@example.com", metadata={"a": "b"})
    calls = {
        "token": lambda users: users.reset_password("A" * 43, "a long walk by the sea"),
        "found": lambda users: users.get_user(ada.id),
        "type": lambda users: users.get_user(7),
    }
    def resident():
        gc.collect()
        with open("/proc/self/statm") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGESIZE")
    def repeat(call, times):
        for _ in range(times):
            try:
                call(users)
            except (Error, TypeError):
                pass
    async def repeat_as_task(call, users, times):
        for _ in range(times):
            try:
                await call(users)
            except (Error, TypeError):
                pass
    async def tasks():
        async with aio.UserManagement.open(sys.argv[1]) as users:
            for name, call in calls.items():
                await repeat_as_task(call, users, 2000)
                before = resident()
                await repeat_as_task(call, users, 10000)
                print("aio", name, resident() - before)
    for name, call in calls.items():
        repeat(call, 2000)
        before = resident()
        repeat(call, 10000)
        print("sync", name, resident() - before)
    asyncio.run(tasks(), debug=False)
"""


def test_memory_does_not_grow(database):
    lines = run(GROWTH, database).splitlines()
    assert len(lines) == 6
    grown = {line: int(line.split()[-1]) for line in lines}
    assert max(grown.values()) < 5 * 2**20, grown


def test_asyncio_is_imported_only_with_its_half():
    assert run("import reset_password, sys; print('asyncio' in sys.modules)") == "False\n"
