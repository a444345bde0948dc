"""A receiver of webhooks on this machine, which really answers."""

import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_network

import pytest


@dataclass
class Receiver:
    """What came, and what is answered: (status, headers, body)."""

    url: str = ""
    requests: list = field(default_factory=list)
    answer: tuple = (204, {}, b"")


@pytest.fixture
def receiver():
    kept = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            kept.requests.append((self.path, dict(self.headers), body))
            status, headers, answer = kept.answer
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *args):
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    kept.url = f"http://127.0.0.1:{server.server_port}/hook?from=tms"
    yield kept
    server.shutdown()
    server.server_close()


@pytest.fixture
def inside_is_allowed(settings):
    """What an operator sets whose receivers stand in the same building."""
    settings.WEBHOOK_ALLOWED_NETWORKS = [ip_network("127.0.0.0/8")]
    settings.WEBHOOK_ALLOW_HTTP = True
