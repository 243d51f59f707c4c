"""What schemathesis loads: every answer that it gets is held to the contract too."""

import json
import os
import threading

import schemathesis

import contract

_outcomes = open(os.environ["HOSTILE_OUTCOMES"], "a", encoding="utf-8")
_lock = threading.Lock()
_reserved = json.loads(os.environ["HOSTILE_RESERVED"])


class Received:
    """An answer, as the contract's checks read it."""

    def __init__(self, response):
        self.status = response.status_code
        self.headers = [(name, value) for name, values in response.headers.items() for value in values]
        self.body = response.content

    def values(self, name):
        return [value for known, value in self.headers if known.lower() == name]

    def value(self, name):
        values = self.values(name)
        return values[0] if len(values) == 1 else None

    @property
    def ends_connection(self):
        return (self.value("connection") or "").lower() == "close"


@schemathesis.hook
def before_call(context, case, kwargs):
    """It calls again with what it was answered; some of that is there for other checks."""
    for name, value in case.path_parameters.items():
        if value in _reserved:
            case.path_parameters[name] = "nobody"
    if isinstance(case.body, dict) and case.body.get("email") in _reserved:
        case.body["email"] = "nobody@a.example"
    # What happens is sent there: nobody listens, and nothing leaves this machine.
    if isinstance(case.body, dict) and str(case.body.get("endpoint_url")).lower().startswith("http"):
        case.body["endpoint_url"] = "https://127.0.0.1:1/"


@schemathesis.hook
def after_call(context, case, response):
    received = Received(response)
    # Where the head is refused, nobody has looked which route it is for.
    is_maia = None if received.ends_connection else contract.is_maias(case.formatted_path)
    outcome = {
        "status": received.status,
        "request_id": received.value("x-request-id"),
        "request": f"{case.method} {case.formatted_path}",
        "problems": list(contract.violations(received, case.method, is_maia)),
    }
    with _lock:
        _outcomes.write(json.dumps(outcome) + "\n")
        _outcomes.flush()
