"""Users: create, get, list, update, delete."""

from adapter import only_where
from expect import Refusal, equal, expect, refused
from words import FIRST_PASSWORD, SECOND_PASSWORD, TOO_SHORT, UNKNOWN_USER, WEAK_PASSWORD, missing


def a_user_is_created_read_changed_and_deleted(client, service):
    address = client.address()
    created = client.create_user(
        email=address, password=FIRST_PASSWORD, first_name="Ada", last_name="Lovelace"
    )
    equal(set(created), client.USER_FIELDS, "fields of a user")
    _compare(client, created, {
        "object": "user",
        "email": address,
        "email_verified": False,
        "first_name": "Ada",
        "last_name": "Lovelace",
        "name": None,
        "profile_picture_url": None,
        "last_sign_in_at": None,
        "external_id": None,
        "metadata": {},
        "locale": None,
    })
    expect(created["id"].startswith("user_") and len(created["id"]) == 31, "an id is user_ and a ULID")
    equal(client.get_user(created["id"]), created, "the user, read")

    changed = client.update_user(created["id"], first_name="Augusta")
    expect(client.moment(changed["updated_at"]) >= client.moment(created["updated_at"]), "updated_at moves on")
    equal(changed, {**created, "first_name": "Augusta", "updated_at": changed["updated_at"]}, "the user, changed")
    equal(client.get_user(created["id"]), changed, "the changed user, read")
    expect(service.accepts(address, FIRST_PASSWORD), "the password is in force")

    equal(client.delete_user(created["id"]), None, "answer to the deletion")
    gone = Refusal(404, "entity_not_found", entity_id=created["id"])
    refused(client, lambda: client.get_user(created["id"]), gone)


def timestamps_of_a_user_have_the_type_of_this_generation(client, service):
    user = client.create_user(email=client.address())
    created_at, updated_at = client.moment(user["created_at"]), client.moment(user["updated_at"])
    equal(created_at, updated_at, "updated_at of a new user")


def a_password_is_changed_by_an_update(client, service):
    address = client.address()
    user = client.create_user(email=address, password=FIRST_PASSWORD)
    client.update_user(user["id"], password=SECOND_PASSWORD)
    expect(not service.accepts(address, FIRST_PASSWORD), "the old password is refused")
    expect(service.accepts(address, SECOND_PASSWORD), "the new password is in force")


def users_are_listed_by_address(client, service):
    address = client.address()
    user = client.create_user(email=address)
    client.create_user(email=client.address())
    page = client.list_users(email=address.upper())
    equal(page.data, [user], "the users of an address")
    equal((page.before, page.after), (None, None), "cursors of the only page")
    equal(client.list_users(email=client.address()).data, [], "the users of an unknown address")


def users_are_listed_in_pages(client, service):
    first, second, third = [client.create_user(email=client.address())["id"] for _ in range(3)]
    page = client.list_users(limit=2)
    equal([user["id"] for user in page.data], [third, second], "the first page, newest first")
    equal((page.before, page.after), (None, second), "cursors of the first page")
    page = client.list_users(limit=2, after=page.after)
    equal(page.data[0]["id"], first, "first of the second page")
    equal(page.before, first, "cursor of the second page, backwards")
    page = client.list_users(limit=2, before=page.before)
    equal([user["id"] for user in page.data], [third, second], "the page before the second")
    page = client.list_users(limit=2, after=first, order="asc")
    equal([user["id"] for user in page.data], [second, third], "a page, oldest first")
    equal(page.after, None, "cursor of the last page")


@only_where("WALKS")
def the_sdk_walks_through_all_pages(client, service):
    ids = [client.create_user(email=client.address())["id"] for _ in range(3)]
    walked = [user["id"] for user in client.walk_users(limit=10)]
    equal(walked[:3], ids[::-1], "the newest users")
    equal(len(set(walked)), len(walked), "number of different users")
    page = client.list_users(limit=100)
    listed = page.data
    while page.after is not None:
        page = client.list_users(limit=100, after=page.after)
        listed += page.data
    equal(walked, [user["id"] for user in listed], "all users")


@only_where("FINDS_BY_EXTERNAL_ID")
def a_user_is_found_by_the_id_of_another_system(client, service):
    external_id = f"crm-{client.address()}"
    created = client.create_user(email=client.address(), external_id=external_id, metadata={"plan": "free"})
    equal((created["external_id"], created["metadata"]), (external_id, {"plan": "free"}), "what was given")
    equal(client.get_user_by_external_id(external_id), created, "the user, found")
    unknown = f"crm-{client.address()}"
    nobody = Refusal(404, "entity_not_found", entity_id=unknown)
    refused(client, lambda: client.get_user_by_external_id(unknown), nobody)


def an_unknown_user_is_404(client, service):
    nobody = Refusal(404, "entity_not_found", entity_id=UNKNOWN_USER)
    refused(client, lambda: client.get_user(UNKNOWN_USER), nobody)
    refused(client, lambda: client.update_user(UNKNOWN_USER, first_name="Ada"), nobody)
    refused(client, lambda: client.delete_user(UNKNOWN_USER), nobody)


def a_taken_address_is_400(client, service):
    address = client.address()
    client.create_user(email=address)
    taken = Refusal(400, "user_creation_error", errors=({"code": "email_not_available"},))
    refused(client, lambda: client.create_user(email=address.upper()), taken)


def a_weak_password_of_a_user_is_400(client, service):
    weak = Refusal(400, "password_strength_error", errors=(TOO_SHORT,))
    address = client.address()
    refused(
        client,
        lambda: client.create_user(email=address, password=WEAK_PASSWORD),
        weak,
        never=[WEAK_PASSWORD],
    )
    equal(client.list_users(email=address).data, [], "users that the refusal has left")
    user = client.create_user(email=address, password=FIRST_PASSWORD)
    refused(
        client,
        lambda: client.update_user(user["id"], password=WEAK_PASSWORD),
        weak,
        never=[WEAK_PASSWORD],
    )
    expect(service.accepts(address, FIRST_PASSWORD), "the password is still in force")


def an_empty_address_is_422(client, service):
    empty = Refusal(422, "invalid_request_parameters", errors=(missing("email"),))
    refused(client, lambda: client.create_user(email=""), empty)


def _compare(client, user, expected):
    for name, value in expected.items():
        if name in client.USER_FIELDS:
            equal(user[name], value, f"{name} of the user")
