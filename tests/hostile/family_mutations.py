"""Good requests with a few bytes changed, as many as are still to be sent."""

import random

import calls
import canaries
from wire import NoAnswer, Silence, request

NAME = "changed bytes"

SEED = 20_240_523
LEAST = 1_000
PATIENCE = 0.3  # seconds until a request counts as unfinished
PIECES = [
    b"\r\n",
    b"\r",
    b"\n",
    b"\0",
    b"\xff",
    b"\xc0\xaf",
    b"%00",
    b"%ff",
    b"..",
    b"/",
    b"//",
    b"{",
    b"}",
    b"[",
    b"]",
    b'"',
    b"\\",
    b"\\u0000",
    b"\\ud800",
    b":",
    b",",
    b"null",
    b"true",
    b"1e400",
    b"-1",
    b"0",
    b"{}",
    b"[]",
    b'""',
    b"content-length: 5\r\n",
    b"99999999999999999999",
    b"transfer-encoding: chunked\r\n",
    b"expect: 100-continue\r\n",
    b"HTTP/2.0",
    b"\r\n\r\n",
    b"[" * 40,
    b"x" * 5_000,
    b"\xe2\x80\xae",
    b"&",
    b"=",
    b"%",
]


def fill(examiner, requests, options, left):
    source = random.Random(SEED)
    for number in range(max(LEAST, left)):
        call = source.choice(calls.WITH_BODY)
        body = calls.as_json({**requests.body(call), source.choice(call.fields): canaries.MARK})
        headers = [*examiner.headers(content_type=calls.JSON), ("idempotency-key", "x")]
        name = f"{call.name}, change {number} of seed {SEED}"
        if number % 2:
            body = changed(source, body)
            examiner.exchange(
                name, request(call.method, requests.target(call), headers, body), call.method, None, None, call.is_maia
            )
        else:
            head = request(call.method, requests.target(call), headers, body)
            # Changed keys are wrong ones, which are counted for each address.
            one(examiner, name, changed(source, head), f"127.0.4.{1 + number // 2 % 250}")


def changed(source, data):
    for _ in range(source.randint(1, 4)):
        at, length = source.randrange(len(data) + 1), source.choice((1, 1, 2, 8, 40))
        cut = data[at : at + length]
        data = (
            data[:at]
            + source.choice(
                (
                    b"",
                    cut + cut,
                    cut[::-1],
                    cut.swapcase(),
                    cut * 20,
                    source.choice(PIECES),
                    source.choice(PIECES) + cut,
                    source.randbytes(length),
                    bytes(octet ^ 1 << source.randrange(8) for octet in cut),
                )
            )
            + data[at + length :]
        )
    return data


def one(examiner, name, data, source):
    """Whatever it has become, what is answered is answered well, and the connection comes to an end."""
    with examiner.connect(source) as connection:
        examiner.results.send()
        connection.send(data)
        if not connection.has_news(PATIENCE):
            connection.finish()
        try:
            while True:
                examiner.examine(name, connection.answer(), data, "GET", None, None, None)
                # What is left over counts as a request of its own, until the connection ends.
                examiner.results.send()
                connection.finish()
        except NoAnswer:
            examiner.results.note("closed")
        except Silence as silence:
            examiner.complain(name, str(silence), data)
