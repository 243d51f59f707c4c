"""sec98: how many headers a request may have, and how long they may be together."""

import canaries
from wire import request

NAME = "sec98 header floods"

KIB = 1024
MOST_HEADERS = 64
MARK = canaries.MARK


def run(examiner, _):
    usual = examiner.headers()
    room = MOST_HEADERS - len(usual) - 1  # and Host
    for count in (room - 1, room):
        ask(examiner, f"{count} more headers", usual + numbered(count), 200)
    for count in (room + 1, 65, 100, 128, 500, 1_000, 4_000, 20_000):
        ask(examiner, f"{count} more headers", usual + numbered(count), 431)
        ask(examiner, f"{count} times one header", usual + [("x", MARK)] * count, 431)
        ask(examiner, f"{count} empty headers", usual + [("x", "")] * count, 431)
        ask(examiner, f"{count} headers before the key", numbered(count) + usual, 431)
    for size in (8 * KIB, 15 * KIB):
        ask(examiner, f"a value of {size:,} octets", [*usual, ("x-long", "a" * size)], 200)
        ask(examiner, f"a name of {size:,} octets", [*usual, ("x" * size, MARK)], 200)
    for size in (16 * KIB, 16 * KIB + 1, 20 * KIB, 32 * KIB, 64 * KIB, 100 * KIB, KIB * KIB, 8 * KIB * KIB):
        for name in (
            "x-long",
            "user-agent",
            "cookie",
            "authorization",
            "x-forwarded-for",
            "host",
            "content-type",
            "accept",
        ):
            given = ([] if name == "authorization" else usual) + [(name, MARK + "a" * size)]
            ask(examiner, f"{name} of {size:,} octets", given, 431)
        ask(examiner, f"a name of {size:,} octets", [*usual, ("x" * size, MARK)], 431)
    for length in (150, 250):
        # Few enough, and together too long.
        ask(examiner, "sixty long headers", usual + [(f"x-{number}", "a" * length) for number in range(60)], 200)
    ask(examiner, "sixty longer headers", usual + [(f"x-{number}", "a" * 300) for number in range(60)], 431)
    never_ending(examiner)


def numbered(count):
    return [(f"x-{number}", MARK) for number in range(count)]


def ask(examiner, name, headers, expect):
    data = request("GET", "/user_management/users?limit=1", headers)
    examiner.lonely(name, data, "GET", expect)


def never_ending(examiner):
    """A head that never ends is answered while it is still being sent."""
    for piece in (b"x: y\r\n", b"x" * 1_000, b"x: " + b"y" * 1_000 + b"\r\n"):
        data = b"GET /healthz HTTP/1.1\r\nhost: localhost\r\n"
        with examiner.connect() as connection:
            examiner.results.send()
            connection.send(data)
            sent = connection.send_slowly([piece * 100] * 1_000, 0.001)
            if sent == 1_000:
                examiner.complain("a head without end", "all of it was taken", data + piece)
            examiner.examine("a head without end", connection.answer(), data + piece, "GET", 431)
