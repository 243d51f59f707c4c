"""What every answer must be, whatever was asked."""

import json
import re

UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
# What only a look inside would show: types, queries, files, versions.
INSIDES = re.compile(
    r"::|\bpanick|\bunwrap\b|\bserde|\bhyper\b|\baxum\b|\btokio\b|\bsqlx\b|sqlite|\b(rusqlite|backtrace)\b"
    r"|\bSELECT\b|\bINSERT\b|\bDELETE FROM\b|reset_password_(users|resets|events)\b|\.rs\b"
    r"|/(home|root|tmp|usr|work|var|proc)/|\bline \d+ column|\bOs \{|\(os error",
)
ALWAYS = {"cache-control": "no-store", "x-content-type-options": "nosniff"}


def is_maias(target):
    path = target.partition("?")[0]
    return re.fullmatch(r"/auth/reset-password/[^/]+", path) is not None


class BodyError(Exception):
    pass


def violations(answer, method, is_maia=False):
    """Everything about an answer that is not as the contract says, in words.

    `is_maia` is None where a request is so broken that the route may not have been known.
    """
    yield from head_violations(answer)
    if method == "HEAD" or answer.status == 204 or (answer.status == 202 and method == "DELETE"):
        if answer.body:
            yield "there is a body where none belongs"
        return
    if (answer.value("content-type") or "").lower() != "application/json; charset=utf-8":
        yield f"the content type is {answer.values('content-type')}"
    try:
        body = read_object(answer.body)
    except BodyError as error:
        yield str(error)
        return
    if answer.status >= 400:
        yield from error_violations(answer.status, body, is_maia)


def head_violations(answer):
    status = answer.status
    if status >= 500 and (status != 503 or not answer.values("retry-after")):
        yield f"the status is {status}"
    if status < 200 or 300 <= status < 400:
        yield f"the status is {status}, which no call has"
    if not UUID.fullmatch(answer.value("x-request-id") or ""):
        yield f"x-request-id is {answer.values('x-request-id')}"
    for name, value in ALWAYS.items():
        if answer.value(name) != value:
            yield f"{name} is {answer.values(name)}"
    if status == 401 and answer.value("www-authenticate") != "Bearer":
        yield "a 401 does not say how to authenticate"
    if status == 405 and not answer.value("allow"):
        yield "a 405 does not say what is allowed"
    if status == 429 and not (answer.value("retry-after") or "").isdigit():
        yield "a 429 does not say when to try again"
    if status in (408, 413, 431) and not answer.ends_connection:
        yield f"a {status} leaves the connection open, with the rest of the request in it"


def read_object(body):
    try:
        value = json.loads(body.decode())
    except ValueError:
        raise BodyError(f"the body is not JSON in UTF-8: {body[:80]!r}") from None
    if not isinstance(value, dict):
        raise BodyError("the body is not an object")
    return value


def error_violations(status, body, is_maia):
    shown = {name: value for name, value in body.items() if name != "entity_id"}
    inside = INSIDES.search(json.dumps(shown, ensure_ascii=False))
    if inside:
        yield f"the body shows {inside[0]!r}"
    if is_maia is None:
        is_maia = isinstance(body.get("code"), int)
    if is_maia:
        yield from maia_violations(status, body)
    elif status == 401:
        if body != {"message": "Unauthorized"}:
            yield "the body of a 401 is not the one that the contract has"
    elif not all(is_text(body.get(name)) for name in ("code", "message")):
        yield "code or message is missing"
    if status in (400, 422):
        yield from reason_violations(status, body.get("errors"), is_maia)


def maia_violations(status, body):
    if body.get("code") != status or not is_text(body.get("message")):
        yield f"code is not {status}, or there is no message"
    if status == 401:
        yield "this route answers 403 to an unknown caller"


def reason_violations(status, reasons, is_maia):
    if not isinstance(reasons, list) or not reasons:
        yield f"a {status} without errors"
        return
    for reason in reasons:
        named = ["code", "message"] + (["field"] if status == 422 and not is_maia else [])
        if not isinstance(reason, dict) or not all(is_text(reason.get(name)) for name in named):
            yield f"an entry of errors lacks one of {', '.join(named)}"


def is_text(value):
    return isinstance(value, str) and value != ""
