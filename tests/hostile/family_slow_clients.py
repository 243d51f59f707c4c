"""sec98: clients that take their time, many at once, while others do not notice."""

import resource
import selectors
import socket
import time

import calls
from wire import Connection, NoAnswer, request

NAME = "sec98 slow heads, bodies and readers"

CONNECTIONS, LONG = 200, 2_000
OTHER_FILES = 100
HEAD_SECONDS, BODY_SECONDS = 5.0, 15.0
# How long before and after a deadline a connection may end on a machine that has other things to do.
EARLY, LATE = 0.5, 8.0
QUICK = 5.0
BEAT = 1.0
HEAD = b"GET /healthz HTTP/1.1\r\nhost: localhost\r\nx-slow: yes\r\n"
READERS, UNREAD = 8, 200
# Nothing says how long an answer may wait for its reader, but forever is too long.
READER_SECONDS = 40.0


class Slow:
    """A connection that sends one byte a second, and what became of it."""

    def __init__(self, examiner, name, first, drip, seconds, status=None):
        self.name = name
        self.status = status
        self.seconds = seconds
        self.connection = Connection(examiner.service.address)
        self.began = time.monotonic()
        self.connection.send(first)
        self._drip = drip
        self._next = self.began + BEAT
        examiner.results.send()

    def beat(self, now):
        if self._drip and now >= self._next:
            self._next += BEAT
            self.connection.send(self._drip)

    def end(self, examiner):
        """Something came. Within a second of the deadline, a 408 or the end of the connection."""
        lasted = time.monotonic() - self.began
        try:
            answer = self.connection.answer()
            examiner.examine(self.name, answer, b"", "POST", self.status or 408, None, None)
            if not self.connection.ends():
                examiner.complain(self.name, "the connection goes on", answer=answer)
        except NoAnswer:
            examiner.results.note("closed")
            if self.status:
                examiner.complain(self.name, f"it ended without a {self.status}")
        self.connection.close()
        if not self.seconds - EARLY <= lasted <= self.seconds + LATE:
            examiner.complain(self.name, f"it ended after {lasted:.1f} s, not {self.seconds:.0f}")


def fill(examiner, requests, options, _):
    count = connections(options)
    idle = sockets(examiner)
    readers = [stuck_reader(examiner) for _ in range(READERS)]
    began = time.monotonic()
    slow = [start(examiner, requests, number) for number in range(count)]
    slowest = watch(examiner, requests, slow)
    examiner.results.remark(f"{count} at once; the slowest of the others' requests took {slowest * 1e3:.0f} ms")
    if slowest > QUICK:
        examiner.complain("a normal request", f"it took {slowest:.1f} s")
    readers_are_let_go(examiner, idle, began)
    for reader in readers:
        reader.close()


def connections(options):
    """So many at once, for which this process needs as many files."""
    count = LONG if options.long else CONNECTIONS
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < count + OTHER_FILES:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(count + OTHER_FILES, hard), hard))
    return count


def start(examiner, requests, number):
    call = calls.WITH_BODY[number % len(calls.WITH_BODY)]
    headers = [*examiner.headers(content_type=calls.JSON), ("content-length", "1000")]
    body_to_come = request(call.method, requests.target(call), headers)
    kinds = (
        ("a slow head", HEAD, b"x", HEAD_SECONDS, None),
        ("a slow body", body_to_come, b" ", BODY_SECONDS, 408),
        ("a head that stops", HEAD, b"", HEAD_SECONDS, None),
        ("a body that stops", body_to_come + b"{", b"", BODY_SECONDS, 408),
        ("nothing at all", b"", b"", HEAD_SECONDS, None),
        ("a body that never starts", body_to_come, b"", BODY_SECONDS, 408),
        ("slow line ends", b"\r\n", b"\n", HEAD_SECONDS, None),
        ("a slow first word", b"G", b"E", HEAD_SECONDS, None),
    )
    return Slow(examiner, *kinds[number % len(kinds)])


def watch(examiner, requests, slow):
    """Lets them drip until all have ended, and asks for other things meanwhile. Answers the longest wait."""
    slowest = 0.0
    deadline = time.monotonic() + BODY_SECONDS + LATE + 2
    with selectors.DefaultSelector() as selector:
        for one in slow:
            selector.register(one.connection.socket, selectors.EVENT_READ, one)
        while selector.get_map() and time.monotonic() < deadline:
            for key, _ in selector.select(0.1):
                selector.unregister(key.fileobj)
                key.data.end(examiner)
            now = time.monotonic()
            for key in list(selector.get_map().values()):
                key.data.beat(now)
            began = time.monotonic()
            examiner.call("meanwhile", "GET", "/user_management/users?limit=1", None, 200)
            examiner.call("meanwhile", "POST", calls.CREATE_RESET.template, requests.body(calls.CREATE_RESET), 201)
            slowest = max(slowest, (time.monotonic() - began) / 2)
        for key in selector.get_map().values():
            examiner.complain(key.data.name, "it has not ended")
            key.data.connection.close()
    return slowest


def stuck_reader(examiner):
    """A client that asks for a lot, and reads none of it."""
    reader = socket.socket()
    reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
    reader.connect(examiner.service.address)
    reader.setblocking(False)
    asked = request("GET", "/openapi.json") * UNREAD
    examiner.results.send(UNREAD)
    try:
        # The service takes no more once its answers do not go out.
        while asked:
            asked = asked[reader.send(asked) :]
    except (BlockingIOError, ConnectionError):
        pass
    return reader


def sockets(examiner):
    """Those of the service, one of which is ours."""
    examiner.call("ready", "GET", "/readyz", expect=200, key=None)
    return examiner.service.socket_count()


def readers_are_let_go(examiner, idle, began):
    """What the service still holds cannot be seen from here: it is counted there."""
    while (held := sockets(examiner) - idle) > 0:
        if time.monotonic() > began + READER_SECONDS:
            examiner.complain("unread answers", f"{held} connections are still held after {READER_SECONDS:.0f} s")
            return
        time.sleep(0.25)
    examiner.results.note("closed", READERS)
