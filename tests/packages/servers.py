"""Registries that run on this machine for a test, each of the kind that a language's users have."""

import contextlib
import functools
import http.server
import json
import os
import socket
import socketserver
import subprocess
import sys
import threading
import time
import urllib.request

from release import run

VERDACCIO = "6.8.0"
# What verdaccio asks for is not to be had everywhere; this one does the same.
NODE_FETCH = "2.7.0"


def free_port():
    """A port that nobody listens at."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


@contextlib.contextmanager
def files(folder):
    """A folder over HTTP: its address."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_):
            pass

    class Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
        daemon_threads = True

    server = Server(("127.0.0.1", 0), functools.partial(Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()


@contextlib.contextmanager
def process(command, url, **options):
    """A server that is a program, from when it answers until the block ends."""
    with subprocess.Popen(
        [str(part) for part in command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **options
    ) as server:
        threading.Thread(target=server.stdout.read, daemon=True).start()
        try:
            for _ in range(600):
                assert server.poll() is None, f"{command} ended"
                with contextlib.suppress(OSError):
                    urllib.request.urlopen(url, timeout=1).close()
                    break
                time.sleep(0.1)
            else:
                raise AssertionError(f"{command} does not answer")
            yield url
        finally:
            server.kill()


@contextlib.contextmanager
def pypi(folder):
    """An index for Python's packages that takes uploads: its address."""
    folder.mkdir()
    port = free_port()
    tools = os.path.dirname(sys.executable)
    command = [f"{tools}/pypi-server", "run", "-i", "127.0.0.1", "-p", port, "-P", ".", "-a", ".", "--disable-fallback", folder]
    with process(command, f"http://127.0.0.1:{port}/") as url:
        yield url


@contextlib.contextmanager
def npm(folder):
    """verdaccio: its address, and a file of settings for npm with somebody who may publish."""
    folder.mkdir()
    (folder / "package.json").write_text(json.dumps({
        "private": True, "dependencies": {"verdaccio": VERDACCIO}, "overrides": {"node-fetch": NODE_FETCH},
    }))
    run(["npm", "install", "--silent", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=folder)
    (folder / "config.yaml").write_text(
        "storage: ./storage\nauth: {htpasswd: {file: ./htpasswd}}\nuplinks: {}\nmax_body_size: 100mb\n"
        "packages: {'**': {access: $all, publish: $authenticated}}\nlog: {type: stdout, level: error}\n"
    )
    port = free_port()
    url = f"http://127.0.0.1:{port}/"
    command = ["node", "node_modules/verdaccio/bin/verdaccio", "--config", "config.yaml", "--listen", f"127.0.0.1:{port}"]
    with process(command, url, cwd=folder):
        user = {"name": "release", "password": "not a secret: this registry ends with the test"}
        request = urllib.request.Request(
            f"{url}-/user/org.couchdb.user:release", method="PUT", data=json.dumps(user).encode(),
            headers={"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request) as answer:
            token = json.load(answer)["token"]
        settings = folder / "npmrc"
        settings.write_text(f"registry={url}\n//127.0.0.1:{port}/:_authToken={token}\n")
        yield url, settings
