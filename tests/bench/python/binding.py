"""The package for Python, in a thread that waits.

Arguments: memory in KiB, iterations, folder for the database.
"""

import sys
from importlib.metadata import version
from pathlib import Path

from reset_password import PasswordResetTokenNotFoundError, UserManagement

import protocol

EMAIL = "bench-1@example.com"
memory_kib, iterations, folder = int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3])
database = folder / "python.db"
users = UserManagement(database, argon2_memory_kib=memory_kib, argon2_iterations=iterations)


def create_reset():
    return users.create_password_reset(EMAIL).password_reset_token


def reset(password):
    create_ns, token = protocol.timed(create_reset)
    ns, _ = protocol.timed(users.reset_password, token, password)
    return {"ns": ns, "create_ns": create_ns}


def refuse_each(tokens):
    for token in tokens:
        try:
            users.reset_password(token, "never looked at, not one bit")
        except PasswordResetTokenNotFoundError:
            continue
        raise RuntimeError("a token that nobody was given was accepted")


def refuse(count):
    """Well-formed tokens that nobody was given."""
    ns, _ = protocol.timed(refuse_each, [f"{n:042}A" for n in range(count)])
    return {"ns": ns}


def check(password):
    """The measured calls do what they are measured for: new password in, link dead."""
    token = create_reset()
    users.reset_password(token, password)
    users.authenticate_with_password(EMAIL, password)
    refuse_each([token])
    return {"database": str(database)}


users.create_user(EMAIL)
protocol.serve(
    {
        "reset-password": version("reset-password"),
        "Python": ".".join(map(str, sys.version_info[:3])),
        "database": "a file with WAL and synchronous=FULL",
    },
    {"reset": reset, "refuse": refuse, "check": check},
)
