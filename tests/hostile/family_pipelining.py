"""Several requests at once on one connection: answered in order, each once, and none that was smuggled in."""

import json

import calls
import canaries
from wire import NoAnswer, request

NAME = "sec94 pipelined and smuggled requests"

BAD = {
    "no request": b"nonsense\r\n\r\n",
    "a broken header": b"GET /healthz HTTP/1.1\r\nhost: localhost\r\nx y: z\r\n\r\n",
    "no host": b"GET /healthz HTTP/1.1\r\n\r\n",
    "chunks": b"POST /healthz HTTP/1.1\r\nhost: localhost\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
    "a long head": b"GET /healthz HTTP/1.1\r\nhost: localhost\r\nx: " + b"y" * 20_000 + b"\r\n\r\n",
    "a long body": b"POST /healthz HTTP/1.1\r\nhost: localhost\r\ncontent-length: 20000\r\n\r\n" + b"y" * 20_000,
}


def run(examiner, requests):
    in_order(examiner)
    mixed(examiner, requests)
    bad_ends_it(examiner)
    bodies_are_bodies(examiner, requests)
    responses_are_not_split(examiner)
    old_versions(examiner)


def several(examiner, name, parts, statuses, ends=False):
    """Sends requests in one piece: (method, bytes) each. Expects so many answers, then the end or silence."""
    data = b"".join(part for _, part in parts)
    answers = []
    with examiner.connect() as connection:
        examiner.results.send(len(statuses))
        connection.send(data)
        for (method, part), status in zip(parts, statuses):
            try:
                answer = connection.answer(method)
            except NoAnswer as error:
                examiner.complain(name, f"answer {len(answers) + 1}: {error}", data)
                return answers
            examiner.examine(name, answer, part, method, status, None, None if b"/auth/" in part else False)
            answers.append(answer)
        if ends and not connection.ends():
            examiner.complain(name, "more was answered, or the connection goes on", data)
        if not ends and connection.has_news(0.05):
            examiner.complain(name, "there are more answers than requests", data)
    return answers


def in_order(examiner):
    """Each answer belongs to its request."""
    for count in (2, 10, 100):
        names = [f"nobody-{number}" for number in range(count)]
        parts = [("GET", request("GET", f"/user_management/users/{name}", examiner.headers())) for name in names]
        answers = several(examiner, f"{count} at once", parts, [404] * count)
        if [json.loads(answer.body).get("entity_id") for answer in answers] != names:
            examiner.complain(f"{count} at once", "they are not answered in order")


def mixed(examiner, requests):
    """Methods that have a body in the answer and those that have none, calls that wait and calls that do not."""
    headers = examiner.headers(content_type=calls.JSON)
    for number in range(5):
        parts = [("HEAD", request("HEAD", "/openapi.json")), ("GET", request("GET", "/healthz"))]
        statuses = [200, 200]
        for call in calls.WITH_BODY:
            body = calls.as_json(requests.body(call))
            parts.append((call.method, request(call.method, requests.target(call), headers, body)))
            parts += [("GET", request("GET", "/nothing")), ("DELETE", request("DELETE", "/healthz"))]
            statuses += [(200, 201, 404), 404, 405]
        several(examiner, f"all calls at once, time {number + 1}", parts, statuses)


def bad_ends_it(examiner):
    """After what cannot be read, or came in chunks, nothing is: the good request behind it may be part of it."""
    good = ("GET", request("GET", "/healthz"))
    statuses = {"a long head": 431, "a long body": 413, "chunks": 405}
    for name, bad in BAD.items():
        status = statuses.get(name, 400)
        for before in (0, 1, 10):
            parts = [good] * before + [("GET", bad), good]
            several(examiner, f"{before} good, then {name}", parts, [200] * before + [status], ends=True)


def bodies_are_bodies(examiner, requests):
    """A request inside a body is text, whatever becomes of the request around it."""
    hidden = request("DELETE", f"/user_management/users/{requests.user_id}", examiner.headers())
    good = ("GET", request("GET", "/healthz"))
    for method, target, headers, status in (
        ("GET", "/healthz", [], 200),
        ("HEAD", "/healthz", [], 200),
        ("POST", "/nothing", [], 404),
        ("BREW", "/healthz", [], 405),
        ("POST", calls.CREATE_RESET.template, [*examiner.headers(), ("content-type", "text/plain")], 415),
        ("POST", calls.CREATE_RESET.template, examiner.headers(content_type=calls.JSON), 400),
        ("POST", requests.target(calls.MAIA), examiner.headers(content_type=calls.FORM), (404, 422)),
        ("CONNECT", "localhost:80", [], 404),
    ):
        several(
            examiner,
            f"hidden in {method} {target}",
            [(method, request(method, target, headers, hidden)), good],
            [status, 200],
        )
    for length in (0, 1, len(hidden) - 1):
        # Too short a length: what is left over is read as a request, as anything would be that a client sends.
        headers = [*examiner.headers(content_type=calls.JSON), ("content-length", str(length))]
        data = request("POST", calls.CREATE_RESET.template, headers) + b"\0" * (length + 1) + b"\r\n\r\n" + good[1]
        several(examiner, f"a length of {length}", [("POST", data)] * 2, [400, 400], ends=True)
    path = f"/user_management/users/{requests.user_id}"
    examiner.call("whom a hidden request would have removed", "GET", path, None, 200)


def responses_are_not_split(examiner):
    """Line ends in what is sent never become line ends in an answer's head."""
    for text in (
        "%0d%0aset-cookie:%20a=b",
        "%0aset-cookie:%20a=b",
        "%0d%0a%0d%0a%3Chtml%3E",
        "\u560d\u560aset-cookie: a",
    ):
        for path in ("/user_management/users/{}", "/user_management/users/external_id/{}", "/{}", "/healthz?a={}"):
            answer = examiner.call(f"split {text}", "GET", path.format(text.replace(" ", "%20")), None, (200, 404))
            if answer and answer.values("set-cookie"):
                examiner.complain(f"split {text}", "a header was put in", answer=answer)
    email = f"{canaries.MARK}\r\nset-cookie: a=b\r\n\r\n@{canaries.DOMAIN}"
    answer = examiner.call("split e-mail", "POST", calls.CREATE_RESET.template, {"email": email}, (404, 422))
    if answer and answer.values("set-cookie"):
        examiner.complain("split e-mail", "a header was put in", answer=answer)


def old_versions(examiner):
    """HTTP/1.0 ends with its answer unless it asks to go on."""
    good = ("GET", request("GET", "/healthz"))
    old = ("GET", request("GET", "/healthz", version="HTTP/1.0"))
    staying = ("GET", request("GET", "/healthz", [("connection", "keep-alive")], version="HTTP/1.0"))
    last = ("GET", request("GET", "/healthz", [("connection", "close")]))
    several(examiner, "1.0, then another", [old, good], [200], ends=True)
    several(examiner, "1.0 that stays", [staying, good], [200, 200])
    several(examiner, "the last, then another", [last, good], [200], ends=True)
    chunked = request("POST", "/healthz", [("transfer-encoding", "chunked")], version="HTTP/1.0") + b"0\r\n\r\n"
    several(examiner, "1.0 with chunks", [("POST", chunked), good], [400], ends=True)
