"""The workflows: right by actionlint's word, and everything that they take from others named by its digest."""

import re

from release import run

ACTIONLINT = "v1.7.12"


def workflows(release):
    found = sorted((release.root / ".github/workflows").glob("*.yml"))
    assert [path.stem for path in found] == ["platforms", "release", "test"], found
    return found


def test_actionlint_finds_nothing(release):
    tools = release.dist.parent / "actionlint"
    if not (tools / ACTIONLINT).exists():
        environment = {"GOBIN": str(tools), "GOFLAGS": "-buildvcs=false"}
        run(["env", *[f"{name}={value}" for name, value in environment.items()], "go", "install",
             f"github.com/rhysd/actionlint/cmd/actionlint@{ACTIONLINT}"])
        (tools / ACTIONLINT).touch()
    run([tools / "actionlint", *workflows(release)], cwd=release.root)


def test_what_others_made_is_named_by_its_digest(release):
    for path in workflows(release):
        for line in path.read_text().splitlines():
            if named := re.search(r"uses: (\S+)", line):
                assert re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", named[1]) and re.search(r" # v\d", line), line
            if named := re.search(r"container: (\S+)", line):
                assert re.fullmatch(r"[\w.:/-]+@sha256:[0-9a-f]{64}", named[1]), line


def test_no_workflow_reads_a_stored_secret(release):
    for path in workflows(release):
        assert "secrets." not in path.read_text(), path
        assert path.read_text().count("persist-credentials: false") == path.read_text().count("actions/checkout@"), path
