"""Drives `reset_password.UserManagement`: a request a line in, an answer a line out."""

import json
import sys
import threading

import protocol
from reset_password import UserManagement

handles = {}


def answer(request):
    try:
        return {"ok": protocol.plain(result(request))}
    except Exception as error:
        return {"error": protocol.failure(error)}


def result(request):
    call = request["call"]
    given = protocol.arguments(request) if call not in ("concurrently", "at") else request["arguments"]
    if call == "open":
        handles[request["handle"]] = UserManagement(given.pop("database_url"), **given)
        return None
    if call == "drop":
        handles.pop(request["handle"]).close()
        return None
    if call == "concurrently":
        return at_once(given["calls"])
    if call == "at":
        return at_once(given["calls"], given["unix_millis"])
    if call == "signatures":
        return protocol.signatures(UserManagement, UserManagement, UserManagement.__enter__)
    if call in ("codes", "version"):
        return getattr(protocol, call)()
    if call not in protocol.OPERATIONS:
        raise LookupError(f"unknown call {call}")
    return getattr(handles[request["handle"]], call)(**given)


def at_once(calls, unix_millis=0):
    """A thread for each call. All begin together."""
    answers = [None] * len(calls)
    start = threading.Barrier(len(calls))

    def work(index):
        start.wait()
        protocol.wait_until(unix_millis)
        answers[index] = answer(calls[index])

    threads = [threading.Thread(target=work, args=(index,)) for index in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


for line in sys.stdin.buffer:
    identifier = None
    try:
        request = json.loads(line)
        identifier = request["id"]
        told = answer(request)
    except Exception as error:
        told = {"error": {"code": "driver_failed", "message": f"{type(error).__name__}: {error}"}}
    print(json.dumps({"id": identifier, **told}), flush=True)
