"""sec32: every JSON type for every field of every call, and fields that are missing."""

import itertools

import calls
from calls import pairs_as_json
import canaries

NAME = "sec32 field types"

# As they are written in JSON. Some are no numbers that a computer has, and some no JSON at all.
NUMBERS = ["0", "-0", "-1", "1", "1.5", "1e3", "1e308", "-1e-400", "9007199254740993", "18446744073709551616"]
NOT_JSON = ["1e400", "-1e999", "NaN", "Infinity", "01", "0x10", "+1", ".5", "'x'", "undefined", "True", "[1,]", '"x']
LISTS = ["[]", "[1]", '["x"]', "[null]", '["a@a.example", "b@b.example"]', "[[[[]]]]"]
OBJECTS = ["{}", '{"$ne": 1}', '{"a": 1}', '{"a": {"b": [{"c": null}]}}', '{"toString": "x"}']
FLAGS = ["true", "false"]
TEXTS = ['""', '"x"', '" "', '"null"', '"0"', '"\\u0000"', '"\\n"', '"🦀"', '"a,b"', '"a@b@c"', '"%s"', '"${7*7}"']
LONG = ["x" * 255, "x" * 4_096, "x" * 15_000, "é" * 5_000, "x@" + "y" * 260]
OFTEN_LONG = [f'"{text}"' for text in LONG]


def run(examiner, requests):
    for call in calls.WITH_BODY:
        target = requests.target(call)
        for field in call.fields:
            for value in values():
                one_field(examiner, requests, call, target, field, value)
        whole_bodies(examiner, call, target)
        missing_fields(examiner, requests, call, target)
    metadata(examiner, requests)


def values():
    return itertools.chain(["null"], FLAGS, NUMBERS, NOT_JSON, LISTS, OBJECTS, TEXTS, OFTEN_LONG)


def one_field(examiner, requests, call, target, field, value):
    pairs = {f'"{name}"': calls.as_json(good).decode() for name, good in requests.body(call).items()}
    pairs[f'"{field}"'] = value
    expect, reason = verdict(call, field, value)
    body = pairs_as_json(pairs.items()).encode()
    name = f"{call.name}, {field} = {value[:40]}"
    examiner.call(name, call.method, target, body, expect, reason)


def verdict(call, field, value):
    """The statuses that may come, and the reason that is told: a wrong type is never taken for another."""
    if value in NOT_JSON:
        return 400, "json_invalid"
    kind = calls.NOT_TEXTS.get(field, str)
    if value == "null":
        return (422, field) if field in call.required else (range(200, 405), None)
    if value in FLAGS:
        fits = kind is bool
    elif kind is dict and value == "[]":
        # PHP's empty array.
        fits = True
    elif value in OBJECTS:
        fits = kind is dict and value in ("{}", '{"toString": "x"}')
    else:
        fits = kind is str and value not in NUMBERS and value not in LISTS
    return (range(200, 423), None) if fits else (422, field)


def whole_bodies(examiner, call, target):
    """A body that is JSON and not an object, or nothing at all."""
    for body in itertools.chain(["null", "[]", "[{}]", '"x"', '"{}"', "7", "true"], [f"[{{}}, {n}]" for n in NUMBERS]):
        examiner.call(f"{call.name}, body {body}", call.method, target, body.encode(), 422, "body_object_required")
    for body in (
        "",
        " ",
        "\n\n",
        "{",
        "}",
        "{}{}",
        "{} x",
        "{]",
        '{"a"}',
        '{"a":}',
        '{"a" 1}',
        "{,}",
        '{"a": 1,}',
        "//",
    ):
        examiner.call(f"{call.name}, body {body!r}", call.method, target, body.encode(), 400, "json_invalid")


def missing_fields(examiner, requests, call, target):
    good = requests.body(call)
    for field in call.required:
        for empty in ({}, {field: None}, {field: ""}, {field.upper(): "x"}, {f" {field}": "x"}, {f"{field}[]": "x"}):
            body = {**{name: value for name, value in good.items() if name != field}, **empty}
            examiner.call(f"{call.name}, without {field}", call.method, target, body, 422, field)


def metadata(examiner, requests):
    """The only object: its values are texts too, and there are not too many of them."""
    target = requests.target(calls.UPDATE_USER)
    for value in itertools.chain(FLAGS, NUMBERS, LISTS, OBJECTS, ["null"]):
        body = f'{{"metadata": {{"{canaries.MARK}": {value}}}}}'.encode()
        examiner.call(f"metadata of {value}", "PUT", target, body, 422, "metadata")
    for count, size in ((51, 1), (5_00, 1), (1, 601), (1, 15_000)):
        body = {"metadata": {f"{canaries.MARK}{number}": "x" * size for number in range(count)}}
        examiner.call(f"metadata: {count} of {size}", "PUT", target, body, (400, 422))
    for key in ("", "x" * 41, "x" * 10_000, "__proto__", "\0", "é" * 41):
        examiner.call(f"metadata: key {key[:20]!r}", "PUT", target, {"metadata": {key: "x"}}, range(200, 423))
