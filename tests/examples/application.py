"""One example application: started, spoken to over HTTP as a browser speaks, ended."""

import http.client
import json
import os
import pathlib
import signal
import socket
import subprocess
import tempfile
import time
import urllib.parse
from html.parser import HTMLParser

ROOT = pathlib.Path(__file__).resolve().parents[2]
# How long an application may take to start: the first time it installs what it needs.
PATIENCE_AT_START = 300
# How long it may take to end, or to hand over a mail.
PATIENCE = 60
# Hashing is not what is tested here: the least memory that the engine accepts with its default passes.
MEMORY_KIB = "12288"


class Failure(Exception):
    """What was seen is not what should be."""


class Answer:
    """The answer to one request."""

    def __init__(self, status, headers, body):
        self.status = status
        self.headers = headers
        self.body = body

    def header(self, name):
        return next((value for key, value in self.headers if key.lower() == name), "")

    def beyond_the_moment(self):
        """All of it but for what tells the time."""
        return self.status, sorted((k.lower(), v) for k, v in self.headers if k.lower() != "date"), self.body

    def fields(self):
        """The form's fields by name."""
        return Form.of(self.body).fields

    def items(self):
        """The texts of the list's items."""
        return Form.of(self.body).items


class Form(HTMLParser):
    """What a browser would make of the fields and the list of a page."""

    def __init__(self):
        super().__init__()
        self.fields, self.items, self.within, self.scripts = {}, [], False, 0

    @classmethod
    def of(cls, body):
        form = cls()
        form.feed(body)
        form.close()
        return form

    def handle_starttag(self, tag, attrs):
        if tag == "input":
            attributes = dict(attrs)
            self.fields[attributes.get("name")] = attributes
        self.scripts += tag == "script"
        if tag == "li":
            self.within = True
            self.items.append("")

    def handle_endtag(self, tag):
        if tag == "li":
            self.within = False

    def handle_data(self, data):
        if self.within:
            self.items[-1] += data


# Where `tests/examples/run` built what tests do to a database.
TOOLS = pathlib.Path(os.environ.get("CARGO_TARGET_DIR") or ROOT / "target").resolve() / "debug"
# The secret key of every database on a server: nobody makes one by himself there.
KEY = "6b1f7f0f2b8f4d1f8e0f9a3c5d7e9f01a2b3c4d5e6f708192a3b4c5d6e7f8091"


DATABASES = ("sqlite", "postgres15", "mariadb10.11")


def build_tools():
    """Builds what tests do to a database."""
    packages = ["--package", "reset-password-test-tools", "--package", "reset-password-test-databases"]
    subprocess.run(["cargo", "build", "--quiet", "--locked", *packages], cwd=ROOT, check=True)


def new_database(kind):
    """The URL of a new database on the server that the test command started; nothing for a file of SQLite's."""
    if kind == "sqlite":
        return None
    program = TOOLS / "reset-password-test-databases"
    return subprocess.run([program, "new", kind], check=True, capture_output=True, text=True).stdout.strip()


class Application:
    """A running application. `database` may be one that another has made, or one on a server."""

    def __init__(self, language, target, database=None, environment=()):
        self.language = language
        self.tools = TOOLS
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix=f"example-{language}-"))
        self.database = str(database or self.folder / "app.db")
        self.outbox = self.folder / "outbox"
        self.output = self.folder / "output"
        self.port = free_port()
        self.origin = f"http://127.0.0.1:{self.port}"
        settings = {
            "DATABASE": self.database,
            "PORT": str(self.port),
            "OUTBOX": str(self.outbox),
            "ARGON2_MEMORY_KIB": MEMORY_KIB,
            "CARGO_TARGET_DIR": str(target),
        } | dict(environment)
        if "://" in self.database:
            (self.folder / "secret.key").touch(mode=0o600)
            (self.folder / "secret.key").write_text(KEY)
            settings["RESET_PASSWORD_KEY_FILE"] = str(self.folder / "secret.key")
        program = ROOT / "examples" / language / "run"
        with open(self.output, "wb") as output:
            # In a group of its own, so that whatever it starts can be found.
            self.process = subprocess.Popen(
                [str(program)], cwd=self.folder, env={**os.environ, **settings}, stdin=subprocess.DEVNULL,
                stdout=output, stderr=subprocess.STDOUT, start_new_session=True)

    def wait_until_ready(self):
        until = time.monotonic() + PATIENCE_AT_START
        while time.monotonic() < until:
            if self.process.poll() is not None:
                raise Failure(f"it ended with {self.process.returncode}: {self.said()[-2000:]}")
            try:
                if self.get("/healthz").status == 200:
                    return self
            except OSError:
                time.sleep(0.05)
        raise Failure(f"it does not answer: {self.said()[-2000:]}")

    def request(self, method, target, body=None, headers=(), timeout=60):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            connection.request(method, target, body=body, headers=dict(headers))
            answer = connection.getresponse()
            text = answer.read().decode("utf-8", errors="strict")
            return Answer(answer.status, answer.getheaders(), text)
        except http.client.HTTPException as problem:
            raise OSError(f"{type(problem).__name__}: {problem}") from problem
        finally:
            connection.close()

    def get(self, target, headers=()):
        return self.request("GET", target, headers=headers)

    def post(self, path, fields, headers=None):
        """A form, as a browser sends it from a page of this application."""
        if headers is None:
            headers = {"Origin": self.origin, "Sec-Fetch-Site": "same-origin"}
        body = fields if isinstance(fields, str) else urllib.parse.urlencode(fields)
        return self.request("POST", path, body, {"Content-Type": "application/x-www-form-urlencoded", **headers})

    def sign_up(self, email, password):
        return self.post("/sign-up", {"email": email, "password": password})

    def log_in(self, email, password):
        return self.post("/log-in", {"email": email, "password": password})

    def forgot(self, email):
        return self.post("/forgot-password", {"email": email})

    def reset(self, token, new_password):
        return self.post("/reset-password", {"token": token, "new_password": new_password})

    def mails(self):
        """What the mailer was given so far: whole lines only."""
        if not self.outbox.exists():
            return []
        lines = self.outbox.read_text(encoding="utf-8").split("\n")[:-1]
        return [json.loads(line) for line in lines]

    def mail_to(self, email):
        """The first mail to an address. It is written behind the answer, so it is waited for."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            for mail in self.mails():
                if mail["to"] == email:
                    return mail
            time.sleep(0.02)
        raise Failure(f"no mail to {email}")

    def token_for(self, email):
        """Takes the token from the link that was sent, and asks for one if none was."""
        if all(mail["to"] != email for mail in self.mails()):
            self.forgot(email)
        return token_of(self.mail_to(email)["url"])

    def said(self):
        return self.output.read_text(encoding="utf-8", errors="replace")

    def end(self):
        """Ends it as a service manager does. Answers how it ended."""
        if self.process.poll() is None:
            self.process.terminate()
        try:
            code = self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            code = None
        left = self.kill()
        return code, left

    def kill(self):
        """Ends whatever of it still runs. Answers whether there was any."""
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            return False
        self.process.wait()
        return True


def token_of(url):
    found = urllib.parse.parse_qs(urllib.parse.urlsplit(url).query).get("token", [])
    if len(found) != 1:
        raise Failure("the link has no token")
    return found[0]


def free_port():
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        return server.getsockname()[1]
