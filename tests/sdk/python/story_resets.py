"""Resets: create, read back, confirm, and every way in which a confirmation is refused."""

from datetime import timedelta

from expect import Refusal, equal, expect, refused
from words import (
    FIRST_PASSWORD,
    SECOND_PASSWORD,
    THIRD_PASSWORD,
    TOO_SHORT,
    UNKNOWN_RESET,
    UNKNOWN_TOKEN,
    WEAK_PASSWORD,
    missing,
)

LIFETIME = timedelta(minutes=30)
DEAD_TOKEN = Refusal(404, "password_reset_token_not_found")
TOO_WEAK = Refusal(400, "password_reset_error", errors=(TOO_SHORT,))
EXPIRED = Refusal(400, "password_reset_error", errors=({"code": "password_reset_token_expired"},))


def a_reset_is_created_and_read_back(client, service):
    user, reset = _user_and_reset(client)
    equal(set(reset), client.RESET_FIELDS, "fields of a reset")
    expect(reset.get("object", "password_reset") == "password_reset", "object of a reset")
    expect(
        reset["id"].startswith("password_reset_") and len(reset["id"]) == 41,
        "an id is password_reset_ and a ULID",
    )
    equal((reset["user_id"], reset["email"]), (user["id"], user["email"]), "whose reset it is")
    expect(len(reset["password_reset_token"]) == 43, "the token has 43 characters")
    expect(
        reset["password_reset_url"] == f"{service.reset_url}?token={reset['password_reset_token']}",
        "the url is the configured page and the token",
    )
    lifetime = client.moment(reset["expires_at"]) - client.moment(reset["created_at"])
    equal(lifetime, LIFETIME, "lifetime")
    expect(client.get_reset(reset["id"]) == reset, "the reset, read, is the one that was created")


def confirming_sets_the_password_and_verifies_the_address(client, service):
    user, reset = _user_and_reset(client)
    equal(user["email_verified"], False, "email_verified before")
    confirmed = client.confirm(reset["password_reset_token"], SECOND_PASSWORD)
    equal(set(confirmed), client.USER_FIELDS, "fields of the user")
    changed = {"email_verified": True, "updated_at": confirmed["updated_at"]}
    equal(confirmed, {**user, **changed}, "the user, confirmed")
    expect(client.moment(confirmed["updated_at"]) >= client.moment(user["updated_at"]), "updated_at moves on")
    equal(client.get_user(user["id"]), confirmed, "the user, read")
    expect(not service.accepts(user["email"], FIRST_PASSWORD), "the old password is refused")
    expect(service.accepts(user["email"], SECOND_PASSWORD), "the new password is in force")


def a_user_without_a_password_gets_the_first_by_a_reset(client, service):
    user = client.create_user(email=client.address())
    reset = client.create_reset(user["email"])
    client.confirm(reset["password_reset_token"], FIRST_PASSWORD)
    expect(service.accepts(user["email"], FIRST_PASSWORD), "the password is in force")


def a_reset_for_an_unknown_address_is_404(client, service):
    address = client.address()
    nobody = Refusal(404, "entity_not_found", entity_id=address)
    refused(client, lambda: client.create_reset(address), nobody)


def an_unknown_reset_is_404(client, service):
    unknown = Refusal(404, "entity_not_found", entity_id=UNKNOWN_RESET)
    refused(client, lambda: client.get_reset(UNKNOWN_RESET), unknown)


def an_unknown_token_is_404(client, service):
    for token in [UNKNOWN_TOKEN, "no-token-at-all"]:
        refused(
            client,
            lambda: client.confirm(token, SECOND_PASSWORD),
            DEAD_TOKEN,
            never=[token, SECOND_PASSWORD],
        )


def a_weak_password_is_400_and_leaves_the_token_usable(client, service):
    user, reset = _user_and_reset(client)
    token = reset["password_reset_token"]
    refused(client, lambda: client.confirm(token, WEAK_PASSWORD), TOO_WEAK, never=[token, WEAK_PASSWORD])
    expect(service.accepts(user["email"], FIRST_PASSWORD), "the old password is still in force")
    expect(client.get_reset(reset["id"]) == reset, "the reset can still be read")
    equal(client.confirm(token, SECOND_PASSWORD)["id"], user["id"], "the user of the same token")
    expect(service.accepts(user["email"], SECOND_PASSWORD), "the new password is in force")


def a_used_token_is_404(client, service):
    user, reset = _user_and_reset(client)
    token = reset["password_reset_token"]
    client.confirm(token, SECOND_PASSWORD)
    refused(client, lambda: client.confirm(token, THIRD_PASSWORD), DEAD_TOKEN, never=[token, THIRD_PASSWORD])
    # Word for word the same, and still another request: only a retry of the request is answered again.
    refused(client, lambda: client.confirm(token, SECOND_PASSWORD), DEAD_TOKEN, never=[token])
    unreadable = Refusal(404, "entity_not_found", entity_id=reset["id"])
    refused(client, lambda: client.get_reset(reset["id"]), unreadable)
    expect(service.accepts(user["email"], SECOND_PASSWORD), "the password of the first confirmation is in force")


def an_expired_token_is_400(client, service):
    user, reset = _user_and_reset(client)
    token = reset["password_reset_token"]
    service.make_older(reset["id"], LIFETIME.seconds)
    refused(client, lambda: client.confirm(token, SECOND_PASSWORD), EXPIRED, never=[token, SECOND_PASSWORD])
    unreadable = Refusal(404, "entity_not_found", entity_id=reset["id"])
    refused(client, lambda: client.get_reset(reset["id"]), unreadable)
    expect(service.accepts(user["email"], FIRST_PASSWORD), "the old password is still in force")


def a_token_works_until_it_expires(client, service):
    user, reset = _user_and_reset(client)
    service.make_older(reset["id"], LIFETIME.seconds - 60)
    equal(client.confirm(reset["password_reset_token"], SECOND_PASSWORD)["id"], user["id"], "the user")


def only_the_newest_token_works(client, service):
    user, older = _user_and_reset(client)
    newer = client.create_reset(user["email"])
    expect(older["password_reset_token"] != newer["password_reset_token"], "two resets have two tokens")
    refused(client, lambda: client.confirm(older["password_reset_token"], SECOND_PASSWORD), DEAD_TOKEN)
    equal(client.confirm(newer["password_reset_token"], SECOND_PASSWORD)["id"], user["id"], "the user")


def a_change_of_the_password_ends_the_reset(client, service):
    user, reset = _user_and_reset(client)
    client.update_user(user["id"], password=SECOND_PASSWORD)
    refused(client, lambda: client.confirm(reset["password_reset_token"], THIRD_PASSWORD), DEAD_TOKEN)
    expect(service.accepts(user["email"], SECOND_PASSWORD), "the password of the change is in force")


def an_empty_field_is_422(client, service):
    def empty(field):
        return Refusal(422, "invalid_request_parameters", errors=(missing(field),))

    _, reset = _user_and_reset(client)
    token = reset["password_reset_token"]
    refused(client, lambda: client.create_reset(""), empty("email"))
    refused(client, lambda: client.confirm("", SECOND_PASSWORD), empty("token"), never=[SECOND_PASSWORD])
    refused(client, lambda: client.confirm(token, ""), empty("new_password"), never=[token])
    client.confirm(token, SECOND_PASSWORD)


def _user_and_reset(client):
    user = client.create_user(email=client.address(), password=FIRST_PASSWORD)
    return user, client.create_reset(user["email"])
