"""The third process: Python's own SQLite alone, which adds one again and again: alone.py DATABASE SECONDS"""

import json
import sqlite3
import sys
import time

database, seconds = sys.argv[1], float(sys.argv[2])
increments = 0
end = time.monotonic() + seconds
while time.monotonic() < end:
    connection = sqlite3.connect(database, timeout=60, isolation_level=None)
    connection.execute("BEGIN IMMEDIATE")
    connection.execute("UPDATE users SET logins = logins + 1 WHERE id = 1")
    connection.execute("COMMIT")
    connection.close()
    increments += 1
    time.sleep(0.002)
print(json.dumps({"increments": increments, "resets": 0, "descriptors": 0, "descriptors_at_first": 0}))
