"""API keys that are wrong, misplaced or too few: never let in, and soon made to wait."""

import base64
import itertools

import calls
import canaries
from wire import request

NAME = "API keys that are wrong or misplaced"

TRIES = 30
CLIENTS = 200
USERS = "/user_management/users?limit=1"


class Sources:
    """Addresses to come from: wrong keys are counted for each, and these cases want to see the first answer."""

    def __init__(self):
        self._numbers = itertools.count(256)

    def next(self):
        number = next(self._numbers)
        return f"127.3.{number // 256}.{number % 256}"


def run(examiner, requests):
    sources = Sources()
    for name, headers in wrong(examiner.service.api_key, examiner).items():
        for method, target in (("GET", USERS), ("POST", calls.CONFIRM.template), ("POST", requests.target(calls.MAIA))):
            is_maia = target.startswith("/auth")
            data = request(method, target, headers, b"")
            examiner.exchange(name, data, method, 403 if is_maia else 401, None, is_maia, sources.next())
    for name, headers in right(examiner.service.api_key).items():
        examiner.exchange(name, request("GET", USERS, headers), "GET", 200, source=sources.next())
    broken(examiner)
    misplaced(examiner, requests, sources)
    too_little(examiner, requests)
    again_and_again(examiner, requests, sources)
    many_clients(examiner, sources)


def authorization(*values):
    return [("authorization", value) for value in values]


def wrong(key, examiner):
    basic = base64.b64encode(f"{key}:".encode()).decode()
    token = examiner.new_reset(examiner.new_user()["email"])["password_reset_token"]
    middle = len(key) // 2
    other = "A" if key[middle] != "A" else "B"
    return {
        "no key": [],
        "an empty header": authorization(""),
        "the scheme alone": authorization("Bearer"),
        "the scheme and a space": authorization("Bearer "),
        "the key alone": authorization(key),
        "Basic": authorization(f"Basic {basic}"),
        "Basic, the key itself": authorization(f"Basic {key}"),
        "Digest": authorization(f'Digest username="x", response="{key}"'),
        "Token": authorization(f"Token {key}"),
        "two headers": authorization(f"Bearer {key}", f"Bearer {key}"),
        "two headers, one wrong": authorization("Bearer x", f"Bearer {key}"),
        "two headers, two schemes": authorization(f"Bearer {key}", f"Basic {basic}"),
        "a list": authorization(f"Bearer {key}, Bearer {key}"),
        "two keys": authorization(f"Bearer {key} {key}"),
        "a key in pieces": authorization(f"Bearer {key[:9]} {key[9:]}"),
        "a tab": authorization(f"Bearer\t{key}"),
        "a key in quotes": authorization(f'Bearer "{key}"'),
        "a key in brackets": authorization(f"Bearer <{key}>"),
        "a parameter": authorization(f"Bearer token={key}"),
        "a key and more": authorization(f"Bearer {key}x"),
        "a key cut short": authorization(f"Bearer {key[:-1]}"),
        "a key without its beginning": authorization(f"Bearer {key[4:]}"),
        "another character": authorization(f"Bearer {key[:middle]}{other}{key[middle + 1 :]}"),
        "another case": authorization(f"Bearer {key.swapcase()}"),
        "the key backwards": authorization(f"Bearer {key[::-1]}"),
        "a key in base64": authorization(f"Bearer {base64.b64encode(key.encode()).decode()}"),
        "a key percent-encoded": authorization(f"Bearer {key.replace('_', '%5F')}"),
        "a token": authorization(f"Bearer {token}"),
        "a made-up key": authorization(f"Bearer rpk_{canaries.new_token()}"),
        "a long key": authorization(f"Bearer {key}{'x' * 10_000}"),
        "not ASCII": authorization(f"Bearer {key}é"),
        "bytes": authorization(b"Bearer " + key.encode() + b"\xff"),
        "null": authorization("Bearer null"),
        "a pattern": authorization("Bearer %"),
        "x-api-key": [("x-api-key", key)],
        "proxy-authorization": [("proxy-authorization", f"Bearer {key}")],
        "a name that is nearly right": [("authorisation", f"Bearer {key}")],
    }


