"""Values of a wrong type, and texts and numbers that only Python has."""

import enum
import pathlib

import pytest

import reset_password
from conftest import NEW, OLD, QUICK
from reset_password import UserManagement

TEXTS = [
    ("authenticate_with_password", ["email", "password"], []),
    ("check_password", ["password"], ["user_id"]),
    ("create_password_reset", ["email"], []),
    (
        "create_user",
        ["email"],
        ["password", "password_hash", "first_name", "last_name", "name", "external_id", "locale"],
    ),
    ("delete_user", ["id"], []),
    ("events", [], ["after"]),
    ("get_password_reset", ["id"], []),
    ("get_user", ["id"], []),
    ("get_user_by_email", ["email"], []),
    ("get_user_by_external_id", ["external_id"], []),
    ("list_users", [], ["email", "before", "after", "order"]),
    ("request_password_reset", ["email"], []),
    ("reset_password", ["token", "new_password"], []),
    ("revoke_password_resets", [], ["user_id"]),
    (
        "update_user",
        ["id"],
        ["email", "password", "password_hash", "first_name", "last_name", "name", "external_id", "locale"],
    ),
]
NO_TEXT = [b"secret", bytearray(b"secret"), 7, 1.5, True, ["secret"], {"secret": 1}, object()]
NO_NUMBER = [True, 1.0, float("nan"), "1", b"1", [1]]


@pytest.mark.parametrize(("call", "needed", "optional"), TEXTS, ids=[call for call, _, _ in TEXTS])
def test_what_is_no_text_is_a_type_error_and_nothing_is_done(users, ada, call, needed, optional):
    before = users.get_user(ada.id), users.events(limit=100)
    for wrong in needed + optional:
        for value in NO_TEXT + [None] * (wrong in needed):
            arguments = {name: ada.id if name == "id" else "new@example.com" for name in needed}
            with pytest.raises(TypeError) as raised:
                getattr(users, call)(**arguments | {wrong: value})
            assert "secret" not in str(raised.value)
    assert (users.get_user(ada.id), users.events(limit=100)) == before


@pytest.mark.parametrize("value", [1, 0, "yes", "", [], b"\x01"])
def test_what_is_no_bool_is_a_type_error(users, ada, value):
    with pytest.raises(TypeError):
        users.create_user("new@example.com", email_verified=value)
    with pytest.raises(TypeError):
        users.update_user(ada.id, email_verified=value)
    for option in ("seal_tokens", "migrate"):
        with pytest.raises(TypeError):
            UserManagement(":memory:", **{option: value})


@pytest.mark.parametrize("value", NO_NUMBER, ids=repr)
def test_what_is_no_int_is_a_type_error(users, value):
    for call in (users.events, users.list_users, users.purge):
        with pytest.raises(TypeError):
            call(limit=value)
    for option in ("token_lifetime", "password_min_length", "argon2_memory_kib", "argon2_iterations", "memory_budget_kib"):
        with pytest.raises(TypeError):
            UserManagement(":memory:", **{option: value})


@pytest.mark.parametrize("number", [-1, 0, 101, 2**31, 2**63, -(2**63) - 1, 10**300, -(10**300)])
def test_numbers_of_any_size_are_judged_by_the_engine(users, number):
    for call in (users.events, users.list_users):
        with pytest.raises(reset_password.InputInvalidError) as raised:
            call(limit=number)
        assert raised.value.errors[0].code == "limit_invalid"
    with pytest.raises(reset_password.ConfigInvalidError, match="token_lifetime"):
        UserManagement(":memory:", token_lifetime=number)


@pytest.mark.parametrize("value", ["ab", b"ab", [b"ab"], [1], {"a": "b"}, {"ab"}, 7, iter(["ab"])], ids=repr)
def test_lists_of_text_are_sequences_of_str(value):
    for option in ("previous_keys", "service_names"):
        with pytest.raises(TypeError):
            UserManagement(":memory:", **{option: value})


@pytest.mark.parametrize("value", ["ab", [("a", "b")], {"a": 1}, {1: "a"}, {"a": None}, {b"a": "b"}, 7], ids=repr)
def test_metadata_is_a_mapping_of_str_to_str(users, ada, value):
    with pytest.raises(TypeError):
        users.create_user("new@example.com", metadata=value)
    with pytest.raises(TypeError):
        users.update_user(ada.id, metadata=value)


