"""The package for Python, awaited: one call after the other on a running event loop.

Arguments: memory in KiB, iterations, folder for the database.
"""

import asyncio
import sys
import time
from importlib.metadata import version
from pathlib import Path

from reset_password import PasswordResetTokenNotFoundError
from reset_password.aio import UserManagement

import protocol

EMAIL = "bench-1@example.com"
memory_kib, iterations, folder = int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3])
database = folder / "asyncio.db"
loop = asyncio.new_event_loop()


async def start():
    users = await UserManagement.open(
        database, argon2_memory_kib=memory_kib, argon2_iterations=iterations
    )
    await users.create_user(EMAIL)
    return users


async def refuse_each(tokens):
    for token in tokens:
        try:
            await users.reset_password(token, "never looked at, not one bit")
        except PasswordResetTokenNotFoundError:
            continue
        raise RuntimeError("a token that nobody was given was accepted")


async def refuse(count):
    """Well-formed tokens that nobody was given; the loop is running before the clock starts."""
    tokens = [f"{n:042}A" for n in range(count)]
    start = time.perf_counter_ns()
    await refuse_each(tokens)
    return {"ns": time.perf_counter_ns() - start}


async def check(password):
    """The measured call refuses what is dead, after a reset that works."""
    token = (await users.create_password_reset(EMAIL)).password_reset_token
    await users.reset_password(token, password)
    await users.authenticate_with_password(EMAIL, password)
    await refuse_each([token])
    return {"database": str(database)}


def awaited(operation):
    return lambda **request: loop.run_until_complete(operation(**request))


users = loop.run_until_complete(start())
protocol.serve(
    {
        "reset-password": version("reset-password"),
        "Python": ".".join(map(str, sys.version_info[:3])),
        "database": "a file with WAL and synchronous=FULL",
    },
    {"refuse": awaited(refuse), "check": awaited(check)},
)
