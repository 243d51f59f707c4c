"""sec32: what stands twice is refused, for two readers could take one or the other."""

import itertools
from urllib.parse import quote, urlencode

import calls
from calls import pairs_as_json
import canaries

NAME = "sec32 what stands twice"


def run(examiner, requests):
    for call in calls.WITH_BODY:
        for field in call.fields:
            for name, pairs in twice(field):
                body = body_with(requests, call, field, pairs)
                examiner.call(
                    f"{call.name}: {field} {name}", call.method, requests.target(call), body, 422, "body_ambiguous"
                )
        unknown_keys(examiner, requests, call)
    forms(examiner, requests)
    queries(examiner)
    headers(examiner, requests)


def twice(field):
    """Both orders, equal and not, plain and escaped, of one type and of two."""
    key, escaped, some = f'"{field}"', f'"{escape(field)}"', f'"{canaries.MARK}"'
    for one, other in itertools.product((key, escaped), repeat=2):
        yield f"as {one} and {other}", [(one, '"x"'), (other, some)]
        yield f"as {one} and {other}, turned round", [(one, some), (other, '"x"')]
    yield "with itself", [(key, some), (key, some)]
    yield "after null", [(key, "null"), (key, some)]
    yield "before null", [(key, some), (key, "null")]
    yield "as a list", [(key, some), (key, f"[{some}]")]
    yield "a hundred times", [(key, some)] * 100


def escape(field):
    return f"\\u{ord(field[0]):04x}{field[1:]}"


def body_with(requests, call, field, pairs):
    others = [(f'"{name}"', f'"{value}"') for name, value in requests.body(call).items() if name != field]
    return pairs_as_json([*others, *pairs]).encode()


def unknown_keys(examiner, requests, call):
    """Nobody reads these; that they stand twice is wrong all the same."""
    for extra in ('"a": 1, "a": 1', '"a": {"b": 1, "b": 2}', '"a": [[{"\\u0062": 1, "b": 2}]]', '"": 1, "": 2'):
        good = calls.as_json(requests.body(call)).decode()
        body = f"{good[:-1]}, {extra}}}".encode()
        examiner.call(f"{call.name}: {extra}", call.method, requests.target(call), body, 422, "body_ambiguous")


def forms(examiner, requests):
    for one, other in itertools.product(("password", "%70assword", "pass%77ord"), repeat=2):
        for first, second in ((canaries.PASSWORD, "x"), ("x", "x"), ("", "x")):
            body = f"{one}={first}&{other}={second}".encode()
            target = requests.target(calls.MAIA)
            examiner.call(f"form: {body.decode()}", "POST", target, body, 422, "parameters_ambiguous", [calls.FORM])


def queries(examiner):
    """One filter too many would answer about somebody else."""
    listed = {"/user_management/users": ("email", "limit", "before", "after", "order"), "/events": ("after", "limit")}
    for path, names in listed.items():
        for name in names:
            for one, other in itertools.product((name, f"%{ord(name[0]):02x}{name[1:]}"), repeat=2):
                for first, second in (("1", "1"), ("1", "2"), ("", "1")):
                    query = f"{one}={first}&{other}={second}"
                    examiner.call(f"{path}: {query}", "GET", f"{path}?{query}", None, 422, "parameters_ambiguous")
    for value in ("a@a.example,b@b.example", "a@a.example;b@b.example", "a@a.example b@b.example", "*", "%", "_@_"):
        query = urlencode({"email": value}, quote_via=quote)
        examiner.call(f"email={value}", "GET", f"/user_management/users?{query}", None, 422, "email")


def headers(examiner, requests):
    """Headers of which there is one, twice."""
    key = ("authorization", f"Bearer {examiner.service.api_key}")
    cases = (("content-type", calls.JSON[1], 415), ("idempotency-key", "a", 422), ("authorization", key[1], 401))
    for number, (name, value, status) in enumerate(cases):
        for one, other in itertools.product((name, name.upper(), name.title()), repeat=2):
            given = [(one, value), (other, value)]
            body = requests.body(calls.CONFIRM)
            # Wrong keys are counted for each address that they come from.
            examiner.call(
                f"{one} and {other}",
                "POST",
                calls.CONFIRM.template,
                body,
                status,
                None,
                given if name == "content-type" else given + [calls.JSON],
                key=None if name == "authorization" else examiner.service.api_key,
                source=f"127.0.1.{number + 1}",
            )
