"""sec94: a request whose end two readers could see in two places is refused, and so is all that follows."""

import calls
import canaries
from wire import request

NAME = "sec94 conflicting lengths"

CHUNKED = ("transfer-encoding", "chunked")
ENCODINGS = (
    "chunked",
    "Chunked",
    "CHUNKED",
    " chunked ",
    "chunked, chunked",
    "gzip, chunked",
    "chunked, gzip",
    "identity",
    "gzip",
    "deflate",
    "compress",
    "xchunked",
    "chunked;q=1",
    '"chunked"',
    "chun\tked",
    "",
    ",",
    "chunked,",
    ", chunked",
    "\x0bchunked",
    "identity, chunked",
    "chunked, identity",
    "x" * 1_000,
)
LENGTHS = (
    "-1",
    "+5",
    "5 5",
    "5,5",
    "5, 5",
    "5;5",
    "0x5",
    "5.0",
    "5e0",
    "five",
    "",
    " ",
    "\t",
    '"5"',
    "05x",
    "٥",
    "5\x00",
    "--5",
    "+-5",
    "18446744073709551616",
    "99999999999999999999999999",
    "-18446744073709551615",
    "1" * 300,
    "NaN",
    "Infinity",
)
# The body that one reader takes for chunks, and another for what its length says.
CHUNKS = b"5\r\nhello\r\n0\r\n\r\n"


def run(examiner, requests):
    for call in calls.WITH_BODY:
        target = requests.target(call)

        def lonely(name, headers, body, expect=400, call=call, target=target):
            head = request(call.method, target, [*examiner.headers(content_type=calls.JSON), *headers])
            smuggled = request("DELETE", f"/user_management/users/{requests.user_id}", examiner.headers())
            refused(examiner, f"{call.name}: {name}", head + body + smuggled, call, expect)

        encodings(lonely)
        lengths(lonely)
    still_there(examiner, requests)
    nothing_was_made(examiner)
    chunks_alone(examiner, requests)


def encodings(lonely):
    for encoding in ENCODINGS:
        lonely(f"transfer-encoding {encoding[:30]!r}", [("transfer-encoding", encoding)], CHUNKS)
        for length in ("0", "4", str(len(CHUNKS))):
            both = [("content-length", length), ("transfer-encoding", encoding)]
            lonely(f"length {length} and encoding {encoding[:30]!r}", both, CHUNKS)
            lonely(f"encoding {encoding[:30]!r} and length {length}", both[::-1], CHUNKS)
    for one, other in (("chunked", "chunked"), ("chunked", "identity"), ("identity", "chunked"), ("x", "chunked")):
        lonely(f"encodings {one} and {other}", [("transfer-encoding", one), ("Transfer-Encoding", other)], CHUNKS)
    for name in ("transfer-encoding ", "transfer-encoding\t", "transfer\x00-encoding", "\x0btransfer-encoding"):
        lonely(f"{name!r}", [(name, "chunked"), ("content-length", "4")], CHUNKS)
    for body in (
        b"0\r\n\r\n",
        b"5;a=b\r\nhello\r\n0\r\n\r\n",
        b"fffffffffffffffff\r\n",
        b"0x5\r\nhello\r\n0\r\n\r\n",
        b"+5\r\nhello\r\n0\r\n\r\n",
        b" 5\r\nhello\r\n0\r\n\r\n",
        b"5\r\nhello0\r\n\r\n",
        b"5\r\nhello\n0\r\n\r\n",
        b"5\r\nhello\r\n0\r\ncontent-length: 4\r\n\r\n",
        b"-1\r\n",
        b"0\nx",
        b"5\rhello",
        b"zz\r\n",
    ):
        lonely(f"chunks {body[:20]!r}", [CHUNKED], body)


def lengths(lonely):
    for length in LENGTHS:
        lonely(f"length {length[:30]!r}", [("content-length", length)], b"hello")
    # A length that a machine can just hold is one, and too much; the largest are so for the HTTP library.
    for length in ("18446744073709551615", "18446744073709551614", "9223372036854775808", "9223372036854775807"):
        lonely(f"length {length}", [("content-length", length)], b"hello", (400, 413, 431))
    # Two that are equal may be read as one (RFC 9110, 8.6), and are: every reader sees the same end.
    for one, other in (("0", "5"), ("5", "0"), ("5", "6"), ("5", "+5"), ("5", "")):
        lonely(f"lengths {one} and {other}", [("content-length", one), ("Content-Length", other)], b"hello")


def refused(examiner, name, data, call, expect):
    """One answer, mostly a refusal, then the end of the connection: what follows is nobody's request."""
    with examiner.connect() as connection:
        examiner.results.send()
        connection.send(data)
        answer = connection.answer(call.method)
        examiner.examine(name, answer, data, call.method, expect, None, None if call.is_maia else False)
        if not answer.ends_connection or not connection.ends():
            examiner.complain(name, "the connection goes on", data, answer)


def still_there(examiner, requests):
    path = f"/user_management/users/{requests.user_id}"
    examiner.call("whom a smuggled request would have removed", "GET", path, None, 200)


def nothing_was_made(examiner):
    """A good body in a frame that is not clear has no effect."""
    both = [CHUNKED, ("content-length", "3")]
    for headers in (both, both[::-1], [CHUNKED, CHUNKED], [("content-length", "+40")]):
        address = canaries.new_address()
        chunks = in_chunks(calls.as_json({"email": address}))
        head = request("POST", calls.CREATE_USER.template, [*examiner.headers(content_type=calls.JSON), *headers])
        refused(examiner, f"a good body, {headers}", head + chunks, calls.CREATE_USER, 400)
        examiner.call("nobody was made", "POST", calls.CREATE_RESET.template, {"email": address}, 404)


def in_chunks(body):
    return b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)


def chunks_alone(examiner, requests):
    """Chunks without a length are a body like any other, and the last of their connection."""
    address = canaries.new_address()
    head = request("POST", calls.CREATE_USER.template, [*examiner.headers(content_type=calls.JSON), CHUNKED])
    smuggled = request("DELETE", f"/user_management/users/{requests.user_id}", examiner.headers())
    data = head + in_chunks(calls.as_json({"email": address})) + smuggled
    refused(examiner, "a good body in chunks", data, calls.CREATE_USER, 201)
    examiner.call("who was made", "POST", calls.CREATE_RESET.template, {"email": address}, 201)
    still_there(examiner, requests)
