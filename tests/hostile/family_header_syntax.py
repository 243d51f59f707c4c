"""sec94: what is no header, or could be read as two, ends the connection."""

import calls
import canaries
from wire import request

NAME = "sec94 broken headers"

MARK = canaries.MARK.encode()
START = b"GET /healthz HTTP/1.1\r\nhost: localhost\r\n"
BROKEN = {
    "no colon": b"x-a b\r\n",
    "no name": b": b\r\n",
    "only a colon": b":\r\n",
    "a space before the colon": b"x-a : b\r\n",
    "a tab before the colon": b"x-a\t: b\r\n",
    "a space before the name": b" x-a: b\r\n",
    "obs-fold with a space": b"x-a: b\r\n c\r\n",
    "obs-fold with a tab": b"x-a: b\r\n\tc: d\r\n",
    "a bare CR": b"x-a: b\rc: d\r\n",
    "a bare CR at the end": b"x-a: b\r\r\n",
    "two CRs": b"x-a: b\r\r\nx-b: c\r\n",
    "a NUL in the value": b"x-a: b\0c\r\n",
    "a NUL in the name": b"x-a\0: b\r\n",
    "a control in the value": b"x-a: \x01\x1b\x7f\r\n",
    "a control in the name": b"x-\x01: b\r\n",
    "a space in the name": b"x a: b\r\n",
    "a byte above ASCII in the name": b"x-\xe9: b\r\n",
    "a name of UTF-8": "ключ: b\r\n".encode(),
    "brackets in the name": b"x[a]: b\r\n",
    "a slash in the name": b"x/a: b\r\n",
    "a quoted name": b'"x": b\r\n',
    "a name with an at": b"x@a: b\r\n",
    "a request line": b"GET / HTTP/1.1\r\n",
}
ALLOWED = {
    "an empty value": b"x-a:\r\n",
    "spaces around": b"x-a: \t b \t\r\n",
    "bytes above ASCII": b"x-a: \xff\xfe\xe9\r\n",
    "UTF-8": "x-a: \u202e\u2028é\r\n".encode(),
    "every mark of a name": b"!#$%&'*+-.^_`|~9z: b\r\n",
    "escapes that nobody undoes": b"x-a: %0d%0aset-cookie: b\r\n",
    "a name that looks like ours": b"x-request-id: " + MARK + b"\r\n",
    "two of them": b"x-request-id: a\r\nx-request-id: b\r\n",
    "headers of proxies": b"x-forwarded-for: 127.0.0.1, "
    + MARK
    + b"\r\nx-real-ip: ::1\r\nforwarded: for=_x\r\nvia: 1.1 x\r\n",
    "other methods": b"x-http-method-override: DELETE\r\nx-method-override: PUT\r\nx-http-method: POST\r\n",
    "other paths": b"x-original-url: /events\r\nx-rewrite-url: /events\r\nx-forwarded-prefix: /events\r\n",
    "hop by hop": b"connection: authorization, host, x-request-id\r\nproxy-connection: close\r\n",
    "an upgrade": b"connection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\n",
    "another upgrade": b"connection: upgrade, http2-settings\r\nupgrade: h2c\r\nhttp2-settings: AAMAAABkAAQAAP__\r\n",
    "a trailer": b"trailer: x-a\r\nte: trailers\r\n",
    "an unknown expectation": b"expect: the-moon\r\n",
    "another origin": b"origin: https://a.example\r\naccess-control-request-method: DELETE\r\nreferer: https://a.example/\r\n",
}
HOSTS = (
    "localhost:0",
    "localhost:99999",
    "127.0.0.1",
    "[::1]:80",
    "a.example",
    "x" * 4_000,
    "..",
    canaries.DOMAIN,
    "LOCALHOST",
    "a_b",
    "a,b",
)
NO_HOSTS = (
    "a b",
    "a/b",
    "a@b",
    "http://a.example",
    "a?b",
    "a#b",
    "a\\b",
    "[::1",
    "a:b",
    "a:1:2",
    "%zz",
    '"',
    "<x>",
)


def run(examiner, requests):
    for name, lines in BROKEN.items():
        for place, data in placed(lines):
            examiner.lonely(f"{name} {place}", data, "GET", 400, "http_invalid")
        with_a_body(examiner, requests, name, lines, 400)
    for name, lines in ALLOWED.items():
        for place, data in placed(lines):
            examiner.lonely(f"{name} {place}", data, "GET", 200)
    hosts(examiner)
    allowed_is_not_believed(examiner)


def placed(lines):
    yield "at the end", START + lines + b"\r\n"
    yield "before another", START + lines + b"x-z: z\r\n\r\n"
    yield "first", b"GET /healthz HTTP/1.1\r\n" + lines + b"host: localhost\r\n\r\n"


def with_a_body(examiner, requests, name, lines, expect):
    """Refused before the body counts: nothing is made."""
    address = canaries.new_address()
    body = calls.as_json({"email": address})
    good = request("POST", calls.CREATE_USER.template, examiner.headers(content_type=calls.JSON), body)
    data = good.replace(b"\r\ncontent-length", b"\r\n" + lines + b"content-length", 1)
    examiner.lonely(f"{name}, with a body", data, "POST", expect)
    examiner.call(f"{name}: nobody", "POST", calls.CREATE_RESET.template, {"email": address}, 404)


def hosts(examiner):
    for host in HOSTS:
        examiner.lonely(f"host {host[:40]!r}", request("GET", "/healthz", host=host), "GET", 200)
    # An empty one is well-formed, and no host.
    examiner.lonely("host ''", request("GET", "/healthz", host=""), "GET", (200, 400))
    for host in NO_HOSTS:
        examiner.lonely(f"host {host!r}", request("GET", "/healthz", host=host), "GET", 400)
    for name, data in {
        "no host": request("GET", "/healthz", host=None),
        "no host, whole address": request("GET", "http://localhost/healthz", host=None),
        "two hosts": request("GET", "/healthz", [("host", "localhost")]),
        "two other hosts": request("GET", "/healthz", [("Host", "a.example")]),
    }.items():
        examiner.lonely(name, data, "GET", 400, "host_required")


def allowed_is_not_believed(examiner):
    """What a client says of itself, or of another request, changes nothing."""
    for name in ("x-request-id", "x-correlation-id", "traceparent", "request-id"):
        answer = examiner.call(name, "GET", "/healthz", None, 200, None, [(name, canaries.MARK)], key=None)
        if answer and canaries.MARK in str(answer.headers):
            examiner.complain(name, "it comes back", answer=answer)
    for name in ("x-http-method-override", "x-method-override", "x-http-method"):
        path = f"{calls.CREATE_USER.template}?_method=DELETE"
        examiner.call(name, "GET", path, None, 200, None, [(name, "DELETE")])
