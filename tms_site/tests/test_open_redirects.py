"""Nobody is ever sent to another site (docs/security.md, row 11)."""

import re
from urllib.parse import urlencode

import pytest
from django.test import Client

from accounts.factories import UserFactory
from tms_site.tests.forms import NEW, PASSWORD
from tms_site.tests.house import undone

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fresh_limits")]

ELSEWHERE = [
    "//evil.example",
    "///evil.example",
    "////evil.example",
    "/\\evil.example",
    "\\/evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "http://evil.example",
    "https:evil.example",
    "http:///evil.example",
    "HTTPS://EVIL.EXAMPLE",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "data:text/html,x",
    " //evil.example",
    "\x00//evil.example",
    "http://testserver@evil.example",
    "http://testserver.evil.example",
    "//testserver\\@evil.example",
    "/tickets/\r\nSet-Cookie: a=b",
    "?next=//evil.example",
]


@pytest.mark.parametrize("target", ELSEWHERE)
@pytest.mark.parametrize("way", ["form", "address"])
def test_after_log_in_nobody_is_sent_elsewhere(target, way, db):
    UserFactory(email="owner@example.com")
    client = Client()
    fields = {"login": "owner@example.com", "password": PASSWORD} | ({"next": target} if way == "form" else {})
    query = f"?{urlencode({'next': target, 'unsaved': 1})}" if way == "address" else ""
    response = client.post(f"/accounts/login/{query}", fields)
    assert response.status_code == 302
    assert_own(response["Location"])
    assert "Set-Cookie" not in response["Location"]


REDIRECTING = (
    "/accounts/logout/",
    "/accounts/reauthenticate/",
    "/accounts/password/change/",
    "/accounts/signup/",
    "/admin/login/",
    "/admin/logout/",
)


@pytest.mark.parametrize("person", ["anonymous", "sysadmin"])
def test_no_other_page_sends_anybody_elsewhere(world, person):
    for path in REDIRECTING:
        for target in ELSEWHERE[::3]:
            with undone():
                query = urlencode({"next": target, "url": target, "return_to": target})
                client = world.client(person)
                for response in (
                    client.get(f"{path}?{query}"),
                    client.post(f"{path}?{query}", {"password": PASSWORD, "next": target}),
                ):
                    assert response.status_code < 500
                    if "Location" in response.headers:
                        assert_own(response["Location"])


def assert_own(location):
    assert re.match(r"/(?![/\\])[^\r\n\t\\]*$", location), location


def test_a_session_that_ended_leads_back_to_the_page_and_nowhere_else(world):
    client = world.client("anonymous")
    for referer, target in [
        ("http://testserver/tickets/new/", "/tickets/new/"),
        ("http://evil.example/tickets/new/", "/"),
        ("http://testserver//evil.example", "/"),
    ]:
        response = client.post("/tickets/new/", NEW, headers={"referer": referer})
        assert response["Location"] == f"/accounts/login/?{urlencode({'next': target, 'unsaved': 1})}"
    for current, target in [("http://testserver/tickets/?q=a", "/tickets/?q=a"), ("https://evil.example/", "/")]:
        response = client.get("/tickets/", headers={"HX-Request": "true", "HX-Current-URL": current})
        assert response["HX-Redirect"] == f"/accounts/login/?{urlencode({'next': target})}"
