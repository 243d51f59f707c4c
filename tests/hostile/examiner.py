"""Sends requests, and holds every answer to the contract."""

import json

import calls
import canaries
import contract
import wire

KEPT = object()


class Examiner:
    def __init__(self, service, results):
        self.service = service
        self.results = results
        self.secrets = {service.api_key, service.reading_key}
        # Ids and addresses that only the checks themselves may use.
        self.reserved = set()
        self._connection = None
        self._forbidden = canaries.Search([canaries.PASSWORD, canaries.TOKEN, *self.secrets])

    def headers(self, key=KEPT, content_type=None):
        """The usual headers: an API key unless another, or none, is asked for."""
        key = self.service.api_key if key is KEPT else key
        headers = [("authorization", f"Bearer {key}")] if key is not None else []
        return headers + [content_type] if content_type else headers

    def call(self, name, method, target, body=None, expect=None, reason=None, headers=(), key=KEPT, source=None):
        """A request that is well-formed HTTP. `body` is bytes, or a value to be written as JSON."""
        content_type = calls.JSON if body is not None and not has_type(headers) else None
        if body is not None and not isinstance(body, bytes):
            body = calls.as_json(body)
        head = [*self.headers(key, content_type), *headers]
        data = wire.request(method, target, head, body)
        is_maia = contract.is_maias(target if isinstance(target, str) else target.decode("latin-1"))
        return self.exchange(name, data, method, expect, reason, is_maia, source)

    def exchange(self, name, data, method="GET", expect=None, reason=None, is_maia=False, source=None):
        """Sends bytes that are one request, and examines the one answer."""
        connection = self._kept() if source is None else wire.Connection(self.service.address, source)
        self.results.send()
        answer = None
        try:
            connection.send(data)
            answer = connection.answer(method)
            self.examine(name, answer, data, method, expect, reason, is_maia)
            if answer.ends_connection and not connection.ends():
                self.complain(name, "the connection was to be closed, and is not", data, answer)
        except (wire.NoAnswer, wire.Silence) as error:
            self.results.note(type(error).__name__)
            self.complain(name, str(error), data)
        if answer is None or answer.ends_connection or source is not None:
            connection.close()
            if source is None:
                self._connection = None
        return answer

    def lonely(self, name, data, method="GET", expect=None, reason=None, is_maia=False):
        """The same on a connection of its own: what is sent may be more or less than a request."""
        self.let_go()
        answer = self.exchange(name, data, method, expect, reason, is_maia)
        kept = self._connection
        if kept and answer is not None and kept.has_news(0) and not kept.ends(0):
            self.complain(name, "there is more than one answer", data, answer)
        self.let_go()
        return answer

    def closed_without_answer(self, name, data):
        """For what is not HTTP/1 at all: the connection ends, and that is all."""
        with wire.Connection(self.service.address) as connection:
            self.results.send()
            connection.send(data)
            if connection.ends():
                self.results.note("closed")
            else:
                self.complain(name, "something was answered, or the connection is still open", data)

    def examine(self, name, answer, data=b"", method="GET", expect=None, reason=None, is_maia=False):
        self.results.note(answer.status)
        if not self.results.identify(answer.value("x-request-id")):
            self.complain(name, "two answers have the same x-request-id", data, answer)
        for violation in contract.violations(answer, method, is_maia):
            self.complain(name, violation, data, answer)
        if self._forbidden.find(answer.body):
            self.complain(name, "the body shows a secret", data)
        if answer.interim and b"100-continue" not in data:
            self.complain(name, "there was an interim answer that nobody waits for", data)
        if expect is not None and answer.status not in as_tuple(expect):
            self.complain(name, f"the status is {answer.status}, not {expect}", data, answer)
        elif reason is not None and not any(has_reason(answer, each) for each in as_tuple(reason)):
            self.complain(name, f"the reason is not {reason}", data, answer)

    def complain(self, name, problem, data=b"", answer=None):
        sent = printable(data, 300, self.secrets)
        came = f"\n    answer: {answer.status} {printable(answer.body, 300, self.secrets)}" if answer else ""
        self.results.problem(f"{name}: {problem}" + (f"\n    request: {sent}" if data else "") + came, problem)

    def connect(self, source=None):
        """A connection for a case that needs one of its own."""
        return wire.Connection(self.service.address, source)

    def let_go(self):
        if self._connection:
            self._connection.close()
            self._connection = None

    def new_user(self, name="a user", **fields):
        body = {"email": canaries.new_address(), **fields}
        answer = self.call(f"{name}: made", "POST", "/user_management/users", body, expect=201)
        return fields_of(answer)

    def new_reset(self, email, name="a reset"):
        answer = self.call(f"{name}: made", "POST", "/user_management/password_reset", {"email": email}, expect=201)
        made = fields_of(answer)
        self.secrets.add(made["password_reset_token"])
        return made

    def _kept(self):
        if self._connection and self._connection.has_news(0):
            self.let_go()
        if self._connection is None:
            self._connection = wire.Connection(self.service.address)
        return self._connection


def has_type(headers):
    return any(wire.as_bytes(name).lower() == b"content-type" for name, _ in headers)


def as_tuple(value):
    return value if isinstance(value, (tuple, set, list, range)) else (value,)


def fields_of(answer):
    if answer is None or not 200 <= answer.status < 300:
        raise RuntimeError("what a case needs could not be made")
    return json.loads(answer.body)


def has_reason(answer, wanted):
    """Whether an entry of `errors` has this code, or is about this field."""
    reasons = json.loads(answer.body).get("errors") or [{}]
    return any(wanted in (reason.get("code"), reason.get("field")) for reason in reasons)


def printable(data, most, secrets):
    """The beginning of some bytes, as text, without secrets."""
    for secret in secrets:
        data = data.replace(secret.encode(), b"[secret]")
    shown = repr(data[:most])[1:]
    return shown + (f" and {len(data) - most} more bytes" if len(data) > most else "")
