"""Python's own SQLite beside the package: beside.py DATABASE SECONDS USER"""

import json
import os
import sqlite3
import sys
import threading
import time

from reset_password import UserManagement

database, seconds, number = sys.argv[1], float(sys.argv[2]), sys.argv[3]
end = time.monotonic() + seconds


def add_one(meanwhile):
    """Reads a number and writes the next one, in one transaction of the application's own."""
    connection = sqlite3.connect(database, timeout=60, isolation_level=None)
    connection.execute("BEGIN IMMEDIATE")
    (value,) = connection.execute("SELECT logins FROM users WHERE id = 1").fetchone()
    meanwhile()
    connection.execute("UPDATE users SET logins = ? WHERE id = 1", (value + 1,))
    connection.execute("COMMIT")
    connection.close()


def count(work):
    """How often the work was done before the time was over."""
    done = 0
    while time.monotonic() < end:
        work()
        done += 1
    return done


users = UserManagement(database, argon2_memory_kib=19456, argon2_iterations=2, users="own")
user = users.get_user(number)


def reset():
    """One whole reset by the package."""
    made = users.create_password_reset(user.email)
    users.reset_password(token=made.password_reset_token, new_password="a long walk by the sea")


add_one(lambda: users.get_user(user.id))
reset()
at_first = len(os.listdir("/proc/self/fd"))
counts = {}


def keep(name, work):
    counts[name] = 1 + count(work)


threads = [
    threading.Thread(target=keep, args=("increments", lambda: add_one(lambda: users.get_user(user.id)))),
    threading.Thread(target=keep, args=("resets", reset)),
]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
users.close()
descriptors = len(os.listdir("/proc/self/fd"))
print(json.dumps({**counts, "descriptors": descriptors, "descriptors_at_first": at_first}))
