"""Clients that stop sending, or go away, at every moment of a request."""

import socket
import struct
import time

import calls
import canaries
from wire import NoAnswer, request

NAME = "half-closed and abandoned connections"

TIMES = 40
ABANDONED = 100
LONGEST_WAIT = 15.0


def run(examiner, requests):
    nothing_at_all(examiner)
    for call in calls.WITH_BODY:
        for number in range(TIMES // 4):
            body = calls.as_json(requests.body(call))
            data = request(call.method, requests.target(call), examiner.headers(content_type=calls.JSON), body)
            answered(examiner, f"{call.name}, time {number + 1}", data, call, (200, 201, 404))
    for number in range(TIMES):
        target = "/user_management/users?limit=100"
        answered(examiner, f"list, time {number + 1}", request("GET", target, examiner.headers()), None, 200)
    with_a_hash(examiner)
    cut_heads(examiner)
    abandoned(examiner)


def nothing_at_all(examiner):
    for data in (b"", b"\r\n", b"G", b"GET /healthz HTTP/1.1\r\n"):
        with examiner.connect() as connection:
            examiner.results.send()
            connection.send(data)
            connection.finish()
            if connection.ends():
                examiner.results.note("closed")
            else:
                examiner.complain("a request that never was", "the connection goes on", data)


def answered(examiner, name, data, call, expect):
    """A client that has said all it has to say still wants to hear."""
    method = call.method if call else "GET"
    with examiner.connect() as connection:
        examiner.results.send()
        connection.send(data)
        connection.finish()
        try:
            examiner.examine(name, connection.answer(), data, method, expect, None, bool(call and call.is_maia))
        except NoAnswer as error:
            examiner.results.note("NoAnswer")
            examiner.complain(f"half-closed, {name}", str(error), data)


def with_a_hash(examiner):
    for number in range(4):
        body = calls.as_json({"email": canaries.new_address(), "password": canaries.new_password()})
        data = request("POST", calls.CREATE_USER.template, examiner.headers(content_type=calls.JSON), body)
        answered(examiner, f"a hash, time {number + 1}", data, calls.CREATE_USER, 201)


def cut_heads(examiner):
    """A head that ends after every one of its bytes: no answer is due, and none hangs."""
    whole = request("GET", "/healthz", [("x-a", "b")])
    for length in range(1, len(whole)):
        with examiner.connect() as connection:
            examiner.results.send()
            connection.send(whole[:length])
            connection.finish()
            try:
                examiner.examine("a cut head", connection.answer(), whole[:length], "GET", 400)
            except NoAnswer:
                examiner.results.note("closed")


def abandoned(examiner):
    """Clients that do not wait: whatever was done for them has a line in the log, be it one that does not know."""
    examiner.let_go()
    idle = examiner.service.socket_count()
    before, start = examiner.service.user_count(), examiner.service.log.length
    for number in range(ABANDONED):
        body = calls.as_json({"email": canaries.new_address()})
        connection = examiner.connect()
        examiner.results.send()
        connection.send(request("POST", calls.CREATE_USER.template, examiner.headers(content_type=calls.JSON), body))
        time.sleep(number % 5 / 1_000)
        if number % 2:
            # Ends with a reset instead of an orderly close.
            connection.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.close()
        examiner.results.note("abandoned")
    deadline = time.monotonic() + LONGEST_WAIT
    while True:
        made = examiner.service.user_count() - before
        lines = [line for line in examiner.service.log.since(start) if b'"user_created"' in line]
        told = sum(b'"status":201' in line for line in lines)
        unknown = sum(b'"status"' not in line for line in lines)
        if told <= made <= told + unknown and examiner.service.socket_count() <= idle:
            return
        if time.monotonic() > deadline:
            examiner.complain(
                "abandoned", f"{made} users were made, and the log tells of {told}, perhaps {unknown} more"
            )
            return
        time.sleep(0.1)
