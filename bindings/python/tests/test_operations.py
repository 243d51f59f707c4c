"""Every operation, one after the other, and what each answers."""

import dataclasses
import json
import os
import threading
from datetime import datetime, timedelta, timezone

import pytest

import reset_password
from conftest import NEW, OLD, QUICK
from reset_password import UserManagement


def test_a_reset_from_beginning_to_end(users, ada):
    assert ada.email == "Ada@Example.com"
    assert not ada.email_verified
    reset = users.create_password_reset("ada@example.com")
    assert reset.user_id == ada.id
    assert reset.password_reset_url.endswith("?token=" + reset.password_reset_token)
    assert users.get_password_reset(reset.id) == reset

    changed = users.reset_password(token=reset.password_reset_token, new_password=NEW)
    assert changed.id == ada.id
    assert changed.email_verified
    assert changed.credentials_changed_at > ada.credentials_changed_at
    assert users.authenticate_with_password(email="ada@example.com", password=NEW).id == ada.id
    with pytest.raises(reset_password.InvalidCredentialsError):
        users.authenticate_with_password("ada@example.com", OLD)
    with pytest.raises(reset_password.PasswordResetTokenNotFoundError):
        users.reset_password(reset.password_reset_token, "a third password of words")


def test_users_are_made_read_changed_listed_and_deleted(users):
    made = users.create_user(
        "grace@example.com",
        email_verified=True,
        first_name="Grace",
        last_name="Hopper",
        name="Grace Hopper",
        external_id="crm-1906",
        metadata={"ship": "⛵", "b": ""},
        locale="en-GB",
    )
    assert made.metadata == {"ship": "⛵", "b": ""}
    assert made.credentials_changed_at is None and made.last_sign_in_at is None
    assert users.get_user(made.id) == made
    assert users.get_user_by_email("GRACE@example.com") == made
    assert users.get_user_by_external_id("crm-1906") == made

    changed = users.update_user(made.id, email="grace@example.org", last_name="", metadata={})
    assert (changed.email, changed.email_verified) == ("grace@example.org", False)
    assert changed.last_name is None and changed.metadata == {} and changed.first_name == "Grace"

    second = users.create_user("second@example.com")
    page = users.list_users(limit=1)
    assert [user.id for user in page.data] == [second.id]
    older = users.list_users(limit=1, after=page.list_metadata.after)
    assert [user.id for user in older.data] == [made.id]
    assert [user.id for user in users.list_users(order="asc").data] == [made.id, second.id]
    assert [user.id for user in users.list_users(email="grace@example.org").data] == [made.id]

    assert users.delete_user(made.id) is None
    with pytest.raises(reset_password.UserNotFoundError):
        users.get_user(made.id)


def test_requests_for_a_public_form(users, ada):
    assert users.request_password_reset("nobody@example.com") is None
    reset = users.request_password_reset("ada@example.com")
    assert reset.email == "Ada@Example.com"
    assert users.request_password_reset("ada@example.com") is None
    assert users.revoke_password_resets(user_id=ada.id) == 1
    assert users.revoke_password_resets() == 0
    with pytest.raises(reset_password.PasswordResetNotFoundError):
        users.get_password_reset(reset.id)


def test_the_policy(users, ada):
    assert users.check_password(NEW) == reset_password.PasswordCheck(acceptable=True, errors=())
    verdict = users.check_password("short")
    assert not verdict.acceptable
    assert verdict.errors[0].code == "password_too_short" and verdict.errors[0].minimum_length == 15
    assert not users.check_password("Ada@Example.com", user_id=ada.id).acceptable


def test_events_and_purge(users, ada):
    reset = users.create_password_reset("ada@example.com")
    feed = users.events()
    assert [event.event for event in feed.data] == ["user.created", "password_reset.created"]
    assert feed.data[0].data["id"] == ada.id and feed.data[0].data["metadata"] == {"plan": "free"}
    assert reset.password_reset_token not in json.dumps([event.to_dict() for event in feed.data])
    first = users.events(limit=1)
    assert users.events(after=first.list_metadata.after, limit=1).data == (feed.data[1],)
    assert users.events(after=feed.data[1].id) == reset_password.EventList(
        data=(), list_metadata=reset_password.EventCursor(after=None)
    )
    assert users.purge() == users.purge(limit=10) == reset_password.Purged(0, 0, 0)


