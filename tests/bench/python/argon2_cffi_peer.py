"""Bare Argon2id through argon2-cffi. Arguments: memory in KiB, iterations."""

import base64
import sys
from importlib.metadata import version

from argon2.low_level import Type, hash_secret_raw

import protocol

MEMORY_KIB, ITERATIONS = int(sys.argv[1]), int(sys.argv[2])


def compute(password, salt):
    return hash_secret_raw(
        password,
        salt,
        time_cost=ITERATIONS,
        memory_cost=MEMORY_KIB,
        parallelism=1,
        hash_len=32,
        type=Type.ID,
    )


def hash_once(password, salt):
    ns, tag = protocol.timed(compute, password.encode(), salt.encode())
    return {"ns": ns, "tag": base64.b64encode(tag).decode().rstrip("=")}


protocol.serve(
    {
        "argon2-cffi": version("argon2-cffi"),
        "argon2-cffi-bindings": version("argon2-cffi-bindings"),
    },
    {"hash": hash_once},
)
