"""What each SQLite sees of the other's locks, step by step.

    python3 turns.py LIBRARY [--without]

Exits with 1 if a step goes wrong.
"""

import os
import sqlite3
import subprocess
import sys
import tempfile

from ours import Busy, Ours

FAILED = []


def check(what: str, right: bool) -> None:
    print(("right" if right else "WRONG"), what)
    if not right:
        FAILED.append(what)


def elsewhere(database: str) -> bool:
    """Whether another process may write."""
    program = (
        "import sqlite3, sys\n"
        "connection = sqlite3.connect(sys.argv[1], timeout=0, isolation_level=None)\n"
        "connection.execute('INSERT INTO t VALUES (99)')\n"
    )
    run = subprocess.run([sys.executable, "-c", program, database], capture_output=True, check=False)
    return run.returncode == 0


def kinds(database: str) -> set[str]:
    """What kinds of locks the system has on the database and its shared memory."""
    files = {
        f"{os.major(data.st_dev):02x}:{os.minor(data.st_dev):02x}:{data.st_ino}"
        for data in (os.stat(database + end) for end in ("", "-shm") if os.path.exists(database + end))
    }
    with open("/proc/locks", encoding="ascii") as table:
        rows = [line.replace("->", "").split() for line in table]
    return {row[1] for row in rows if row[5] in files}


def host_may_write(connection: sqlite3.Connection) -> bool:
    try:
        connection.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError:
        return False
    connection.execute("ROLLBACK")
    return True


def ours_may_write(connection) -> bool:
    try:
        connection.run("PRAGMA busy_timeout = 0; BEGIN IMMEDIATE")
    except Busy:
        return False
    connection.run("ROLLBACK")
    return True


def take_turns(library: Ours, database: str, journal: str) -> None:
    host = sqlite3.connect(database, timeout=0, isolation_level=None)
    host.execute(f"PRAGMA journal_mode = {journal}")
    host.execute("CREATE TABLE t (x)")
    print(journal)
    host.execute("BEGIN IMMEDIATE")
    host.execute("INSERT INTO t VALUES (1)")
    check("Python's SQLite keeps POSIX locks", kinds(database) == {"POSIX"})
    ours = library.connect(database)
    check("ours waits for the host", not ours_may_write(ours))
    ours.close()
    check("ours closes: another process still waits for the host", not elsewhere(database))
    host.execute("COMMIT")

    ours = library.connect(database)
    ours.run("BEGIN IMMEDIATE; INSERT INTO t VALUES (2)")
    check("ours has locks of open files", "OFDLCK" in kinds(database))
    check("the host waits for ours", not host_may_write(host))
    other = sqlite3.connect(database, timeout=0, isolation_level=None)
    other.execute("SELECT * FROM t").fetchall()
    other.close()
    check("the host closes: another process still waits for ours", not elsewhere(database))
    ours.run("COMMIT")
    check("after the commit another process may write", elsewhere(database))
    check("after the commit the host may write", host_may_write(host))
    ours.close()

    rows = sorted(row[0] for row in host.execute("SELECT x FROM t"))
    check(f"the rows are those committed: {rows}", rows == [1, 2, 99])
    integrity = host.execute("PRAGMA integrity_check").fetchone()[0]
    check(f"integrity: {integrity}", integrity == "ok")
    host.close()


def main() -> int:
    library = Ours(sys.argv[1], "--without" not in sys.argv[2:])
    for journal in ("wal", "delete"):
        with tempfile.TemporaryDirectory() as folder:
            try:
                take_turns(library, os.path.join(folder, "a.db"), journal)
            except (sqlite3.Error, Busy) as error:
                check(f"no error: {error!r}", False)
    return 1 if FAILED else 0


if __name__ == "__main__":
    sys.exit(main())
