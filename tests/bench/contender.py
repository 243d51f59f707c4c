"""A contender: a long-lived child process that does one measured operation when asked."""

import json
import os
import re
import signal
import subprocess
from contextlib import suppress
from pathlib import Path


# The start of a stored hash that names its algorithm and parameters: Argon2 or bcrypt.
HASH = re.compile(rb"\$argon2[a-z]*\$v=\d+\$m=\d+,t=\d+,p=\d+\$|\$2[abxy]\$\d\d\$")


class ContenderError(Exception):
    """Says which contender failed and how."""


class Contender:
    def __init__(self, label, command, core=None):
        """Starts the child; with `core` it and all its threads stay on that one."""
        self.label, self.stored = label, None
        pin = (lambda: os.sched_setaffinity(0, {core})) if core is not None else None
        self.child = subprocess.Popen(
            list(map(str, command)),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            preexec_fn=pin,
            # An interrupt is for the orchestrator, which then ends the rest.
            start_new_session=True,
        )
        self.versions = self._read()["versions"]

    def move_to(self, core):
        """Moves the child to another core; what it has started stays where it is."""
        os.sched_setaffinity(self.child.pid, {core})

    def ask(self, op, **fields):
        try:
            self.child.stdin.write(json.dumps({"op": op, **fields}) + "\n")
            self.child.stdin.flush()
        except BrokenPipeError:
            pass  # the read below says how it ended
        return self._read()

    def _read(self):
        line = self.child.stdout.readline()
        if not line:
            raise ContenderError(f"{self.label} ended with status {self.child.wait()}")
        answer = json.loads(line)
        if "error" in answer:
            raise ContenderError(f"{self.label} failed: {answer['error']}")
        return answer

    def check(self, password, memory_kib, iterations):
        """A whole reset works, and what it stored is a hash as agreed: Argon2id at the parameters,
        unless the contender owns up to another.

        The hash is looked for in the file's bytes, so that no contender's schema matters. Where there is no
        file, the contender tells what it has stored.
        """
        answer = self.ask("check", password=password)
        agreed = answer.get("hash", f"$argon2id$v=19$m={memory_kib},t={iterations},p=1$")
        database = answer["database"]
        if database is None:
            content = answer.get("stored", "").encode()
        else:
            content = b"".join(
                path.read_bytes()
                for path in map(Path, (database, f"{database}-wal"))
                if path.exists()
            )
        stored = {start.decode() for start in HASH.findall(content)}
        if stored != {agreed}:
            raise ContenderError(f"{self.label} stored {stored or 'no hash'}, not {agreed}")
        self.stored = agreed
        if database is not None:
            self.versions["SQLite"] = sqlite_version(content)

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        # The end of its input ends a child; after a failure nobody wants to wait for that. What it
        # has started itself is in its group.
        if kind is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.child.pid, signal.SIGKILL)
        try:
            self.child.stdin.close()
        except BrokenPipeError:
            pass
        self.child.wait()


def sqlite_version(content):
    """The library that last wrote a database names itself at byte 96 of the file."""
    number = int.from_bytes(content[96:100], "big")
    return f"{number // 1_000_000}.{number // 1000 % 1000}.{number % 1000}"
