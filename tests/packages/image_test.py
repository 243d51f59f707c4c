"""The image: what is in it, whose it is, how fast it starts and how it ends."""

import contextlib
import json
import os
import signal
import socket
import stat
import subprocess
import tarfile
import threading
import time
import urllib.error
import urllib.request

from release import run

USER = 10001
VOLUME = "var/lib/reset-password"
# What a start may take, of the best of some: the others share the machine with whatever else runs.
START = 0.1
STARTS = 10


def unpacked(release):
    """The image's configuration, and its files in a folder."""
    architecture = release.name("oci").split("/")[1]
    image = release.one("oci", f"*-{architecture}.tar")
    root = release.scratch / "root"
    root.mkdir()
    with tarfile.open(image) as archive:
        (manifest,) = json.load(archive.extractfile("manifest.json"))
        config = json.load(archive.extractfile(manifest["Config"]))
        for layer in manifest["Layers"]:
            member = archive.getmember(layer)
            with tarfile.open(fileobj=archive.extractfile(member)) as files:
                files.extractall(root, numeric_owner=True, filter="tar")
    return config, root


class Container:
    """The image's program as process 1, with a root that nobody may write and a volume."""

    def __init__(self, config, root, environment):
        self.config, self.root, self.environment = config["config"], root, environment
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.volume = root.parent / "volume"
        self.volume.mkdir(exist_ok=True)
        os.chown(self.volume, USER, USER)
        self.volume.chmod(0o700)

    def command(self, *arguments, pid=()):
        """One that runs as the image says, with these arguments."""
        user = self.config["User"]
        script = (
            'mount --bind "$0" "$0"; mount -o remount,bind,ro "$0"; mount --bind "$1" "$0/$2"; root=$0; shift 2; '
            f'exec chroot --userspec={user} "$root" "$@"'
        )
        inside = [*self.config["Entrypoint"], *arguments]
        return ["unshare", "--mount", *pid, "sh", "-ec", script, str(self.root), str(self.volume), VOLUME, *inside]

    def variables(self):
        """Those of the image, and those of whoever runs it."""
        own = dict(one.split("=", 1) for one in self.config["Env"])
        listen = {"RESET_PASSWORD_LISTEN": f"127.0.0.1:{self.port}"}
        return {"PATH": os.environ["PATH"], **own, **listen, **self.environment}

    def beside(self, *arguments):
        """Runs a command of the image beside the service."""
        return subprocess.run(self.command(*arguments), env=self.variables(), capture_output=True, text=True)

    @contextlib.contextmanager
    def running(self):
        """The service, until the block ends. Answers the process and how long it took to be ready."""
        pid = ("--pid", "--fork", "--kill-child=KILL")
        began = time.monotonic()
        process = subprocess.Popen(
            self.command(*self.config["Cmd"], pid=pid), env=self.variables(), stderr=subprocess.PIPE, text=True
        )
        log = threading.Thread(target=process.stderr.read)
        log.start()
        try:
            while not self.is_ready():
                assert process.poll() is None and time.monotonic() - began < 60, "it did not start"
                time.sleep(0.001)
            yield process, time.monotonic() - began
        finally:
            # What ends with its parent would no longer do so after it has given up root.
            with contextlib.suppress(OSError, IndexError):
                os.kill(first_process(process), signal.SIGKILL)
            process.wait(timeout=30)
            log.join()

    def is_ready(self):
        """Whether it answers."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/readyz", timeout=5) as answer:
                return answer.status == 200
        except OSError:
            return False


def first_process(unshare):
    """The process that `unshare` runs as process 1 of its own."""
    children = f"/proc/{unshare.pid}/task/{unshare.pid}/children"
    with open(children, encoding="ascii") as file:
        return int(file.read().split()[0])


def test_it_holds_the_program_and_the_folder_of_its_database(release):
    config, root = unpacked(release)
    found = {}
    for folder, folders, files in os.walk(root):
        for name in [*folders, *files]:
            path = os.path.join(folder, name)
            found[os.path.relpath(path, root)] = os.lstat(path)
    assert set(found) == {"reset-password", "var", "var/lib", VOLUME}, set(found)
    assert stat.S_ISREG(found["reset-password"].st_mode)
    writable = [
        path for path, data in found.items()
        if data.st_mode & 0o002 or data.st_uid == USER or (data.st_gid == USER and data.st_mode & 0o020)
    ]
    assert writable == [VOLUME], writable
    assert stat.S_IMODE(found[VOLUME].st_mode) == 0o700
    settings = config["config"]
    assert settings["User"] == f"{USER}:{USER}"
    assert settings["Entrypoint"] == ["/reset-password"] and settings["Cmd"] == ["serve"]
    assert settings["Healthcheck"]["Test"] == ["CMD", "/reset-password", "health"]
    assert list(settings["Volumes"]) == [f"/{VOLUME}"]
    assert config["architecture"] == release.name("oci").split("/")[1]


def test_it_starts_at_once_says_how_it_is_and_ends_after_what_is_under_way(release):
    config, root = unpacked(release)
    # Sixteen times over the memory: a call that takes its time.
    container = Container(config, root, {"RESET_PASSWORD_ARGON2_ITERATIONS": "16"})
    asked = container.beside("health")
    assert asked.returncode == 4, asked
    took = []
    for _ in range(STARTS):
        with container.running() as (process, seconds):
            took.append(seconds)
    print(f"       it is ready after {min(took) * 1000:.0f} ms, at worst {max(took) * 1000:.0f}")
    assert min(took) < START, took
    with container.running() as (process, _):
        asked = container.beside("health")
        assert (asked.returncode, asked.stdout) == (0, f"ok: http://127.0.0.1:{container.port}/readyz\n"), asked
        one = first_process(process)
        with open(f"/proc/{one}/status", encoding="ascii") as file:
            status = dict(line.split(":\t", 1) for line in file.read().splitlines())
        assert status["Uid"].split() == [str(USER)] * 4 and status["CapEff"].strip("0") == "", status
        made = container.beside("api-key", "create", "--name", "app", "--scope", "users:write", "--json")
        assert made.returncode == 0, made
        key = json.loads(made.stdout)["key"]
        answers = []

        def create():
            request = urllib.request.Request(
                f"http://127.0.0.1:{container.port}/user_management/users",
                data=b'{"email": "ada@example.com", "password": "a long walk by the sea"}',
                headers={"Authorization": f"Bearer {key}", "Content-Type": "application/json"},
            )
            with urllib.request.urlopen(request, timeout=30) as answer:
                answers.append(answer.status)

        calling = threading.Thread(target=create)
        calling.start()
        time.sleep(0.15)
        assert answers == [], "the call was over before the service was told to stop"
        os.kill(one, signal.SIGTERM)
        calling.join()
        assert answers == [201]
        assert process.wait(timeout=30) == 0
    listed = container.beside("user", "list", "--json")
    assert "ada@example.com" in listed.stdout, listed


def test_it_is_small(release):
    size = int(run(["stat", "-c", "%s", release.one("oci", f"*-{release.name('oci').split('/')[1]}.tar")]))
    print(f"       {size / 2**20:.1f} MiB")
    assert size < 24 * 2**20
