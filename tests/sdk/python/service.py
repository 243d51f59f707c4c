"""The service under test, and what a test does behind the back of the HTTP API."""

import json
import os
import subprocess


class Service:
    def __init__(self):
        self.base_url = os.environ["SDK_BASE_URL"]
        self.api_key = os.environ["SDK_API_KEY"]
        self.reading_key = os.environ["SDK_READING_KEY"]
        self.reset_url = os.environ["SDK_RESET_URL"]
        self._database = os.environ["SDK_DATABASE"]
        self._command = json.loads(os.environ["SDK_RESET_PASSWORD"])
        self._age_reset = os.environ["SDK_AGE_RESET"]

    def make_older(self, reset_id, seconds):
        """Moves a reset into the past."""
        command = [self._age_reset, "--database", self._database, "--id", reset_id, "--seconds", str(seconds)]
        subprocess.run(command, check=True, timeout=30)

    def accepts(self, email, password):
        """Whether a login with this password succeeds. The HTTP API has no login yet."""
        command = [*self._command, "--json", "user", "authenticate", "--email", email, "--password-stdin"]
        done = subprocess.run(command, input=password + "\n", capture_output=True, text=True, timeout=30)
        if done.returncode == 0:
            return True
        code = json.loads(done.stderr)["error"]["code"]
        if (done.returncode, code) != (1, "invalid_credentials"):
            raise AssertionError(f"the login ended with exit code {done.returncode}, {code}")
        return False
