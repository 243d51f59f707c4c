"""sec94: every route with every method: 405 unless it is declared, and no method that only reads changes anything."""

import calls
from examiner import fields_of

NAME = "sec94 sec17 every method of every route"

METHODS = (
    "GET",
    "HEAD",
    "POST",
    "PUT",
    "PATCH",
    "DELETE",
    "OPTIONS",
    "TRACE",
    "CONNECT",
    "PROPFIND",
    "QUERY",
    "PURGE",
    "get",
    "Get",
    "POST1",
    "G-E_T",
    "M" * 200,
)
READING = ("GET", "HEAD", "OPTIONS", "TRACE")
FINE = (200, 202, 400, 403, 404, 415, 422)
MALFORMED = (b"", b" ", b"G@T", b"GE\x00T", b"GET\t", b"G(ET", b"\xff", b"GET\x7f", b"{GET}")


def run(examiner, requests):
    for route, declared in calls.ROUTES.items():
        for method in METHODS:
            for key in (examiner.service.api_key, None):
                one(examiner, requests, route, declared, method, key)
    links_are_only_read(examiner)
    for method in MALFORMED:
        data = method + b" /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n"
        examiner.lonely(f"method {method!r}", data, "GET", 400, "http_invalid")


def one(examiner, requests, route, declared, method, key):
    name = f"{method[:20]} {route}, {'a key' if key else 'no key'}"
    target = route.replace("{id}", "nobody").replace("{external_id}", "nobody").replace("{resetToken}", "nothing")
    is_maia = route.startswith("/auth/")
    if method not in declared:
        expect = 405
    elif key or route in calls.OPEN:
        expect = FINE
    else:
        expect = 403 if is_maia else 401
    # Missing keys are counted for each address: this one has as many as it needs.
    source = None if key or expect != (403 if is_maia else 401) else f"127.0.2.{1 + hash_of(name)}"
    answer = examiner.call(name, method, target, None, expect, key=key, source=source)
    if answer and answer.status == 405:
        allowed = {each.strip() for each in (answer.value("allow") or "").split(",")}
        if allowed != set(declared):
            examiner.complain(name, f"it allows {sorted(allowed)}, and not {sorted(declared)}", answer=answer)


def hash_of(name):
    return sum(name.encode()) % 250


def links_are_only_read(examiner):
    """Fifty looks at a link by whatever follows links, and the token still works."""
    user = examiner.new_user("the owner", password_hash=calls.SOME_HASH)
    reset = examiner.new_reset(user["email"])
    token = reset["password_reset_token"]
    for number in range(50):
        method = READING[number % len(READING)]
        for path in (f"/auth/reset-password/{token}", f"{calls.CONFIRM.template}?token={token}"):
            examiner.call(f"{method} of a link", method, path, None, 405)
    path = f"/user_management/password_reset/{reset['id']}"
    now = fields_of(examiner.call("the reset", "GET", path, None, 200))
    if now != reset:
        examiner.complain("a link", "a look at it has changed it")
