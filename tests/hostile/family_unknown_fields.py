"""sec21: the account is the token's own, whatever else a request says about accounts."""

import calls
import canaries
from examiner import fields_of
import wire

NAME = "sec21 fields that nobody asked for"

PLACES = ("body", "query", "header", "cookie")


def run(examiner, requests):
    other = examiner.new_user("the other", password_hash=calls.SOME_HASH)
    claims = {
        "user_id": other["id"],
        "id": other["id"],
        "email": other["email"],
        "username": other["email"],
        "User": other["id"],
        "role": "admin",
        "is_admin": True,
        "user": {"id": other["id"], "email": other["email"]},
        "email_verified": False,
        "expires_at": "2999-01-01T00:00:00.000Z",
        "password_reset_id": "password_reset_01ARZ3NDEKTSV4RRFFQ69G5FAV",
    }
    refused(examiner, claims, other)
    for place in PLACES:
        accepted(examiner, place, claims, other)
    ignored_elsewhere(examiner, requests, claims)


def refused(examiner, claims, other):
    """A password that the policy refuses: nobody's hash changes, and the token stays."""
    user = examiner.new_user("the owner", password_hash=calls.SOME_HASH)
    token = examiner.new_reset(user["email"])["password_reset_token"]
    for place in PLACES:
        for name, value in claims.items():
            for call in (calls.CONFIRM, calls.MAIA):
                body = body_of(call, token, canaries.PASSWORD)
                status = 400 if call is calls.CONFIRM else 422
                ask(examiner, call, token, body, place, {name: value}, status)
    for person in (user, other):
        if examiner.service.password_hash(person["id"]) != calls.SOME_HASH:
            examiner.complain("refused", "a hash has changed")
    ask(examiner, calls.CONFIRM, token, body_of(calls.CONFIRM, token, canaries.new_password()), "body", {}, 200)


def accepted(examiner, place, claims, other):
    """The token's own user gets the password, and nothing else that was claimed."""
    for call in (calls.CONFIRM, calls.MAIA):
        user = examiner.new_user("the owner", password_hash=calls.SOME_HASH)
        token = examiner.new_reset(user["email"])["password_reset_token"]
        body = body_of(call, token, canaries.new_password())
        answer = ask(examiner, call, token, body, place, claims, 200)
        name = f"{call.name}, {place}"
        if examiner.service.password_hash(user["id"]) == calls.SOME_HASH:
            examiner.complain(name, "the owner's hash has not changed")
        if examiner.service.password_hash(other["id"]) != calls.SOME_HASH:
            examiner.complain(name, "the other's hash has changed")
        now = fields_of(examiner.call(name, "GET", f"/user_management/users/{user['id']}", expect=200))
        if now["email"] != user["email"] or not now["email_verified"] or set(now) != set(user):
            examiner.complain(name, "the owner is not as the token makes him", answer=answer)


def body_of(call, token, password):
    return {"token": token, "new_password": password} if call is calls.CONFIRM else {"password": password}


def ask(examiner, call, token, body, place, claims, status):
    target = call.template.replace("{resetToken}", token)
    headers = []
    if place == "body":
        body = {**claims, **body}
    for name, value in claims.items():
        text = value if isinstance(value, str) else calls.as_json(value).decode()
        if place == "query":
            target += ("&" if "?" in target else "?") + f"{name}={text}".replace(" ", "").replace('"', "%22")
        if place == "header":
            headers += [(name.replace("_", "-"), text), (f"x-{name.replace('_', '-')}", text), (name, text)]
        if place == "cookie":
            headers.append(("cookie", f"{name}={text}; session={text}"))
    given = ", ".join(claims) or "nothing more"
    return examiner.call(f"{call.name} with {given} in the {place}", call.method, target, body, status, None, headers)


def ignored_elsewhere(examiner, requests, claims):
    """The other calls ignore them as well, and their own switches that do not exist yet."""
    foreign = {"object": "x", "created_at": 1, "profile_picture_url": "x", "last_sign_in_at": {}, "__proto__": {"a": 1}}
    for name, value in {**foreign, "ip_address": 7, "user_agent": [], "signals_id": None, "role": "admin"}.items():
        for call in calls.WITH_BODY:
            body = {name: value, **requests.body(call)}
            examiner.call(
                f"{call.name} with {name}", call.method, requests.target(call), body, (200, 201, 400, 404, 422)
            )
    user = f"/user_management/users/{requests.user_id}"
    before = fields_of(examiner.call("before", "GET", user, expect=200))
    examiner.call("an update of what is fixed", "PUT", user, {**foreign, "id": claims["id"]}, 200)
    after = fields_of(examiner.call("after", "GET", user, expect=200))
    for name in ("id", "object", "created_at", "profile_picture_url", "last_sign_in_at"):
        if before[name] != after[name]:
            examiner.complain(name, "what is fixed has changed")
    # The link leads where the operator said, whatever host the request was sent to.
    host = f"{canaries.DOMAIN}:1"
    forged = [
        ("x-forwarded-host", host),
        ("forwarded", f"host={host}"),
        ("x-original-url", "/healthz"),
        ("origin", host),
    ]
    data = wire.request(
        "POST",
        calls.CREATE_RESET.template,
        [*examiner.headers(content_type=calls.JSON), *forged],
        calls.as_json({"email": requests.email}),
        host=host,
    )
    answer = examiner.exchange("a forged host", data, "POST", 201)
    if answer and host.encode() in answer.body.partition(b"password_reset_url")[2]:
        examiner.complain("a forged host", "the link leads to it", answer=answer)
