"""The Debian package: what it brings, and what its service may do."""

import subprocess

from release import run


def packages(release):
    found = sorted((release.dist / "debian").glob("*.deb"))
    assert len(found) == 2, found
    return found


def test_it_has_the_command_the_service_and_its_settings(release):
    for package in packages(release):
        lines = run(["dpkg-deb", "--contents", package]).splitlines()
        files = {line.split(None, 5)[5].removeprefix(".") for line in lines}
        for path in (
            "/usr/bin/reset-password", "/usr/lib/systemd/system/reset-password.service",
            "/etc/reset-password/settings.toml", "/usr/share/man/man1/reset-password.1.gz",
            "/usr/share/bash-completion/completions/reset-password", "/usr/share/doc/reset-password/copyright",
        ):
            assert path in files, (package, path)
        assert run(["dpkg-deb", "--field", package, "Depends"]) == "libc6 (>= 2.17), passwd\n"


def test_lintian_finds_no_error(release):
    for package in packages(release):
        done = subprocess.run(
            ["lintian", "--fail-on", "error", "--suppress-tags", "statically-linked-binary", package],
            capture_output=True, text=True,
        )
        assert done.returncode == 0, done.stdout


def test_the_service_is_shut_in(release):
    unit = release.root / "crates/reset-password-cli/packaging/reset-password.service"
    done = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", "--threshold=15", "--no-pager", unit],
        capture_output=True, text=True,
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr
