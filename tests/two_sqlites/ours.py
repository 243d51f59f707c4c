"""The SQLite of this library, loaded into the process beside Python's own.

The library is a C one with `ours_install()`, `ours_open(name)`, `ours_run(handle, sql)` and
`ours_close(handle)`; the last three answer a handle or 0, or SQLite's code of an error. Whatever loads the
real package takes its place by the same four names.
"""

import ctypes


class Busy(Exception):
    """SQLite refused, with the code."""


class Ours:
    """The library."""

    def __init__(self, path: str, install: bool):
        self.library = ctypes.CDLL(path)
        self.library.ours_open.argtypes = [ctypes.c_char_p]
        self.library.ours_run.argtypes = [ctypes.c_int, ctypes.c_char_p]
        if install:
            self.library.ours_install()

    def connect(self, database: str) -> "Connection":
        handle = self.library.ours_open(database.encode())
        if handle < 0:
            raise Busy("open")
        return Connection(self.library, handle)


class Connection:
    """A connection of it."""

    def __init__(self, library: ctypes.CDLL, handle: int):
        self.library = library
        self.handle = handle

    def run(self, sql: str) -> None:
        code = self.library.ours_run(self.handle, sql.encode())
        if code:
            raise Busy(code)

    def close(self) -> None:
        self.library.ours_close(self.handle)
