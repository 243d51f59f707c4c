"""What an API key opens, and what the feed of events tells."""

from expect import Refusal, equal, expect, refused
from feed import KINDS, events_of, whole_feed
from words import FIRST_PASSWORD, SECOND_PASSWORD, UNKNOWN_TOKEN

RESET_DATA = {"object", "id", "user_id", "email", "expires_at", "created_at"}


def a_wrong_key_is_401(client, service):
    # One call: the service answers 429 to a client that goes on presenting wrong keys.
    stranger = client.at(api_key="rpk_" + "A" * 43)
    refused(
        stranger,
        lambda: stranger.confirm(UNKNOWN_TOKEN, SECOND_PASSWORD),
        Refusal(401, None),
        never=[stranger.api_key, UNKNOWN_TOKEN, SECOND_PASSWORD],
    )


def a_key_without_the_scope_is_403(client, service):
    reader = client.at(api_key=service.reading_key)
    user = client.create_user(email=client.address(), password=FIRST_PASSWORD)
    equal(reader.get_user(user["id"]), user, "the user, read with a key that may read users")
    reset = client.create_reset(user["email"])
    forbidden = Refusal(403, "forbidden")
    for call in [
        lambda: reader.update_user(user["id"], first_name="Ada"),
        lambda: reader.create_reset(user["email"]),
        lambda: reader.get_reset(reset["id"]),
        lambda: reader.confirm(reset["password_reset_token"], SECOND_PASSWORD),
        lambda: reader.list_events(events=KINDS),
        lambda: reader.delete_user(user["id"]),
    ]:
        refused(reader, call, forbidden, never=[reader.api_key, reset["password_reset_token"]])
    equal(client.get_user(user["id"]), user, "the user after all this")


def the_feed_tells_of_a_reset_and_holds_no_secret(client, service):
    user = client.create_user(email=client.address(), password=FIRST_PASSWORD)
    reset = client.create_reset(user["email"])
    client.confirm(reset["password_reset_token"], SECOND_PASSWORD)
    told = events_of(client, user["id"])
    equal([event["event"] for event in told], KINDS, "what the feed tells")
    for event in told:
        expect(event["id"].startswith("event_"), "an id is event_ and a ULID")
        client.moment(event["created_at"])
        data = event["data"]
        equal(set(data), RESET_DATA, "fields of an event's data")
        for name in ["id", "user_id", "email", "expires_at", "created_at"]:
            equal(data[name], reset[name], f"{name} of an event's data")


def the_feed_is_read_in_pages(client, service):
    for _ in range(3):
        reset = client.create_reset(client.create_user(email=client.address())["email"])
    client.confirm(reset["password_reset_token"], FIRST_PASSWORD)
    newest = whole_feed(client)[-4:]
    equal([event["event"] for event in newest], [KINDS[0]] * 3 + [KINDS[1]], "the newest events")
    ids = [event["id"] for event in newest]
    page = client.list_events(events=KINDS, after=ids[0], limit=2)
    equal([event["id"] for event in page.data], ids[1:3], "a page")
    equal(page.after, ids[2], "cursor of a page")
    page = client.list_events(events=KINDS, after=page.after, limit=2)
    equal([event["id"] for event in page.data], ids[3:], "the last page")
    equal(page.after, None, "cursor of the last page")
    page = client.list_events(events=KINDS[1:], after=ids[0], limit=100)
    equal([event["id"] for event in page.data], ids[3:], "events of one kind")
