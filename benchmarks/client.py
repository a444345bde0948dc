"""Who asks: a client that logs in and keeps its connection, and several of them at once.

The times are what a client sees: from sending a request to having read its answer. The client's own part of it is the
same for each page, the bare one included.
"""

from __future__ import annotations

import gzip
import re
import threading
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPResponse
from http.cookies import SimpleCookie
from time import perf_counter
from urllib.parse import urlencode

from benchmarks.pages import Desk, Page, Request

TIMEOUT = 60
NOT_FOUND = 404
GOOD = frozenset({200, 302})
FORM = "application/x-www-form-urlencoded"


class MissingPageError(Exception):
    """The server knows no such page."""


class BadAnswerError(Exception):
    """The server answered something that's no use to measure."""


@dataclass(frozen=True)
class Answer:
    """An answer: its status, how long it took, its bytes on the wire, and its text."""

    status: int
    seconds: float
    size: int
    body: bytes


class Client:
    """A browser of sorts: one connection, kept; cookies; compressed answers. With a token it's a program as well."""

    def __init__(self, port: int, token: str = "") -> None:
        self._port = port
        self._token = token
        self._connection = HTTPConnection("127.0.0.1", port, timeout=TIMEOUT)
        self._cookies: SimpleCookie = SimpleCookie()

    def reconnect(self) -> None:
        """Begin a new connection: the server has closed one that was idle."""
        self._connection.close()
        self._connection = HTTPConnection("127.0.0.1", self._port, timeout=TIMEOUT)

    def close(self) -> None:
        """End the connection."""
        self._connection.close()

    def log_in(self, email: str, password: str) -> None:
        """Log in; raises BadAnswerError when that fails."""
        page = self.send(Request("/accounts/login/"))
        token = re.search(rb'name="csrfmiddlewaretoken" value="([^"]+)"', page.body)
        if token is None:
            raise BadAnswerError("the log-in page has no form")
        values = {"login": email, "password": password, "csrfmiddlewaretoken": token[1].decode()}
        answer = self.send(Request("/accounts/login/", values, plain=True))
        if answer.status != 302:  # noqa: PLR2004 - found, as after each log-in
            raise BadAnswerError(f"logging in was answered with {answer.status}")

    def send(self, request: Request) -> Answer:
        """Send a request and read the answer."""
        body = None if request.data is None else urlencode(request.data)
        headers = self._headers(request)
        begun = perf_counter()
        self._connection.request(request.method, request.path, body, headers)
        response = self._connection.getresponse()
        content = response.read()
        seconds = perf_counter() - begun
        self._keep_cookies(response)
        text = gzip.decompress(content) if response.getheader("Content-Encoding") == "gzip" else content
        return Answer(response.status, seconds, len(content), text)

    def _headers(self, request: Request) -> dict[str, str]:
        headers = {"Accept-Encoding": "gzip", "Connection": "keep-alive"}
        if self._cookies and not request.stranger:
            headers["Cookie"] = "; ".join(f"{name}={morsel.value}" for name, morsel in self._cookies.items())
        if request.program:
            headers["Authorization"] = f"Bearer {self._token}"
        if request.data is not None:
            headers["Content-Type"] = FORM
            if "csrf" in self._cookies and not request.stranger:
                headers["X-CSRFToken"] = self._cookies["csrf"].value
            if not request.plain:
                headers["HX-Request"] = "true"
        return headers

    def _keep_cookies(self, response: HTTPResponse) -> None:
        for value in response.headers.get_all("Set-Cookie") or ():
            self._cookies.load(value)


@dataclass
class Seat:
    """A client at its desk."""

    client: Client
    desk: Desk

    def ask(self, page: Page) -> Answer:
        """Ask once for a page.

        Raises:
            MissingPageError: there's no such page.
            BadAnswerError: it answers with an error.
        """
        answer = self.client.send(page.request(self.desk))
        if answer.status == NOT_FOUND:
            raise MissingPageError(page.title)
        if answer.status not in GOOD:
            raise BadAnswerError(f"{page.title} was answered with {answer.status}")
        return answer

    def begin(self, page: Page) -> None:
        """Ask once on a new connection, which the server may have closed, so that opening it isn't measured."""
        self.client.reconnect()
        self.ask(page)

    def once(self, page: Page) -> float:
        """Return how many seconds a page takes.

        After a redirect the page that it leads to would show the message about what was done: one that nobody reads
        stays in the session, which would grow and grow.
        """
        answer = self.ask(page)
        if answer.status != 200:  # noqa: PLR2004 - a redirect
            self.client.send(Request("/permissions/"))
        return answer.seconds


def together(seats: list[Seat], page: Page, requests: int) -> list[float]:
    """Let several clients ask at once, each for its share of the requests; returns the seconds of them all.

    Raises what a client raised.
    """
    results: list[list[float]] = []
    errors: list[Exception] = []
    share = max(requests // len(seats), 1)

    def work(seat: Seat) -> None:
        try:
            seat.begin(page)
            results.append([seat.once(page) for _ in range(share)])
        except (BadAnswerError, MissingPageError, HTTPException, OSError) as error:
            errors.append(error)

    threads = [threading.Thread(target=work, args=(seat,)) for seat in seats]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]
    return [seconds for result in results for seconds in result]
