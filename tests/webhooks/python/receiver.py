"""A receiver of webhooks, with or without TLS, that keeps what it is sent and answers as it is told to."""

import http.server
import queue
import ssl
import threading


class Receiver:
    def __init__(self, certificate=None):
        self.requests = queue.Queue()
        self.connections = 0
        self.answers = []
        receiver = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["content-length"])).decode()
                headers = {name.lower(): value for name, value in self.headers.items()}
                receiver.requests.put({"path": self.path, "headers": headers, "body": body})
                self.send_response(receiver.answers.pop(0) if receiver.answers else 200)
                self.send_header("content-length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        class Server(http.server.ThreadingHTTPServer):
            def get_request(self):
                receiver.connections += 1
                return super().get_request()

            def handle_error(self, *_):
                pass

        self.server = Server(("127.0.0.1", 0), Handler)
        self.scheme = "http"
        if certificate is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*certificate)
            # The handshake is the connection's own thread's: one that fails ends no other.
            self.server.socket = context.wrap_socket(
                self.server.socket, server_side=True, do_handshake_on_connect=False
            )
            self.scheme = "https"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def url(self, host="127.0.0.1"):
        return f"{self.scheme}://{host}:{self.server.server_port}/hooks"

    def next(self):
        """The next request that it was sent."""
        return self.requests.get(timeout=60)

    def is_quiet(self):
        return self.requests.empty()
