"""sec98: bodies of 16 KiB and no more, announced, sent, cut short, or awaited with 100-continue."""

import calls
import wire
from wire import request

NAME = "sec98 large and broken bodies"

KIB = 1024
MOST = 16 * KIB
HUGE = 64 * KIB * KIB
WAIT = ("expect", "100-continue")
FINE = (200, 201, 400, 404, 422)


def run(examiner, requests):
    for call in calls.WITH_BODY:
        target, good = requests.target(call), calls.as_json(requests.body(call))
        for size in (MOST - 1, MOST):
            padded = good[:-1] + b" " * (size - len(good)) + b"}"
            examiner.call(f"{call.name}: {size:,} octets", call.method, target, padded, FINE)
            examiner.call(f"{call.name}: {size:,} spaces", call.method, target, b" " * size, 400, "json_invalid")
            awaited(examiner, call, target, padded)
        for size in (MOST + 1, MOST + 2, 2 * MOST, 64 * KIB, KIB * KIB):
            too_large = good + b" " * (size - len(good))
            examiner.call(f"{call.name}: {size:,} octets", call.method, target, too_large, 413)
            examiner.call(f"{call.name}: {size:,} octets, no key", call.method, target, too_large, 413, key=None)
        for size in (MOST + 1, KIB * KIB, HUGE, 2**31, 2**32, 2**63 - 1):
            announced(examiner, call, target, size)
        cut_short(examiner, call, target, good)
    never_more_than_announced(examiner, requests)
    for number in range(2):
        whole = request("POST", calls.CREATE_RESET.template, examiner.headers(content_type=calls.JSON), bytes(HUGE))
        examiner.lonely(f"64 MiB, time {number + 1}", whole, "POST", 413)
    without_use(examiner)


def head(examiner, call, target, length, *more):
    headers = [*examiner.headers(content_type=calls.JSON), ("content-length", str(length)), *more]
    return request(call.method, target, headers)


def awaited(examiner, call, target, body):
    """A client that asks first is told to go on, once, and its body is read."""
    name = f"{call.name}: awaited"
    with examiner.connect() as connection:
        data = head(examiner, call, target, len(body), WAIT)
        examiner.results.send()
        connection.send(data)
        if not connection.has_news(5):
            examiner.complain(name, "it is not told to go on", data)
        connection.send(body)
        answer = connection.answer()
        examiner.examine(name, answer, data, call.method, FINE, None, call.is_maia)
        if answer.interim != 1:
            examiner.complain(name, f"it is told {answer.interim} times to go on", data, answer)


def announced(examiner, call, target, size):
    """A body that is too long by its own account is refused before it comes."""
    name = f"{call.name}: {size:,} octets announced"
    for more in ([], [WAIT]):
        data = head(examiner, call, target, size, *more)
        with examiner.connect() as connection:
            examiner.results.send()
            connection.send(data)
            if not more:
                connection.finish()
            answer = connection.answer()
            examiner.examine(name, answer, data, call.method, 413, None, call.is_maia)
            if answer.interim:
                examiner.complain(name, "it is told to go on", data, answer)


def cut_short(examiner, call, target, good):
    """The client goes away in the middle: there may be an answer, and there must be an end."""
    for sent in (b"", good[:1], good[:-1], b" " * 4_000):
        name = f"{call.name}: {len(sent)} octets of a longer body"
        for says_so in (True, False):
            data = head(examiner, call, target, 5_000) + sent
            with examiner.connect() as connection:
                examiner.results.send()
                connection.send(data)
                if says_so:
                    connection.finish()
                    answer = connection.answer()
                    examiner.examine(name, answer, data, call.method, 400, "body_incomplete", call.is_maia)
                else:
                    examiner.results.note("abandoned")


def never_more_than_announced(examiner, requests):
    """What follows a body is another request, and no part of it."""
    good = calls.as_json({"email": requests.email})
    for extra in (b"x", b"}", b"\0", b" " * 100, b"\r\n\r\nx"):
        data = request("POST", calls.CREATE_RESET.template, examiner.headers(content_type=calls.JSON), good) + extra
        with examiner.connect() as connection:
            examiner.results.send()
            connection.send(data)
            examiner.examine("more than announced", connection.answer(), data, "POST", 201)
            connection.finish()
            # Half a head need not be answered; more than that is a request of its own, and a bad one.
            examiner.results.send()
            try:
                examiner.examine("the rest", connection.answer(), data, "POST", 400, "http_invalid")
            except wire.NoAnswer:
                examiner.results.note("closed")


def without_use(examiner):
    """Bodies where none is read are bounded all the same."""
    for method, target in (
        ("GET", "/healthz"),
        ("DELETE", "/events"),
        ("GET", "/user_management/users"),
        ("PUT", "/no"),
    ):
        for size, statuses in ((1, (200, 404, 405)), (MOST, (200, 404, 405)), (MOST + 1, 413), (KIB * KIB, 413)):
            examiner.call(f"{method} {target} with {size:,} octets", method, target, bytes(size), statuses)
