"""Webhooks reach the public internet and nothing inside (docs/security.md, row 23)."""

from ipaddress import ip_address, ip_network
from time import monotonic

import pytest

from activity.webhooks import guard
from tms_site.lib.errors import ServiceError

INSIDE = [
    "127.0.0.1",
    "127.8.8.8",
    "0.0.0.0",  # noqa: S104 - an address that must be refused
    "10.0.0.1",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "224.0.0.1",
    "255.255.255.255",
    "::1",
    "::",
    "fe80::1",
    "fc00::1",
    "ff02::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "64:ff9b::7f00:1",
    "2002:7f00:1::",
    "2001:0:7f00:1::",
    "fec0::1",
    "::7f00:1",
    "5f00::1",
]
OUTSIDE = ["93.184.216.34", "2606:2800:220:1::1"]
NO_ADDRESSES = [
    "",
    "example.com",
    "//example.com/hook",
    "ftp://example.com",
    "file:///etc/passwd",
    "javascript:alert(1)",
    "https://",
    "https://exa mple.com",
    "https://example.com\\@127.0.0.1",
    "https://example.com:99999",
    "https://example.com:x",
    "https://name:secret@example.com",
    "https://example.com/#here",
    "https://ex\u00e4mple.com",
    "https://example.com/\r\nHost: inside",
    "https://[::1",
    f"https://{'a' * 254}/",
]


@pytest.mark.parametrize("address", INSIDE)
def test_an_address_inside_is_refused(address):
    assert not guard.is_outside(ip_address(address), [])


@pytest.mark.parametrize("address", OUTSIDE)
def test_an_address_outside_is_fine(address):
    assert guard.is_outside(ip_address(address), [])


def test_a_network_that_the_operator_allows_is_fine_and_only_that():
    allowed = [ip_network("10.1.0.0/16")]
    assert guard.is_outside(ip_address("10.1.2.3"), allowed)
    assert guard.is_outside(ip_address("::ffff:10.1.2.3"), allowed)
    assert not guard.is_outside(ip_address("10.2.0.1"), allowed)


# The second is the same address as one number, which resolvers understand.
@pytest.mark.parametrize("host", ["127.0.0.1", "2130706433", "localhost", "::1"])
def test_no_name_and_no_spelling_leads_inside(host):
    with pytest.raises(guard.Unreachable, match="must not reach"):
        guard.connect(host, 80, monotonic() + 1)


def test_a_name_that_nobody_has_is_said_so():
    with pytest.raises(guard.Unreachable, match="no host"):
        guard.connect("nowhere.invalid", 443, monotonic() + 1)


def test_a_port_where_nobody_listens_is_said_so(settings):
    settings.WEBHOOK_ALLOWED_NETWORKS = [ip_network("127.0.0.0/8")]
    with pytest.raises(guard.Unreachable, match="Nothing answers"):
        guard.connect("127.0.0.1", 1, monotonic() + 1)


@pytest.mark.parametrize("url", NO_ADDRESSES)
def test_what_is_no_address_is_refused_with_words(url):
    with pytest.raises(ServiceError) as error:
        guard.destination(url)
    assert error.value.field == "url"


def test_letters_that_are_not_sent_as_such_are_told_how_to_write():
    with pytest.raises(ServiceError, match="xn--"):
        guard.destination("https://exämple.com/hook")


def test_plain_http_is_for_those_who_allow_it(settings):
    settings.WEBHOOK_ALLOW_HTTP = False
    with pytest.raises(ServiceError, match="https"):
        guard.destination("http://example.com/hook")
    settings.WEBHOOK_ALLOW_HTTP = True
    assert guard.destination("http://example.com/hook").port == 80


def test_an_address_leads_where_it_says():
    to = guard.destination("https://example.com:8443/hook?a=1")
    assert (to.scheme, to.host, to.port, to.target) == ("https", "example.com", 8443, "/hook?a=1")
    assert guard.destination("https://example.com").target == "/"


def test_a_host_that_cannot_prove_its_name_is_not_talked_to(settings, receiver):
    settings.WEBHOOK_ALLOWED_NETWORKS = [ip_network("127.0.0.0/8")]
    port = int(receiver.url.split(":")[2].split("/")[0])
    connection = guard.open_connection(guard.Destination("https", "127.0.0.1", port, "/"), monotonic() + 2)
    with pytest.raises(guard.Unreachable, match="trusted"):
        connection.request("POST", "/", b"{}")
    assert receiver.requests == []