@pytest.mark.parametrize("value", [b":memory:", None, 7, ["a"], object()], ids=repr)
def test_a_database_is_a_str_or_a_path(tmp_path, value):
    with pytest.raises(TypeError):
        UserManagement(value)
    if value is not None:
        with pytest.raises(TypeError):
            UserManagement(":memory:", key_file=value)


def test_arguments_are_those_of_the_signature(users):
    for call, arguments in (
        (users.reset_password, {"token": "x"}),
        (users.reset_password, {"token": "x", "new_password": NEW, "more": 1}),
        (users.create_user, {}),
    ):
        with pytest.raises(TypeError):
            call(**arguments)
    with pytest.raises(TypeError):
        users.create_user("new@example.com", OLD)
    with pytest.raises(TypeError):
        UserManagement(":memory:", "key")


class Title(str):
    """A text of a subclass."""


class Size(enum.IntEnum):
    """A number of a subclass."""

    ONE = 1


def test_subclasses_are_taken(users, ada):
    assert users.get_user(Title(ada.id)) == ada
    assert users.update_user(ada.id, name=Title("Ada"), metadata={Title("a"): Title("b")}).metadata == {"a": "b"}
    assert len(users.list_users(limit=Size.ONE).data) == 1


LONE = ["\ud800", "a\udc00b", "\udc00\ud800", "secret-\udfff"]


@pytest.mark.parametrize("text", LONE, ids=ascii)
def test_lone_surrogates_are_refused_by_whoever_reads_them(users, ada, text):
    for call, field, arguments in (
        (users.create_user, "email", {"email": text}),
        (users.create_user, "name", {"email": "new@example.com", "name": text}),
        (users.create_user, "metadata", {"email": "new@example.com", "metadata": {text: "x"}}),
        (users.update_user, "locale", {"id": ada.id, "locale": text}),
        (users.get_user_by_email, "email", {"email": text}),
    ):
        with pytest.raises(reset_password.InputInvalidError) as raised:
            call(**arguments)
        assert raised.value.errors[0].field == field
    with pytest.raises(reset_password.UserNotFoundError):
        users.get_user(text)
    with pytest.raises(reset_password.InvalidCredentialsError):
        users.authenticate_with_password("ada@example.com", text)
    with pytest.raises(reset_password.PasswordResetTokenNotFoundError):
        users.reset_password(text, NEW)
    token = users.create_password_reset("ada@example.com").password_reset_token
    with pytest.raises(reset_password.PasswordRejectedError) as raised:
        users.reset_password(token, text * 20)
    assert raised.value.errors[0].code == "password_invalid_characters"
    assert not users.check_password(text * 20).acceptable
    with pytest.raises(reset_password.ConfigInvalidError):
        UserManagement(text)
    with pytest.raises(reset_password.ConfigInvalidError):
        UserManagement(":memory:", key_file=pathlib.Path(text))


@pytest.mark.parametrize("password", ["e\u0301te\u0301 a\u0300 la mer, Zoe\u0308", "\U0001f6a2⛵ two ships \U0001f42b at dusk", "שלום לכולם חברים", "nul\0 within a password"], ids=ascii)
def test_texts_arrive_as_they_are(users, ada, password):
    token = users.create_password_reset("ada@example.com").password_reset_token
    users.reset_password(token, password)
    assert users.authenticate_with_password("ada@example.com", password).id == ada.id
    named = users.update_user(ada.id, name="\U0001f6a2 e\u0301", metadata={"k": "עברית"})
    assert (named.name, named.metadata) == ("\U0001f6a2 e\u0301", {"k": "עברית"})


def test_a_huge_text_is_refused_quickly(users, ada):
    with pytest.raises(reset_password.InvalidCredentialsError):
        users.authenticate_with_password("ada@example.com", "x" * 10_000_000)
    assert users.check_password("é" * 10_000_000, user_id=None).errors[0].code == "password_too_long"


def test_what_a_mapping_raises_is_raised():
    class Broken(dict):
        def items(self):
            raise ZeroDivisionError

    with UserManagement(":memory:", **QUICK) as users, pytest.raises(ZeroDivisionError):
        users.create_user("new@example.com", metadata=Broken())
