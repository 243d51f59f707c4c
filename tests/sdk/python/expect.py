"""Assertions that say what was expected. None of them prints a password or a token."""

from dataclasses import dataclass
from datetime import datetime, timezone
import re
import uuid

WIRE_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")


def expect(condition, what):
    if not condition:
        raise AssertionError(what)


def equal(actual, expected, what):
    if actual != expected:
        raise AssertionError(f"{what}: {actual!r}, expected {expected!r}")


def moment_of_text(value):
    """Reads a timestamp that the SDK hands over as it came: RFC 3339, three fraction digits, Z."""
    expect(type(value) is str and WIRE_MOMENT.fullmatch(value), f"{value!r} is no timestamp of the API")
    return datetime.strptime(value, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=timezone.utc)


def moment_of_datetime(value):
    """Reads a timestamp that the SDK has parsed."""
    expect(type(value) is datetime, f"{value!r} is no datetime")
    equal(value.tzinfo, timezone.utc, "zone of a timestamp")
    equal(value.microsecond % 1000, 0, "microseconds of a timestamp")
    return value


@dataclass(frozen=True)
class Refusal:
    """An error as the API promises it; `errors` without their messages."""

    status: int
    code: str | None
    errors: tuple = ()
    entity_id: str | None = None


def refused(client, call, refusal, never=()):
    """Makes a call that must be refused, and compares all that the SDK tells of it. `never` are secrets
    that no part of the answer may repeat."""
    try:
        call()
    except Exception as error:  # what it must be is compared below
        seen = client.seen(error, refusal.status)
    else:
        raise AssertionError(f"the call was accepted, expected {refusal.status} {refusal.code}")
    body = seen.pop("body")
    _check_body(body, refusal)
    expect(uuid.UUID(seen.pop("request_id")).int, "the request id is a UUID")
    expected = {
        "status": refusal.status,
        "code": refusal.code,
        "message": body["message"],
        "errors": body.get("errors"),
    }
    for name, value in seen.items():
        equal(value, expected[name], f"{name} of the exception")
    for secret in never:
        expect(secret not in repr(body), "the answer repeats a secret")


def _check_body(body, refusal):
    expect(isinstance(body.get("message"), str) and body["message"], "the error has a message")
    equal(body.get("code"), refusal.code, "code of the body")
    if refusal.status == 401:
        equal(body, {"message": "Unauthorized"}, "body of a 401")
        return
    names = {"code", "message"}
    if refusal.errors:
        names.add("errors")
        entries = [dict(entry) for entry in body["errors"]]
        for entry in entries:
            message = entry.pop("message", None)
            expect(isinstance(message, str) and message, f"{entry} has a message")
        equal(entries, list(refusal.errors), "errors of the body")
    if refusal.entity_id is not None:
        names.add("entity_id")
        equal(body.get("entity_id"), refusal.entity_id, "entity_id of the body")
    equal(set(body), names, "names in the body")
