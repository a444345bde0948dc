"""People who open tickets and comment on them, and send again what wasn't acknowledged; and who is told of it."""

from __future__ import annotations

import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from http.client import HTTPException
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from uuid import uuid4

from benchmarks.client import Client
from benchmarks.pages import Request

PASSWORD = "Hello123."  # noqa: S105 - of the demo organisation
FOUND = 302
PAUSE = 0.05


@dataclass
class Tally:
    """What was acknowledged, and how often something had to be sent again."""

    tickets: set[str] = field(default_factory=set)
    comments: set[str] = field(default_factory=set)
    again: int = 0
    # Answers that are neither a success nor "not now": there should be none.
    odd: Counter[int] = field(default_factory=Counter)

    @property
    def acknowledged(self) -> int:
        """How many."""
        return len(self.tickets) + len(self.comments)


class Visitor(threading.Thread):
    """Somebody at work: a ticket, two comments, a ticket, … each with a token of its own, until told to stop.

    Args:
        port: where TMS is.
        email: who it is, of the demo organisation.
        ticket: the number of a ticket that they comment on.
    """

    NOT_NOW = frozenset({502, 503, 504})

    def __init__(self, port: int, email: str, ticket: int) -> None:
        super().__init__(name=email)
        self.tally = Tally()
        self._enough = threading.Event()
        self._ticket = ticket
        self._client = Client(port)
        self._client.log_in(email, PASSWORD)

    def run(self) -> None:
        """Work."""
        number = 0
        while not self._enough.is_set():
            token = uuid4().hex
            about = {"client_token": token, "description": f"Written in the drill, number {number}."}
            if number % 3:
                self._send(f"/tickets/{self._ticket}/comments/", about, self.tally.comments)
            else:
                more = {"title": f"Drill {number}", "priority": "low"}
                self._send("/tickets/new/", about | more, self.tally.tickets)
            number += 1
        self._client.close()

    def stop(self) -> None:
        """Finish what is in hand, and go."""
        self._enough.set()

    def _send(self, path: str, values: dict[str, str], acknowledged: set[str]) -> None:
        while not self._enough.is_set():
            status = self._try(path, values)
            if status == FOUND:
                acknowledged.add(values["client_token"])
                return
            if status and status not in self.NOT_NOW:
                self.tally.odd[status] += 1
            self.tally.again += 1
            time.sleep(PAUSE)

    def _try(self, path: str, values: dict[str, str]) -> int:
        """Return the status of the answer; 0 when there was none."""
        try:
            return self._client.send(Request(path, values, plain=True)).status
        except (HTTPException, OSError):
            self._client.reconnect()
            return 0


class Receiver:
    """Somebody else's program that's told by a webhook; it counts how often each delivery comes."""

    def __init__(self) -> None:
        self.deliveries: Counter[str] = Counter()
        deliveries = self.deliveries

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                self.rfile.read(int(self.headers["Content-Length"]))
                deliveries[self.headers["TMS-Delivery"]] += 1
                self.send_response(204)
                self.end_headers()

            def log_message(self, *args: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        """Close the address."""
        self._server.shutdown()
        self._server.server_close()
