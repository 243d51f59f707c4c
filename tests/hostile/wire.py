"""HTTP/1.1 on a bare socket: sends any bytes, and reads answers strictly."""

import selectors
import socket

LONGEST_WAIT = 30.0  # seconds; the service's own longest deadline is half of it
PIECE = 64 * 1024


class NoAnswer(Exception):
    """The connection ended without an answer, or with half of one."""


class Silence(Exception):
    """Nothing came, and the connection stayed open."""


class Answer:
    def __init__(self, status, headers, body, interim):
        self.status = status
        self.headers = headers
        self.body = body
        self.interim = interim

    def values(self, name):
        """Every value of a header, by its exact lower-case name."""
        return [value for known, value in self.headers if known == name]

    def value(self, name):
        values = self.values(name)
        return values[0] if len(values) == 1 else None

    @property
    def ends_connection(self):
        return (self.value("connection") or "").lower() == "close"


class Connection:
    """One connection. `source` is the address to come from; all of 127.0.0.0/8 is this machine."""

    def __init__(self, address, source=None, wait=LONGEST_WAIT):
        self.socket = socket.create_connection(address, wait, (source, 0) if source else None)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.received = b""

    def send(self, data):
        """Sends all of it, unless the service ends the connection first. True if all was sent."""
        try:
            self.socket.sendall(data)
        except (BrokenPipeError, ConnectionResetError):
            return False
        return True

    def send_slowly(self, pieces, pause):
        """Sends piece after piece, and stops as soon as something is answered. Answers how many went."""
        for sent, piece in enumerate(pieces):
            if self.has_news(pause if sent else 0) or not self.send(piece):
                return sent
        return len(pieces)

    def finish(self):
        """Says that nothing more will be sent."""
        try:
            self.socket.shutdown(socket.SHUT_WR)
        except OSError:
            pass

    def has_news(self, seconds):
        """Whether something was received, or the connection ended, within that time."""
        with selectors.DefaultSelector() as selector:
            selector.register(self.socket, selectors.EVENT_READ)
            return bool(selector.select(seconds))

    def answer(self, method="GET"):
        """Reads the next answer."""
        interim = 0
        while True:
            head = self._until(b"\r\n\r\n")
            status, headers = parse_head(head)
            if status >= 200:
                break
            interim += 1
        answer = Answer(status, headers, b"", interim)
        if method != "HEAD":
            answer.body = self._exactly(body_length(answer))
        return answer

    def ends(self, seconds=5.0):
        """Whether the service ends the connection, without another byte."""
        if self.received:
            return False
        self.socket.settimeout(seconds)
        try:
            return self.socket.recv(PIECE) == b""
        except ConnectionResetError:
            return True
        except TimeoutError:
            return False
        finally:
            self.socket.settimeout(LONGEST_WAIT)

    def close(self):
        self.socket.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def _until(self, end):
        while end not in self.received:
            self._more()
        head, _, self.received = self.received.partition(end)
        return head

    def _exactly(self, length):
        while len(self.received) < length:
            self._more()
        body, self.received = self.received[:length], self.received[length:]
        return body

    def _more(self):
        try:
            piece = self.socket.recv(PIECE)
        except ConnectionResetError:
            piece = b""
        except TimeoutError:
            raise Silence("no answer, and the connection is still open") from None
        if not piece:
            half = " after half an answer" if self.received else ""
            raise NoAnswer(f"the connection ended without an answer{half}")
        self.received += piece


def parse_head(head):
    lines = head.decode("latin-1").split("\r\n")
    version, _, rest = lines[0].partition(" ")
    if version not in ("HTTP/1.1", "HTTP/1.0") or not rest[:3].isdigit():
        raise NoAnswer(f"not an answer of HTTP/1: {lines[0][:80]!r}")
    headers = []
    for line in lines[1:]:
        name, colon, value = line.partition(":")
        if not colon or name != name.strip() or "\r" in line or "\n" in line:
            raise NoAnswer(f"not a header: {line[:80]!r}")
        headers.append((name, value.strip()))
    return int(rest[:3]), headers


def body_length(answer):
    """Only a length that stands there once tells two answers apart."""
    lengths = answer.values("content-length")
    if answer.values("transfer-encoding") or len(lengths) != 1 or not lengths[0].isdigit():
        raise NoAnswer("the answer's length is not told by one Content-Length")
    return int(lengths[0])


def request(method, target, headers=(), body=None, host="localhost", version="HTTP/1.1"):
    """A request as bytes. Nothing is checked or escaped."""
    lines = [b" ".join(map(as_bytes, (method, target, version)))]
    if host is not None:
        lines.append(b"host: " + as_bytes(host))
    lines += [as_bytes(name) + b": " + as_bytes(value) for name, value in headers]
    if body is not None:
        lines.append(b"content-length: %d" % len(body))
    return b"\r\n".join(lines) + b"\r\n\r\n" + (body or b"")


def as_bytes(text):
    return text if isinstance(text, bytes) else text.encode()
