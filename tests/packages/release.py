"""What is in the folder of a release, and a reset from beginning to end with a command of it."""

import platform
import subprocess
import sys
import tarfile

OLD = "a long walk by the sea"
NEW = "seven green boats at dusk"
EMAIL = "ada@example.com"


class Release:
    """The packages, and a folder of the test's own."""

    def __init__(self, arguments, scratch):
        self.root = arguments.root
        self.dist = arguments.dist
        self.scratch = scratch
        self.triple = arguments.triple
        self.arm64_tree = arguments.arm64_tree

    def name(self, column, triple=None):
        """What a target is called in a column of scripts/targets."""
        return run([self.root / "scripts/targets", column, triple or self.triple]).strip()

    def triples(self):
        """Every target."""
        return run([self.root / "scripts/targets", "target"]).split()

    def one(self, folder, pattern):
        """The one file of that form."""
        found = sorted((self.dist / folder).glob(pattern))
        assert len(found) == 1, f"{pattern} in {folder}: {found}"
        return found[0]

    def archive(self, name, triple=None):
        """The contents of an archive, in a folder."""
        platform_name = self.name("archive", triple)
        path = self.one("archives", f"{name}-[0-9]*-{platform_name}.tar.gz")
        folder = self.scratch / f"{name}-{platform_name}"
        with tarfile.open(path) as archive:
            archive.extractall(folder, filter="data")
        return folder


def run(command, **options):
    """What a command prints; it must succeed."""
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, **options)
    assert done.returncode == 0, f"{command}: {done.returncode}\n{done.stdout}{done.stderr}"
    return done.stdout


def whole_reset(command, folder, environment=None, inside=""):
    """A user, a link, and the new password, with nothing in the environment but what is given. `inside` is what the
    command calls the folder, if that is not where it works."""
    folder.mkdir(exist_ok=True)
    folder.chmod(0o700)
    secrets = {"old": OLD, "new": NEW}
    for name, text in secrets.items():
        (folder / name).write_text(f"{text}\n")

    def reset_password(*arguments):
        done = subprocess.run(
            [*command, *arguments], cwd=folder, env=environment or {}, capture_output=True, text=True
        )
        return done.returncode, done.stdout + done.stderr

    def must(*arguments):
        status, output = reset_password(*arguments)
        assert status == 0, f"{arguments}: {status}\n{output}"
        return output

    must("user", "create", "--email", EMAIL, "--password-file", f"{inside}old")
    must("reset", "create", "--email", EMAIL, "--token-out", f"{inside}token")
    must("reset", "confirm", "--token-file", f"{inside}token", "--password-file", f"{inside}new")
    must("user", "authenticate", "--email", EMAIL, "--password-file", f"{inside}new")
    status, output = reset_password("user", "authenticate", "--email", EMAIL, "--password-file", f"{inside}old")
    assert status == 1 and "password" in output, f"the old password: {status}\n{output}"
    status, output = reset_password("reset", "confirm", "--token-file", f"{inside}token", "--password-file", f"{inside}old")
    assert status == 1, f"the token again: {status}\n{output}"


def is_here(triple):
    """Whether a program of that target runs on this machine."""
    return triple.startswith(f"{platform.machine()}-unknown-linux-")


def qemu(triple):
    """What runs a program of that target."""
    return [] if is_here(triple) else [f"qemu-{triple.split('-')[0]}-static"]


def zig(triple):
    """What compiles C for any target of Linux, for the oldest glibc that is promised, and has an unwinder of its own for it."""
    processor, library = triple.split("-")[0], {"gnu": "gnu.2.17", "musl": "musl"}[triple.split("-")[-1]]
    return [sys.executable, "-m", "ziglang", "cc", "-target", f"{processor}-linux-{library}"]
