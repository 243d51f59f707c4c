"""The same count in PHP, Ruby and Node: two processes of two SQLites each.

    python3 others.py LIBRARY php|ruby|node [--without] [--seconds N] [--journal wal|delete]

PHP needs its FFI and PDO's SQLite, Ruby the gem `sqlite3`, Node the packages `better-sqlite3` and `koffi`
(where they are is said by NODE_PATH). Exits with 1 if a count is lost or the file is damaged.
"""

import argparse
import os
import sqlite3
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
PROGRAMS = {
    "php": ["php", "-d", "ffi.enable=1", os.path.join(HERE, "count.php")],
    "ruby": ["ruby", os.path.join(HERE, "count.rb")],
    "node": ["node", os.path.join(HERE, "count.cjs")],
}


def main() -> int:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("library")
    arguments.add_argument("language", choices=sorted(PROGRAMS))
    arguments.add_argument("--without", action="store_true")
    arguments.add_argument("--seconds", type=float, default=10)
    arguments.add_argument("--journal", default="wal", choices=["wal", "delete"])
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        database = os.path.join(folder, "a.db")
        connection = sqlite3.connect(database, isolation_level=None)
        connection.execute(f"PRAGMA journal_mode = {given.journal}")
        connection.execute("CREATE TABLE n (v)")
        connection.execute("INSERT INTO n VALUES (0)")
        connection.close()
        wanted = "without" if given.without else "with"
        command = [*PROGRAMS[given.language], given.library, database, str(given.seconds), wanted]
        both = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
        answers = [process.communicate()[0].split() for process in both]
        if not all(len(answer) == 2 for answer in answers):
            print(f"{given.language}: a process ended early: {answers}")
            return 1
        counted = sum(int(answer[0]) for answer in answers)
        errors = sum(int(answer[1]) for answer in answers)
        try:
            connection = sqlite3.connect(database, timeout=5)
            (found,) = connection.execute("SELECT v FROM n").fetchone()
            (integrity,) = connection.execute("PRAGMA integrity_check").fetchone()
            connection.close()
        except sqlite3.Error as error:
            found, integrity = None, f"unreadable: {error}"
        print(
            f"{given.language}, locks {'as SQLite has them' if given.without else 'installed'},"
            f" journal {given.journal}: counted {counted}, in the file {found}, errors {errors},"
            f" integrity {integrity}"
        )
        return 0 if counted == found and integrity == "ok" and not errors else 1


if __name__ == "__main__":
    sys.exit(main())
