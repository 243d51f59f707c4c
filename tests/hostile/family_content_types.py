"""sec94: only the declared types and charsets of bodies are read."""

import calls
from wire import request

NAME = "sec94 content types"

GOOD = (
    "application/json",
    "APPLICATION/JSON",
    "application/json;charset=utf-8",
    "application/json; charset=UTF-8",
    'application/json; charset="utf-8"',
    "application/json ; charset=utf-8 ",
    "application/json; a=b",
    "application/json;",
)
BAD = (
    "",
    " ",
    "text/plain",
    "text/json",
    "application/x-json",
    "application/json5",
    "application/jsonx",
    "application/vnd.api+json",
    "application/problem+json",
    "application/xml",
    "application/octet-stream",
    "application/x-ndjson",
    "application/cbor",
    "multipart/form-data; boundary=x",
    "multipart/form-data",
    "image/png",
    "*/*",
    "application/*",
    "json",
    "application",
    "application/json, text/plain",
    "application/json,application/json",
    "application/json; charset=latin-1",
    "application/json; charset=iso-8859-1",
    "application/json; charset=utf-16",
    "application/json; charset=utf-7",
    "application/json; charset=utf-8; charset=utf-16",
    "application/json; charset=",
    "application/json\tx",
    b"application/json; charset=\xff",
    b"\xff\xfe",
    "x" * 8_000,
)


def run(examiner, requests):
    for call in calls.WITH_BODY:
        target = requests.target(call)
        body = calls.as_json(requests.body(call))
        fine = (200, 201, 400, 404, 422)
        for kind in GOOD:
            examiner.call(f"{call.name}: {kind}", call.method, target, body, fine, None, [("content-type", kind)])
        for kind in BAD:
            examiner.call(f"{call.name}: {kind[:60]!r}", call.method, target, body, 415, None, [("content-type", kind)])
        two = [calls.JSON, ("content-type", "text/plain")]
        for name, headers in {"two": two, "two, turned round": two[::-1], "the same twice": [calls.JSON] * 2}.items():
            examiner.call(f"{call.name}: {name}", call.method, target, body, 415, None, headers)
        none = [("x-content-type", "application/json")]
        without_type(examiner, call, target, body, none)
        if not call.is_maia:
            form = b"email=x&token=x&new_password=x"
            examiner.call(f"{call.name}: a form", call.method, target, form, 415, None, [calls.FORM])
    forms(examiner, requests)
    what_is_wanted_back(examiner, requests)


def without_type(examiner, call, target, body, headers):
    key = examiner.headers()
    full = request(call.method, target, key + headers, body)
    examiner.exchange(f"{call.name}: none", full, call.method, 415, None, call.is_maia)
    # Where nothing is sent, Maia's route says what is missing; the others have no use for nothing.
    empty = request(call.method, target, key + headers, b"")
    examiner.exchange(
        f"{call.name}: none, no body", empty, call.method, 422 if call.is_maia else 415, None, call.is_maia
    )


def forms(examiner, requests):
    """The one route that takes forms takes no form of another charset."""
    for kind, status in {
        calls.FORM[1]: 404,
        "Application/X-WWW-Form-Urlencoded; Charset=UTF-8": 404,
        "application/x-www-form-urlencoded; charset=iso-8859-1": 415,
        "application/x-www-form-urlencoded+json": 415,
    }.items():
        body = b"password=correct+horse+battery+staple"
        examiner.call(
            f"form: {kind}", "POST", requests.target(calls.MAIA), body, status, None, [("content-type", kind)]
        )


def what_is_wanted_back(examiner, requests):
    """Whatever a client would rather have, it is answered in JSON, and not compressed."""
    for name in ("accept", "accept-charset", "accept-encoding", "accept-language", "te", "range", "if-none-match"):
        for value in ("", "*", "*/*;q=0", "text/html", "gzip", "utf-16", "bytes=0-0", "identity;q=0", "x" * 4_000):
            answer = examiner.call(
                f"{name}: {value[:20]}",
                "GET",
                f"/user_management/users/{requests.user_id}",
                None,
                200,
                None,
                [(name, value)],
            )
            if answer and answer.values("content-encoding"):
                examiner.complain(name, "the answer is encoded", answer=answer)
