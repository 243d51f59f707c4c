"""An HTTP proxy on loopback that passes everything on unchanged, keeps a record, and can lose an answer."""

from dataclasses import dataclass
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
import socket
import threading
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Exchange:
    method: str
    path: str
    idempotency_key: str | None
    status: int
    delivered: bool


class LossyProxy:
    def __init__(self, upstream):
        self.exchanges = []
        self._address = urlsplit(upstream).netloc
        self._to_lose = None
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self):
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()

    def lose_next_answer_to(self, path):
        """The next answer to `path` is read to its end, and the connection is cut instead of passing it on."""
        self._to_lose = path

    def _handler(proxy):
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def pass_on(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                upstream = HTTPConnection(proxy._address, timeout=30)
                upstream.request(self.command, self.path, body or None, dict(self.headers))
                answer = upstream.getresponse()
                content = answer.read()
                upstream.close()
                lost = proxy._to_lose == self.path
                key = self.headers.get("Idempotency-Key")
                proxy.exchanges.append(Exchange(self.command, self.path, key, answer.status, not lost))
                if lost:
                    proxy._to_lose = None
                    self.close_connection = True
                    self.connection.shutdown(socket.SHUT_RDWR)
                    return
                self.send_response_only(answer.status, answer.reason)
                for name, value in answer.getheaders():
                    if name.lower() not in ("connection", "content-length", "transfer-encoding"):
                        self.send_header(name, value)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            do_GET = do_POST = do_PUT = do_DELETE = pass_on

            def log_message(self, *_):
                pass

        return Handler
