"""One deadline for all that's said over a connection.

A socket's own timeout begins anew with each piece that comes: who answers a byte a second would be listened to forever.
"""

from __future__ import annotations

import socket
import ssl
from time import monotonic
from typing import Any


def left(deadline: float) -> float:
    """Return how many seconds there are until `deadline`, a moment of `monotonic()`; raises TimeoutError for none."""
    seconds = deadline - monotonic()
    if seconds <= 0:
        raise TimeoutError
    return seconds


class TimedSocket(socket.socket):
    """A socket over which http.client sends and receives until `deadline`; then TimeoutError is raised."""

    deadline: float

    def recv_into(self, *args: Any, **kwargs: Any) -> int:
        """Receive what there is until then."""
        self.settimeout(left(self.deadline))
        return super().recv_into(*args, **kwargs)

    def send(self, *args: Any, **kwargs: Any) -> int:
        """Send a part until then."""
        self.settimeout(left(self.deadline))
        return super().send(*args, **kwargs)

    def sendall(self, *args: Any, **kwargs: Any) -> None:
        """Send all of it until then."""
        self.settimeout(left(self.deadline))
        super().sendall(*args, **kwargs)


class TimedTlsSocket(TimedSocket, ssl.SSLSocket):
    """The same with TLS."""
