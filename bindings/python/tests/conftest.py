"""What the tests share: quick handles, and a count of them all at the end."""

import pathlib

import pytest

import reset_password

OLD = "a long walk by the sea"
NEW = "seven green boats at dusk"
QUICK = {"argon2_memory_kib": 19_456, "argon2_iterations": 2}
ROOT = pathlib.Path(__file__).resolve().parents[3]


@pytest.fixture
def database(tmp_path):
    return tmp_path / "app.db"


@pytest.fixture
def users(database):
    with reset_password.UserManagement(database, **QUICK) as handle:
        yield handle


@pytest.fixture
def ada(users):
    return users.create_user("Ada@Example.com", password=OLD, first_name="Ada", metadata={"plan": "free"})


def pytest_terminal_summary(terminalreporter):
    count = {each: len(terminalreporter.stats.get(each, [])) for each in ("passed", "failed", "error", "skipped")}
    failed = count["failed"] + count["error"]
    terminalreporter.write_line(
        f"test result: {'FAILED' if failed else 'ok'}. {count['passed']} passed; {failed} failed; "
        f"{count['skipped']} ignored;"
    )
