"""Connections to the outside that can't reach inside (docs/security.md, row 23).

A name is looked up once, and what's connected to is the very address that was checked: a name that points elsewhere
a moment later is of no use. Redirects aren't followed by http.client, and proxies of the environment aren't asked.
"""

from __future__ import annotations

import http.client
import socket
import ssl
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any, cast
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from activity.webhooks.deadline import TimedSocket, TimedTlsSocket, left
from tms_site.lib.errors import ServiceError

Network = IPv4Network | IPv6Network
# Addresses that stand for others, which would have to be unpacked to be judged: NAT64, 6to4 and Teredo.
TRANSLATED: tuple[Network, ...] = tuple(
    ip_network(each) for each in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32")
)
# What is given out of IPv6 to the internet (RFC 4291). Beyond it Python calls some inner networks global: site-local
# addresses (fec0::/10), IPv4-compatible ones (::127.0.0.1) and segment identifiers (5f00::/16).
PUBLIC_IPV6 = ip_network("2000::/3")
PORTS = {"http": 80, "https": 443}
HOST_MAX = 253
# Who gives a name a hundred addresses doesn't keep us busy with all of them.
ADDRESSES_TRIED = 4


class Unreachable(Exception):  # noqa: N818 - what happened, not an error of ours
    """There's no way there, or none that may be taken."""


@dataclass(frozen=True)
class Destination:
    """Where a webhook's address leads."""

    scheme: str
    host: str
    port: int
    target: str


def destination(url: str) -> Destination:
    """Return where `url` leads.

    Raises:
        ServiceError: it's no address that a webhook may have.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise ServiceError(_("Enter an address such as https://example.com/hook."), field="url") from None
    _refuse_odd(url, parts)
    if parts.scheme == "http" and not settings.WEBHOOK_ALLOW_HTTP:
        raise ServiceError(_("Begin with https://, so that nobody on the way reads along."), field="url")
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Destination(parts.scheme, parts.hostname or "", port or PORTS[parts.scheme], target)


def _refuse_odd(url: str, parts: SplitResult) -> None:
    if not url.isascii():
        words = _("Write letters such as ä the way they are sent: xn--exmple-cua.com for a name, %C3%A4 behind it.")
        raise ServiceError(words, field="url")
    odd = not url.isprintable() or " " in url or "\\" in url
    if odd or parts.scheme not in PORTS or not parts.hostname or len(parts.hostname) > HOST_MAX:
        raise ServiceError(_("Enter an address such as https://example.com/hook."), field="url")
    if parts.username is not None or parts.password is not None:
        raise ServiceError(
            _("Leave out name and password: everybody who sees the address could use them."), field="url"
        )
    if parts.fragment:
        raise ServiceError(_("Leave out what stands after the #: servers never see it."), field="url")


def is_outside(address: IPv4Address | IPv6Address, allowed: Iterable[Network]) -> bool:
    """Tell whether an address is on the public internet, or in a network that the operator allows."""
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    if any(address in network for network in allowed if network.version == address.version):
        return True
    if any(address in network for network in TRANSLATED if network.version == address.version):
        return False
    if isinstance(address, IPv6Address) and address not in PUBLIC_IPV6:
        return False
    return address.is_global and not address.is_multicast


def checked_addresses(host: str, port: int) -> list[tuple[socket.AddressFamily, Any]]:
    """Look a host up, and return its addresses if all of them may be connected to.

    Raises:
        Unreachable: there's no such host, or one of its addresses lies inside.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise Unreachable(_("There is no host of this name.")) from None
    addresses: list[tuple[socket.AddressFamily, Any]] = [
        (family, sockaddr) for family, _kind, _protocol, _name, sockaddr in found
    ]
    for _family, sockaddr in addresses:
        if not is_outside(ip_address(str(sockaddr[0]).partition("%")[0]), settings.WEBHOOK_ALLOWED_NETWORKS):
            raise Unreachable(_("This address leads into a network that webhooks must not reach."))
    return addresses


def connect(host: str, port: int, deadline: float) -> TimedSocket:
    """Connect to a checked address of `host`, one of the first few.

    Args:
        host: a name or an address.
        port: where.
        deadline: the moment (of `monotonic()`) until which one is connected, and whatever is said after it was said.

    Raises:
        Unreachable: there's no way there, or none that may be taken.
        TimeoutError: the time was over before the last address was tried.
    """
    problem = ""
    addresses = checked_addresses(host, port)[:ADDRESSES_TRIED]
    for tried, (family, sockaddr) in enumerate(addresses):
        # Each gets its share, so that one which never answers leaves time for the next.
        share = left(deadline) / (len(addresses) - tried)
        connection = TimedSocket(family, socket.SOCK_STREAM)
        connection.deadline = deadline
        connection.settimeout(share)
        try:
            connection.connect(sockaddr)
        except OSError as error:
            connection.close()
            problem = error.strerror or str(error)
            continue
        return connection
    raise Unreachable(_("Nothing answers there: %(problem)s.") % {"problem": problem})


class GuardedConnection(http.client.HTTPConnection):
    """A connection to a checked address, which ends at a deadline."""

    def __init__(self, host: str, port: int, deadline: float) -> None:
        super().__init__(host, port)
        self.deadline = deadline

    def connect(self) -> None:
        """Connect; raises Unreachable and TimeoutError."""
        self.sock = connect(self.host, self.port, self.deadline)


class GuardedTlsConnection(GuardedConnection):
    """The same with TLS, for which the host has to prove its name."""

    default_port = http.client.HTTPS_PORT

    def connect(self) -> None:
        """Connect; raises Unreachable, also when the host can't prove its name, and TimeoutError."""
        plain = connect(self.host, self.port, self.deadline)
        try:
            self.sock = _with_tls(plain, self.host)
        except TimeoutError:
            plain.close()
            raise
        except OSError as error:
            plain.close()
            raise Unreachable(_("The connection can't be trusted: %(problem)s.") % {"problem": error}) from error


def _with_tls(plain: TimedSocket, host: str) -> TimedTlsSocket:
    context = ssl.create_default_context()
    context.sslsocket_class = TimedTlsSocket
    plain.settimeout(left(plain.deadline))
    connection = cast("TimedTlsSocket", context.wrap_socket(plain, server_hostname=host))
    connection.deadline = plain.deadline
    return connection


def open_connection(to: Destination, deadline: float) -> http.client.HTTPConnection:
    """Return a connection to `to` that isn't open yet, and ends at `deadline` (a moment of `monotonic()`)."""
    kind = GuardedTlsConnection if to.scheme == "https" else GuardedConnection
    return kind(to.host, to.port, deadline)
