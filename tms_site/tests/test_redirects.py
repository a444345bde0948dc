"""Redirects lead to pages of this site, by path, and nowhere else."""

import pytest

from tms_site.lib.redirects import is_safe_path, own_path


@pytest.mark.parametrize("path", ["/", "/tickets/", "/tickets/?q=a%20b&page=2", "/tickets/5/#comment-3", "/ä/"])
def test_paths_of_this_site_are_safe(path):
    assert is_safe_path(path)


@pytest.mark.parametrize(
    "url",
    [
        None,
        "",
        "tickets/",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "https://evil.example/",
        "http:///evil.example",
        "javascript:alert(1)",
        "/tickets/\r\nSet-Cookie: a=b",
        "/\t/evil.example",
        "/\x00/evil.example",
        " /tickets/",
        "http://testserver/",
        "//[",
    ],
)
def test_everything_else_is_not(url):
    assert not is_safe_path(url)


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("http://testserver/tickets/?q=1", "/tickets/?q=1"),
        ("http://testserver/tickets/#top", "/tickets/"),
        ("http://testserver", None),
        ("https://testserver/tickets/", None),
        ("http://testserver:81/tickets/", None),
        ("http://user@testserver/tickets/", None),
        ("http://evil.example/tickets/", None),
        ("http://testserver//evil.example/", None),
        ("http://[", None),
        ("/tickets/", None),
        (None, None),
    ],
)
def test_only_addresses_of_this_site_have_a_path_to_go_back_to(rf, url, path):
    assert own_path(rf.get("/"), url) == path
