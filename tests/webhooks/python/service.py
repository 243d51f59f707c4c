"""`reset-password serve`, as a process, its commands, and its database past everything that guards it."""

import json
import queue
import sqlite3
import subprocess
import threading
import urllib.error
import urllib.request

SCOPES = "events:read,users:read,users:write,resets:create,resets:confirm,webhooks:read,webhooks:write"


class Service:
    def __init__(self, program, folder, options):
        self.program = program
        self.folder = folder
        self.database = f"{folder}/reset-password.db"
        self.log = []
        self._lines = queue.Queue()
        command = [program, "serve", "--listen", "127.0.0.1:0", "--log-format", "json", *self._cheap(), *options]
        self._process = subprocess.Popen(
            command, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
        )
        threading.Thread(target=self._read, daemon=True).start()
        self.base_url = self.line(lambda line: line.get("message") == "listening")["address"]
        self.key = self.run("api-key", "create", "--name", "test", "--scope", SCOPES)["key"]

    @staticmethod
    def _cheap():
        return ["--argon2-memory-kib", "19456", "--argon2-iterations", "2"]

    def _read(self):
        for line in self._process.stderr:
            self.log.append(line)
            self._lines.put(json.loads(line))

    def line(self, passes):
        """The next line of the log that passes."""
        while True:
            line = self._lines.get(timeout=60)
            if passes(line):
                return line

    def run(self, *arguments, code=0):
        """Runs a command on the same database; answers its document."""
        command = [self.program, "--json", *self._cheap(), *arguments]
        done = subprocess.run(command, cwd=self.folder, capture_output=True, text=True, timeout=60)
        if done.returncode != code:
            raise AssertionError(f"{arguments} ended with {done.returncode}: {done.stderr}")
        return json.loads(done.stdout or done.stderr)

    def ask(self, method, path, body=None):
        """One request with the key; answers the status and the document, if there is one."""
        headers = {"authorization": f"Bearer {self.key}"}
        data = None
        if body is not None:
            headers["content-type"] = "application/json"
            data = json.dumps(body).encode()
        request = urllib.request.Request(self.base_url + path, data=data, headers=headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                text = answer.read()
                return answer.status, json.loads(text) if text else None
        except urllib.error.HTTPError as error:
            return error.code, json.loads(error.read())

    def add_user(self, email):
        status, user = self.ask("POST", "/user_management/users", {"email": email})
        assert status == 201, user
        return user["id"]

    def alter(self, statement):
        connection = sqlite3.connect(self.database, timeout=30)
        with connection:
            connection.execute(statement)
        connection.close()

    def end_rests(self):
        """What failed is tried at once."""
        self.alter("UPDATE reset_password_webhook_endpoints SET due_at = 0")

    def stop(self):
        self._process.terminate()
        return self._process.wait(timeout=60)