def right(key):
    return {
        "lower case": authorization(f"bearer {key}"),
        "upper case": authorization(f"BEARER {key}"),
        "a header in upper case": [("AUTHORIZATION", f"Bearer {key}")],
        "spaces around": authorization(f"  Bearer {key}  "),
    }


def broken(examiner):
    key = examiner.service.api_key
    for name, value in {
        "a NUL": f"Bearer {key}\0",
        "a line end": f"Bearer {key}\r\n x",
        "a bare CR": f"Bearer\r{key}",
    }.items():
        examiner.lonely(name, request("GET", USERS, authorization(value)), "GET", 400, "http_invalid")


def misplaced(examiner, requests, sources):
    """In a query or a cookie a key ends in histories and logs: refused, with a good key in its place or without."""
    key = examiner.service.api_key
    names = (
        "api_key",
        "access_token",
        "API_KEY",
        "Access_Token",
        "apikey",
        "key",
        "token",
        "client_secret",
        "api%5Fkey",
        "%61pi_key",
    )
    for name in names:
        for value in (key, "x", ""):
            for given in (key, None):
                for path in ("/user_management/users", "/events", f"/user_management/users/{requests.user_id}"):
                    target = f"{path}?limit=1&{name}={value}"
                    examiner.call(f"{name} in the query", "GET", target, None, 400, "api_key_misplaced", key=given)
    for cookie in (f"key={key}", f"a=b; session={key}; c=d", key, f'"{key}"', f"a={'x' * 5_000}{key}"):
        for given in (key, None):
            headers = [("cookie", cookie)]
            examiner.call("a cookie", "GET", USERS, None, 400, "api_key_misplaced", headers, key=given)
            target = requests.target(calls.MAIA)
            body = requests.body(calls.MAIA)
            examiner.call("a cookie", "POST", target, body, 400, "api_key_misplaced", headers, key=given)
    body = {"api_key": key, "access_token": key, "client_secret": key, **requests.body(calls.CONFIRM)}
    examiner.call("in the body", "POST", calls.CONFIRM.template, body, 401, key=None, source=sources.next())


def too_little(examiner, requests):
    """A good key without the scope."""
    for call in calls.WITH_BODY:
        for body in (requests.body(call), {}, [], b"{", b" " * 16_000):
            target = requests.target(call)
            examiner.call(f"{call.name}: no scope", call.method, target, body, 403, key=examiner.service.reading_key)
    for method, path in (
        ("GET", "/events"),
        ("GET", "/user_management/password_reset/x"),
        ("DELETE", "/user_management/users/x"),
    ):
        examiner.call(f"{method} {path}: no scope", method, path, None, 403, key=examiner.service.reading_key)


def again_and_again(examiner, requests, sources):
    """After some wrong keys the client waits; its good key, and everybody else, does not."""
    for target, first in ((USERS, 401), (requests.target(calls.MAIA), 403)):
        method = "GET" if target == USERS else "POST"
        source = sources.next()
        statuses = []
        for number in range(TRIES):
            key = None if number % 3 == 0 else canaries.new_token()
            answer = examiner.call("a wrong key", method, target, None, (first, 429), key=key, source=source)
            statuses.append(answer.status if answer else None)
            if answer and answer.status == 429 and not 1 <= int(answer.value("retry-after") or 0) <= 60:
                examiner.complain("a wrong key", "Retry-After is not within a minute", answer=answer)
        # One place comes back every six seconds.
        if statuses[:10] != [first] * 10 or 429 not in statuses[10:14] or statuses.count(first) > 20:
            examiner.complain("again and again", f"the statuses are {statuses}")
        examiner.call("the good key", "GET", USERS, None, 200, source=source)
        examiner.call("no key needed", "GET", "/healthz", None, 200, key=None, source=source)
        examiner.call("another client", "GET", USERS, None, 401, key="x", source=sources.next())
        # Nobody behind no proxy speaks for another.
        forged = [("x-forwarded-for", "192.0.2.7"), ("forwarded", "for=192.0.2.7"), ("x-real-ip", "192.0.2.7")]
        examiner.call("a forged address", method, target, None, 429, None, forged, key="x", source=source)


def many_clients(examiner, sources):
    """Each is remembered for a while, and costs little."""
    for _ in range(CLIENTS):
        examiner.call("one of many", "GET", USERS, None, 401, key="x", source=sources.next())