def test_moments_know_their_zone(users, ada):
    assert ada.created_at.tzinfo is timezone.utc
    assert abs(datetime.now(timezone.utc) - ada.created_at) < timedelta(minutes=1)
    reset = users.create_password_reset(ada.email)
    assert reset.expires_at - reset.created_at == timedelta(minutes=30)
    assert ada.created_at.microsecond % 1000 == 0


def test_results_are_frozen_plain_and_comparable(users, ada):
    with pytest.raises(dataclasses.FrozenInstanceError):
        ada.email = "eve@example.com"
    assert hash(ada) == hash(users.get_user(ada.id))
    plain = ada.to_dict()
    assert list(plain) == [field.name for field in dataclasses.fields(ada)]
    assert plain["created_at"] == ada.created_at.isoformat(timespec="milliseconds")[:-6] + "Z"
    assert plain["last_sign_in_at"] is None
    page = users.list_users().to_dict()
    assert page == {"data": [plain], "list_metadata": {"before": None, "after": None}}
    assert json.loads(json.dumps(page)) == page
    assert users.check_password("short").to_dict()["errors"][0]["field"] is None


def test_close_ends_nothing_for_good(users, ada):
    users.close()
    users.close()
    assert users.get_user(ada.id) == ada
    with users as same:
        assert same is users
    assert users.get_user(ada.id) == ada


def test_two_handles_on_one_file(database, users, ada):
    with UserManagement(f"sqlite:{database}", **QUICK) as other:
        reset = other.create_password_reset("ada@example.com")
        users.reset_password(reset.password_reset_token, NEW)
        assert other.authenticate_with_password("ada@example.com", NEW).email_verified


def test_options_arrive(tmp_path):
    key, other = "ab" * 16 + "cd" * 16, "12" * 16 + "34" * 16
    file = tmp_path / "secret"
    file.write_text(other)
    file.chmod(0o600)
    options = QUICK | {"memory_budget_kib": 262_144, "migrate": True}
    with UserManagement(tmp_path / "a.db", key=key, reset_url="https://example.com/new?x=1", **options) as users:
        user = users.create_user("ada@example.com")
        assert users.create_password_reset(user.email).password_reset_url.startswith("https://example.com/new?x=1&token=")
    with UserManagement(
        os.fspath(tmp_path / "a.db"),
        key_file=file,
        previous_keys=(key,),
        token_lifetime=600,
        seal_tokens=False,
        password_min_length=8,
        service_names=["fjordline"],
        **QUICK,
    ) as users:
        reset = users.create_password_reset("ada@example.com")
        assert reset.expires_at - reset.created_at == timedelta(minutes=10)
        with pytest.raises(reset_password.PasswordResetNotFoundError):
            users.get_password_reset(reset.id)
        assert users.check_password("vx8-hulm").acceptable
        assert not users.check_password("fjordline").acceptable
    with pytest.raises(reset_password.ConfigInvalidError, match="key"):
        UserManagement(tmp_path / "a.db", key="11" * 16 + "22" * 16)
    with pytest.raises(reset_password.ConfigInvalidError):
        UserManagement(tmp_path / "new.db", migrate=False)
    with pytest.raises(reset_password.ConfigInvalidError, match="secret key"):
        UserManagement("postgres://u:p@localhost/x")


def test_an_imported_hash_signs_in(users):
    hashed = "$2b$04$" + "abcdefghijklmnopqrstuu" + "x" * 31
    with pytest.raises(reset_password.PasswordAndPasswordHashProvidedError):
        users.create_user("a@example.com", password=OLD, password_hash=hashed)
    with pytest.raises(reset_password.InvalidPasswordHashError):
        users.create_user("a@example.com", password_hash="plain")


def test_many_threads_on_one_handle_and_one_winner(users, ada):
    token = users.create_password_reset("ada@example.com").password_reset_token
    start, outcomes = threading.Barrier(8), []

    def redeem(number):
        start.wait()
        try:
            users.reset_password(token, f"{NEW} {number}")
            outcomes.append(number)
        except reset_password.PasswordResetTokenNotFoundError:
            outcomes.append(None)

    threads = [threading.Thread(target=redeem, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    winners = [number for number in outcomes if number is not None]
    assert len(outcomes) == 8 and len(winners) == 1
    users.authenticate_with_password("ada@example.com", f"{NEW} {winners[0]}")
