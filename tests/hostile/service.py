"""The service under test: a process of its own, on a new database."""

import json
import os
from pathlib import Path
import re
import signal
import sqlite3
import subprocess
import threading

SCOPES = "users:read,users:write,resets:create,resets:read,resets:confirm,events:read,webhooks:read,webhooks:write"
# The cheapest cost that is allowed: what is tested is what stands before the hash.
ENGINE = ("--argon2-memory-kib", "19456", "--argon2-iterations", "2")
# All of its clients are one here, and one of the families begins with the description. The endpoints of webhooks that are
# made up are on this machine.
SERVICE = ["--max-connections-per-client", "4096", "--public-openapi", "--webhooks-allow-private"]
LONGEST_START = 30.0
LONGEST_STOP = 60.0


class Service:
    def __init__(self, binary, folder):
        self.database = Path(folder) / "hostile.db"
        self._command = [binary, "--database", str(self.database), *ENGINE]
        # What is inherited here would be settings of the service.
        self._environment = {
            name: value for name, value in os.environ.items() if not name.startswith("RESET_PASSWORD_")
        }
        # Nothing of what clients send may stand in the log, however much of it is asked for.
        self._environment["RUST_LOG"] = "trace"
        self.api_key = self._new_key("hostile", SCOPES)
        self.reading_key = self._new_key("hostile-reading", "users:read")
        self.was_stopped = False
        self.log = Log()
        self._process = subprocess.Popen(
            [*self._command, "serve", "--listen", "127.0.0.1:0", "--log-format", "json", *SERVICE],
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        self.log.follow(self._process.stderr)
        self.url = self.log.wait_for(lambda line: line.get("message") == "listening", LONGEST_START)["address"]
        host, port = re.fullmatch(r"http://([\d.]+):(\d+)", self.url).groups()
        self.address = (host, int(port))

    def _new_key(self, name, scopes):
        command = [*self._command, "--json", "api-key", "create", "--name", name, "--scope", scopes]
        made = subprocess.run(command, env=self._environment, capture_output=True, check=True, timeout=60)
        return json.loads(made.stdout)["key"]

    @property
    def is_alive(self):
        return self._process.poll() is None

    @property
    def was_lost(self):
        """Whether it ended although nobody told it to."""
        return not self.was_stopped and not self.is_alive

    def memory_kib(self, name="VmRSS"):
        status = Path(f"/proc/{self._process.pid}/status").read_text(encoding="ascii")
        return int(re.search(rf"^{name}:\s+(\d+) kB$", status, re.MULTILINE)[1])

    def processor_seconds(self):
        """What it has used of the processors."""
        fields = Path(f"/proc/{self._process.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def socket_count(self):
        """Its connections, and a few sockets besides."""
        return sum(is_socket(file) for file in Path(f"/proc/{self._process.pid}/fd").iterdir())

    def stop(self):
        """Ends it as an operator would, and answers its exit status."""
        self.was_stopped = True
        if self.is_alive:
            self._process.send_signal(signal.SIGTERM)
        try:
            status = self._process.wait(LONGEST_STOP)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
            status = "killed: it did not stop"
        self.log.finish()
        return status

    def password_hash(self, user_id):
        """What the database holds: no answer of the service shows it."""
        return self._one("SELECT password_hash FROM reset_password_users WHERE id = ?", user_id)

    def user_count(self):
        return self._one("SELECT count(*) FROM reset_password_users")

    def _one(self, query, *values):
        database = sqlite3.connect(f"file:{self.database}?mode=ro", uri=True, timeout=10)
        try:
            row = database.execute(query, values).fetchone()
            return row and row[0]
        finally:
            database.close()


def is_socket(file):
    try:
        return os.readlink(file).startswith("socket:")
    except FileNotFoundError:
        return False


class Log:
    """The lines that the service writes, as they come."""

    def __init__(self):
        self._lines = []
        self._news = threading.Condition()
        self._reader = None
        self._ended = False

    def follow(self, stream):
        self._reader = threading.Thread(target=self._read, args=(stream,), daemon=True)
        self._reader.start()

    def _read(self, stream):
        for line in stream:
            with self._news:
                self._lines.append(line)
                self._news.notify_all()
        with self._news:
            self._ended = True
            self._news.notify_all()

    @property
    def length(self):
        with self._news:
            return len(self._lines)

    def since(self, start):
        with self._news:
            return self._lines[start:]

    def wait_for(self, fits, seconds, start=0):
        """The first line since `start` that fits."""
        seen = start
        found = None

        def has_come():
            nonlocal seen, found
            while found is None and seen < len(self._lines):
                line = parsed(self._lines[seen])
                seen += 1
                if line and fits(line):
                    found = line
            return found is not None or self._ended

        with self._news:
            self._news.wait_for(has_come, seconds)
        if found is None:
            said = b"".join(self.since(start)[-5:]).decode(errors="replace")
            raise TimeoutError(f"the service did not say what was awaited; its last words:\n{said}")
        return found

    def finish(self):
        if self._reader:
            self._reader.join(LONGEST_STOP)


def parsed(line):
    try:
        value = json.loads(line)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None
