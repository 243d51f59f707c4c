"""sec98: how deep JSON may be nested."""

import calls
import canaries

NAME = "sec98 deep nesting"

MOST = 32  # the body itself is the first
DEEP = (33, 34, 64, 127, 128, 129, 1_000, 5_000)
SHAPES = {"lists": ("[", "]"), "objects": ('{"a":', "}"), "both": ('[{"a":', "}]")}
LARGEST = 16 * 1024


def run(examiner, requests):
    for call in calls.WITH_BODY:
        target, good = requests.target(call), requests.body(call)
        for name, (begin, end) in SHAPES.items():
            for depth in DEEP:
                body = within(good, begin, end, depth // (2 if name == "both" else 1))
                if len(body) <= LARGEST:
                    examiner.call(f"{call.name}: {depth} {name}", call.method, target, body, 400, "json_too_deep")
            body = within(good, begin, end, MOST // (2 if name == "both" else 1) - 1)
            examiner.call(f"{call.name}: deep enough", call.method, target, body, (200, 201, 400, 404, 422))
        for depth in (10_000, 16_000):
            never_closed = b"[" * depth
            examiner.call(f"{call.name}: {depth} open lists", call.method, target, never_closed, 400, "json_too_deep")
        closed = b"[" * 8_000 + b"]" * 8_000
        examiner.call(f"{call.name}: 8,000 lists", call.method, target, closed, 400, "json_too_deep")
        for field in call.fields:
            body = within(good, "[", "]", MOST, field)
            examiner.call(f"{call.name}: deep {field}", call.method, target, body, 400, "json_too_deep")
        wide(examiner, call, target, good)


def wide(examiner, call, target, good):
    """Not deep, but many."""
    many = calls.as_json({**{f"k{number}": 0 for number in range(1_300)}, **good})
    examiner.call(f"{call.name}: 1,300 keys", call.method, target, many, (200, 201, 400, 404))
    long_list = calls.as_json({canaries.MARK: [0] * 4_000, **good})
    examiner.call(f"{call.name}: 4,000 items", call.method, target, long_list, (200, 201, 400, 404))
    long_key = calls.as_json({"k" * 15_000: 0, **good})
    examiner.call(f"{call.name}: a long key", call.method, target, long_key, (200, 201, 400, 404))
    long_number = b'{"a": ' + b"9" * 15_000 + b"}"
    examiner.call(f"{call.name}: a long number", call.method, target, long_number, (200, 400, 422))


def within(good, begin, end, depth, field="deep"):
    """The fields of a good body, and one that is nested so deep below it."""
    others = "".join(f'"{name}": "{value}", ' for name, value in good.items() if name != field)
    return f'{{{others}"{field}": {begin * depth}0{end * depth}}}'.encode()
