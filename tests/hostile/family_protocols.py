"""What is another protocol, or none, on the port of this one."""

import random

from wire import NoAnswer, Silence, request

NAME = "other protocols and noise"

LINES = {
    "HTTP/0.9": b"GET /healthz\r\n",
    "HTTP/0.9 with an empty line": b"GET /healthz\r\n\r\n",
    "HTTP/0.9 by its name": b"GET /healthz HTTP/0.9\r\nhost: localhost\r\n\r\n",
    "HTTP/1.2": b"GET /healthz HTTP/1.2\r\nhost: localhost\r\n\r\n",
    "HTTP/1": b"GET /healthz HTTP/1\r\nhost: localhost\r\n\r\n",
    "HTTP/1.10": b"GET /healthz HTTP/1.10\r\nhost: localhost\r\n\r\n",
    "HTTP/2.0": b"GET /healthz HTTP/2.0\r\nhost: localhost\r\n\r\n",
    "HTTP/3": b"GET /healthz HTTP/3\r\nhost: localhost\r\n\r\n",
    "http in lower case": b"GET /healthz http/1.1\r\nhost: localhost\r\n\r\n",
    "HTTPS/1.1": b"GET /healthz HTTPS/1.1\r\nhost: localhost\r\n\r\n",
    "ICAP": b"REQMOD icap://localhost/x ICAP/1.0\r\nhost: localhost\r\n\r\n",
    "RTSP": b"OPTIONS * RTSP/1.0\r\nCSeq: 1\r\n\r\n",
    "SIP": b"INVITE sip:a@a.example SIP/2.0\r\n\r\n",
    "SMTP": b"EHLO a.example\r\nMAIL FROM:<a@a.example>\r\n",
    "SSH": b"SSH-2.0-x\r\n\r\n",
    "Redis": b"*1\r\n$4\r\nPING\r\n\r\n",
    "PROXY": b"PROXY TCP4 127.0.0.1 127.0.0.1 1 2\r\nGET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n",
    "PROXY 2": b"\r\n\r\n\0\r\nQUIT\n!\x11\0\x0c" + bytes(12) + b"\r\n\r\n",
    "an answer": b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n",
    "an answer to copy": b"HTTP/1.1 400 Bad Request\r\n\r\n",
    "three words too many": b"GET /healthz HTTP/1.1 and more\r\n\r\n",
    "tabs": b"GET\t/healthz\tHTTP/1.1\r\nhost: localhost\r\n\r\n",
    "two spaces": b"GET  /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n",
    "no end of line": b"GET /healthz HTTP/1.1 host: localhost\r\n\r\n",
    "only CR": b"GET /healthz HTTP/1.1\rhost: localhost\r\r",
    "TLS 1.0": bytes.fromhex("16030100c8010000c40303") + bytes(range(200)),
    "TLS 1.3": bytes.fromhex("1603030200010001fc0303") + b"\xaa" * 512,
    "a TLS alert": bytes.fromhex("15030100020228"),
    "a PostgreSQL start": bytes.fromhex("00000008 04d2162f") + b"\r\n\r\n",
    "NULs": bytes(1_000),
    "0xff": b"\xff" * 1_000,
    "line ends and noise": b"\r\n" * 100 + b"\xfe\r\n\r\n",
}
FINE = {
    "HTTP/1.0": b"GET /healthz HTTP/1.0\r\n\r\n",
    "HTTP/1.0 with a host": b"GET /healthz HTTP/1.0\r\nhost: localhost\r\n\r\n",
    "line ends before": b"\r\n\r\nGET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n",
    "only LF": b"GET /healthz HTTP/1.1\nhost: localhost\n\n",
}
PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
SETTINGS = bytes(3) + b"\x04" + bytes(5)
NOISE = 150
SEED = 20_240_523


def run(examiner, _):
    for name, data in LINES.items():
        examiner.lonely(name, data, "GET", (400, 431), "http_invalid")
    for name, data in FINE.items():
        examiner.lonely(name, data, "GET", 200)
    for name, data in {
        "alone": PREFACE,
        "with settings": PREFACE + SETTINGS,
        "with noise": PREFACE + b"\xff" * 4_000,
    }.items():
        second_version(examiner, f"HTTP/2 {name}", data)
    second_version(examiner, "HTTP/2 after a request", PREFACE, before=request("GET", "/healthz"))
    source = random.Random(SEED)
    for number in range(NOISE):
        noise(examiner, f"noise {number} of seed {SEED}", source.randbytes(source.choice((1, 10, 100, 1_000, 20_000))))


def second_version(examiner, name, data, before=b""):
    """Not spoken: the connection ends, with a word in the first version or without."""
    with examiner.connect() as connection:
        if before:
            examiner.results.send()
            connection.send(before)
            examiner.examine(name, connection.answer(), before, "GET", 200)
        examiner.results.send()
        connection.send(data)
        try:
            examiner.examine(name, connection.answer(), data, "GET", 400)
        except NoAnswer:
            examiner.results.note("closed")
        if not connection.ends():
            examiner.complain(name, "the connection goes on", data)


def noise(examiner, name, data):
    """Refused, or ended without a word where it does not even have a line: never more than one answer."""
    with examiner.connect() as connection:
        examiner.results.send()
        connection.send(data + b"\r\n\r\n")
        try:
            examiner.examine(name, connection.answer(), data, "GET", (400, 431))
        except Silence as silence:
            examiner.complain(name, str(silence), data)
        if not connection.ends():
            examiner.complain(name, "the connection goes on", data)
