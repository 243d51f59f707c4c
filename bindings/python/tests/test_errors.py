"""The tree of exceptions, held against the reference."""

import copy
import inspect
import pickle
import re
import subprocess
import sys

import pytest

import reset_password
from conftest import NEW, ROOT

LIST = (ROOT / "docs/reference/errors.md").read_text(encoding="utf-8")
CODES = re.findall(r"^\| `(\w+)` \| (.+) \| (yes|no) \|$", LIST.split("codes:begin")[1].split("codes:end")[0], re.M)


def test_every_code_has_a_class_and_every_class_a_code():
    assert len(CODES) == 27
    classes = {
        kind.code: name
        for name, kind in inspect.getmembers(reset_password, inspect.isclass)
        if issubclass(kind, reset_password.Error) and kind is not reset_password.Error
    }
    expected = {code: "".join(map(str.capitalize, code.split("_"))) + "Error" for code, _, _ in CODES}
    assert classes == expected
    assert set(classes.values()) < set(reset_password.__all__)
    assert reset_password.Error.__bases__ == (Exception,)


@pytest.mark.parametrize(("code", "message", "retryable"), CODES, ids=[code for code, _, _ in CODES])
def test_an_error_is_built_for_every_code(code, message, retryable):
    error = reset_password._errors.exception(code, message, (), retryable == "yes", None)
    assert type(error).__bases__ == (reset_password.Error,)
    assert (error.code, error.message, str(error)) == (code, message, message)
    assert error.retryable is (retryable == "yes") and error.retry_after is None and error.errors == ()
    assert type(error).__module__ == "reset_password" and type(error).__doc__


def test_an_error_tells_everything(users, ada):
    token = users.create_password_reset(ada.email).password_reset_token
    with pytest.raises(reset_password.PasswordRejectedError) as raised:
        users.reset_password(token, "short")
    error = raised.value
    assert error.code == "password_rejected" and str(error) == error.message and not error.retryable
    assert isinstance(error.errors[0], reset_password.Detail)
    assert (error.errors[0].code, error.errors[0].minimum_length) == ("password_too_short", 15)
    with pytest.raises(reset_password.Error) as raised:
        users.reset_password("x", NEW)
    assert type(raised.value) is reset_password.PasswordResetTokenNotFoundError
    with pytest.raises(reset_password.InputInvalidError) as raised:
        users.list_users(limit=0)
    assert raised.value.errors[0].field == "limit"


HOLDS_THE_LOCK = """
import sqlite3, sys
other = sqlite3.connect(sys.argv[1], isolation_level=None)
other.execute("BEGIN IMMEDIATE")
print("locked", flush=True)
sys.stdin.read()
other.close()
"""


def test_a_database_that_is_locked_is_retryable(database, users):
    # In a process of its own: locks of files hold between processes only.
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen([sys.executable, "-c", HOLDS_THE_LOCK, database], **pipes) as other:
        assert other.stdout.readline() == b"locked\n"
        with pytest.raises(reset_password.StorageUnavailableError) as raised:
            users.create_user("ada@example.com")
        other.stdin.close()
    assert raised.value.retryable and raised.value.retry_after == 1
    assert users.create_user("ada@example.com").email == "ada@example.com"


def test_errors_are_pickled_and_copied_whole(users):
    with pytest.raises(reset_password.InputInvalidError) as raised:
        users.list_users(limit=0)
    error = raised.value
    for twin in (pickle.loads(pickle.dumps(error)), copy.copy(error), copy.deepcopy(error)):
        assert type(twin) is type(error) and twin is not error
        assert vars(twin) == vars(error) and str(twin) == str(error) and twin.code == error.code


def test_results_are_pickled_and_copied_whole(users, ada):
    reset = users.create_password_reset(ada.email)
    for result in (ada, reset, users.events(), users.list_users(), users.check_password("short")):
        for twin in (pickle.loads(pickle.dumps(result)), copy.copy(result), copy.deepcopy(result)):
            assert twin == result


def test_a_handle_is_not_pickled(users):
    with pytest.raises(TypeError):
        pickle.dumps(users)
