"""What the SDK sends with a request, and what happens when the answer is lost on the way."""

from adapter import only_where
from expect import equal, expect, refused
from feed import events_of
from proxy import LossyProxy
from story_resets import DEAD_TOKEN
from words import FIRST_PASSWORD, SECOND_PASSWORD

CONFIRM = "/user_management/password_reset/confirm"


def the_idempotency_key_that_the_sdk_sends_is_accepted(client, service):
    with LossyProxy(service.base_url) as proxy:
        near = client.at(base_url=proxy.url)
        user = near.create_user(email=client.address(), password=FIRST_PASSWORD)
        reset = near.create_reset(user["email"])
        near.confirm(reset["password_reset_token"], SECOND_PASSWORD)
        near.update_user(user["id"], first_name="Ada")
        near.get_user(user["id"])
        near.delete_user(user["id"])
        sent = proxy.exchanges
    equal([(exchange.method, exchange.status) for exchange in sent], [
        ("POST", 201), ("POST", 201), ("POST", 200), ("PUT", 200), ("GET", 200), ("DELETE", 202),
    ], "what was sent and answered")
    posts = 3 if client.RETRIES else 0
    keys = [exchange.idempotency_key for exchange in sent]
    expect(all(keys[:posts]) and len(set(keys[:posts])) == posts, "every POST has a key of its own")
    equal(keys[posts:], [None] * (6 - posts), "keys of the other requests")


@only_where("RETRIES")
def a_confirmation_whose_answer_is_lost_is_sent_again_and_succeeds(client, service):
    user, reset = _user_and_reset(client)
    with LossyProxy(service.base_url) as proxy:
        near = client.at(base_url=proxy.url)
        proxy.lose_next_answer_to(CONFIRM)
        confirmed = near.confirm(reset["password_reset_token"], SECOND_PASSWORD)
        sent = proxy.exchanges
    equal([(exchange.path, exchange.status, exchange.delivered) for exchange in sent],
          [(CONFIRM, 200, False), (CONFIRM, 200, True)], "what was sent and answered")
    expect(sent[0].idempotency_key and sent[0].idempotency_key == sent[1].idempotency_key, "one key for both")
    equal(confirmed, client.get_user(user["id"]), "the user in the second answer")
    equal(confirmed["email_verified"], True, "email_verified")
    _password_was_set_once(client, service, user)
    token = reset["password_reset_token"]
    refused(client, lambda: client.confirm(token, SECOND_PASSWORD), DEAD_TOKEN, never=[token])


@only_where("TRANSPORT_ERROR")
def a_confirmation_whose_answer_is_lost_is_an_error_and_has_set_the_password(client, service):
    user, reset = _user_and_reset(client)
    with LossyProxy(service.base_url) as proxy:
        near = client.at(base_url=proxy.url)
        proxy.lose_next_answer_to(CONFIRM)
        try:
            near.confirm(reset["password_reset_token"], SECOND_PASSWORD)
        except Exception as error:  # what it must be is compared below
            equal(type(error), client.TRANSPORT_ERROR, "class of the exception")
        else:
            raise AssertionError("the caller was told of success although the answer was lost")
        sent = proxy.exchanges
    equal([(exchange.path, exchange.status, exchange.delivered) for exchange in sent],
          [(CONFIRM, 200, False)], "what was sent and answered")
    _password_was_set_once(client, service, user)
    token = reset["password_reset_token"]
    refused(client, lambda: client.confirm(token, SECOND_PASSWORD), DEAD_TOKEN, never=[token])


def _password_was_set_once(client, service, user):
    told = [event["event"] for event in events_of(client, user["id"])]
    equal(told, ["password_reset.created", "password_reset.succeeded"], "what the feed tells")
    expect(not service.accepts(user["email"], FIRST_PASSWORD), "the old password is refused")
    expect(service.accepts(user["email"], SECOND_PASSWORD), "the new password is in force")


def _user_and_reset(client):
    user = client.create_user(email=client.address(), password=FIRST_PASSWORD)
    return user, client.create_reset(user["email"])
