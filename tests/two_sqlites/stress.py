"""Counts, with two SQLites in one process and a third in another, and looks whether the sum is right.

    python3 stress.py LIBRARY [--without] [--seconds N] [--journal wal|delete] [--forks]

Two threads count with Python's `sqlite3`, two with the library's, and another process counts as well. Each
opens the file, adds one to the number in it some twenty times and closes the file. `--without` leaves the
library's locks as SQLite has them. `--forks` has the process fork all the time; each child counts with the
library's SQLite. Exits with 1 if a count is lost, the file is damaged or descriptors pile up.
"""

import argparse
import os
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time

from ours import Busy, Ours

ADD = "BEGIN IMMEDIATE; UPDATE n SET v = v + 1; COMMIT"
EACH_OPEN = 20
# Seconds. SQLite's waiting is not fair: of five that count without a pause, one may well wait for ten.
PATIENCE = 60
PAUSE = 0.001


def host(database: str, end: float, tally: list) -> None:
    """Counts with Python's SQLite. It reads first and writes then what it has read, plus one."""
    while time.time() < end:
        try:
            connection = sqlite3.connect(database, timeout=PATIENCE, isolation_level=None)
            for _ in range(EACH_OPEN):
                connection.execute("BEGIN IMMEDIATE")
                (value,) = connection.execute("SELECT v FROM n").fetchone()
                connection.execute("UPDATE n SET v = ?", (value + 1,))
                connection.execute("COMMIT")
                tally[0] += 1
                time.sleep(PAUSE)
            connection.close()
        except sqlite3.Error as error:
            tally[1][f"host: {error}"] = tally[1].get(f"host: {error}", 0) + 1


def ours(library: Ours, database: str, end: float, tally: list, each_open: int = EACH_OPEN) -> None:
    """Counts with the library's SQLite."""
    while time.time() < end:
        try:
            connection = library.connect(database)
            connection.run(f"PRAGMA busy_timeout = {PATIENCE * 1000}")
        except Busy as error:
            tally[1][f"ours: {error}"] = tally[1].get(f"ours: {error}", 0) + 1
            continue
        for _ in range(each_open):
            try:
                connection.run(ADD)
                tally[0] += 1
                time.sleep(PAUSE)
            except Busy as error:
                tally[1][f"ours: {error}"] = tally[1].get(f"ours: {error}", 0) + 1
                try:
                    connection.run("ROLLBACK")
                except Busy:
                    pass
        connection.close()


def forks(library: Ours, database: str, end: float, tally: list) -> None:
    """Forks, between its own counting, children that count once each."""
    while time.time() < end:
        ours(library, database, time.time() + 0.01, tally, 1)
        read, write = os.pipe()
        child = os.fork()
        if child == 0:
            mine = [0, {}]
            ours(library, database, time.time() + 0.02, mine, 1)
            os.write(write, f"{mine[0]} {sum(mine[1].values())}".encode())
            os._exit(0)
        os.close(write)
        words = os.read(read, 100).split() or [b"0", b"1"]
        os.close(read)
        os.waitpid(child, 0)
        tally[0] += int(words[0])
        if int(words[1]):
            tally[1]["child"] = tally[1].get("child", 0) + int(words[1])


def main() -> int:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("library")
    arguments.add_argument("--without", action="store_true")
    arguments.add_argument("--seconds", type=float, default=10)
    arguments.add_argument("--journal", default="wal", choices=["wal", "delete"])
    arguments.add_argument("--forks", action="store_true")
    arguments.add_argument("--as-third", metavar="DATABASE")
    given = arguments.parse_args()
    if given.as_third:
        tally = [0, {}]
        host(given.as_third, time.time() + given.seconds, tally)
        print(tally[0])
        return 0

    with tempfile.TemporaryDirectory() as folder:
        database = os.path.join(folder, "a.db")
        connection = sqlite3.connect(database, isolation_level=None)
        connection.execute(f"PRAGMA journal_mode = {given.journal}")
        connection.execute("CREATE TABLE n (v)")
        connection.execute("INSERT INTO n VALUES (0)")
        connection.close()

        library = Ours(given.library, not given.without)
        end = time.time() + given.seconds
        third = subprocess.Popen(
            [sys.executable, __file__, given.library, "--as-third", database, "--seconds", str(given.seconds)],
            stdout=subprocess.PIPE,
            text=True,
        )
        tallies = [[0, {}] for _ in range(4)]
        if given.forks:
            # A fork is only made between the connections of its own thread; the others are the host's.
            forks(library, database, end, tallies[0])
        else:
            threads = [
                threading.Thread(target=host, args=(database, end, tallies[0])),
                threading.Thread(target=host, args=(database, end, tallies[1])),
                threading.Thread(target=ours, args=(library, database, end, tallies[2])),
                threading.Thread(target=ours, args=(library, database, end, tallies[3])),
            ]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        elsewhere = int(third.communicate()[0])

        counted = sum(tally[0] for tally in tallies) + elsewhere
        errors: dict[str, int] = {}
        for tally in tallies:
            for name, number in tally[1].items():
                errors[name] = errors.get(name, 0) + number
        open_here = 0
        for number in os.listdir("/proc/self/fd"):
            try:
                open_here += os.readlink(f"/proc/self/fd/{number}").startswith(folder)
            except OSError:
                pass
        try:
            connection = sqlite3.connect(database, timeout=5)
            (found,) = connection.execute("SELECT v FROM n").fetchone()
            (integrity,) = connection.execute("PRAGMA integrity_check").fetchone()
            connection.close()
        except sqlite3.Error as error:
            found, integrity = None, f"unreadable: {error}"
        print(
            f"locks {'as SQLite has them' if given.without else 'installed'}, journal {given.journal}:"
            f" counted {counted} (here {[tally[0] for tally in tallies]}, elsewhere {elsewhere}),"
            f" in the file {found}, errors {errors}, integrity {integrity},"
            f" descriptors left {open_here}"
        )
        right = counted == found and integrity == "ok" and not errors and open_here <= 8
        return 0 if right else 1


if __name__ == "__main__":
    sys.exit(main())
