"""What a service has done after an hour of work: its caches are full, and its hashes have had their memory."""

from concurrent.futures import ThreadPoolExecutor

import calls
import canaries
import wire

CALLS = 1_000
HASHES = 32
MOST_BODY = 16 * 1024


def run(examiner, requests, connections):
    """Some calls, then as many connections at once as there will be, each with a body on its way."""
    for number in range(CALLS // 5):
        for call in calls.WITH_BODY:
            examiner.call("a call", call.method, requests.target(call), requests.body(call))
        if number % 20 == 0:
            large = b" " * MOST_BODY
            examiner.call("a large body", "POST", calls.CREATE_RESET.template, large, 400)
            examiner.call("the description", "GET", "/openapi.json", key=None, expect=200)
    hashes(examiner)
    body = b" " * MOST_BODY
    data = wire.request("POST", calls.CREATE_RESET.template, examiner.headers(content_type=calls.JSON), body)
    at_once = [examiner.connect() for _ in range(connections)]
    for piece in (data[:-1], data[-1:]):
        for connection in at_once:
            connection.send(piece)
    for connection in at_once:
        examiner.results.send()
        examiner.examine("many at once", connection.answer(), data, "POST", 400)
        connection.close()


def hashes(examiner):
    """As many at once as there can be: their memory is kept for a while."""
    examiner.results.send(HASHES)
    with ThreadPoolExecutor(8) as pool:
        answers = pool.map(lambda _: hash_one(examiner), range(HASHES))
    if set(answers) != {201}:
        raise RuntimeError("users with passwords could not be made")


def hash_one(examiner):
    """Not through the examiner, which asks one thing at a time."""
    body = calls.as_json({"email": canaries.new_address(), "password": canaries.new_password()})
    with examiner.connect() as connection:
        connection.send(wire.request("POST", "/user_management/users", examiner.headers(content_type=calls.JSON), body))
        return connection.answer().status
