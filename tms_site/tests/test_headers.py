"""Headers on every response, cookies, and HTTPS (docs/security.md, rows 18 to 21).

The access matrix checks the headers of every address for everybody; here stand fragments, errors, files and HTTPS.
"""

import re
from ipaddress import ip_network

import pytest
from django.contrib.staticfiles import finders
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from tms_site.middleware import trusted_proxy_middleware
from tms_site.tests.house import assert_guarded, assert_private
from tms_site.tests.test_environment import PRODUCTION, load, with_clients  # noqa: F401 - fixtures

pytestmark = pytest.mark.django_db

FRAGMENTS = [
    ("owner", "/tickets/"),
    ("agent", "/tickets/assigned/"),
    ("agent", "/tickets/counts/"),
    ("agent", "/tickets/{ticket}/"),
    ("sysadmin", "/tickets/{ticket}/delete/"),
    ("sysadmin", "/tickets/{ticket}/comments/{comment}/delete/"),
    ("sysadmin", "/activity/"),
    ("anonymous", "/tickets/"),
    ("stranger", "/tickets/{ticket}/"),
]


@pytest.mark.parametrize(("person", "path"), FRAGMENTS)
def test_fragments_are_guarded_and_stay_out_of_caches(world, person, path):
    for target in ("results", "content", ""):
        headers = {"HX-Request": "true", "HX-Target": target}
        response = world.client(person).get(world.path(path), headers=headers)
        assert_guarded(response)
        assert_private(response)


@pytest.mark.parametrize("path", ["/tickets/", "/tickets/assigned/", "/activity/"])
def test_a_list_says_that_it_differs_for_htmx(world, path):
    assert "HX-Request" in world.client("sysadmin").get(path)["Vary"]


def test_errors_are_guarded(world):
    client = world.client("owner")
    strict = world.client("owner", enforce_csrf_checks=True)
    responses = {
        400: client.get("/tickets/", headers={"host": "evil.example"}),
        403: client.get("/activity/"),
        404: client.get("/nowhere/"),
        405: client.put("/tickets/"),
        413: client.post("/tickets/new/", {"description": "x" * 3_000_000}),
    }
    for status, response in responses.items():
        assert response.status_code == status
        assert_guarded(response)
        assert_private(response)
    refused = strict.post("/tickets/new/", {})
    assert refused.status_code == 403
    assert_guarded(refused)


@pytest.mark.urls("tms_site.tests.urls_broken")
@pytest.mark.parametrize(("path", "status"), [("/broken/", 500), ("/away/", 503)])
def test_failures_are_guarded(path, status, client):
    client.raise_request_exception = False
    response = client.get(path)
    assert response.status_code == status
    assert_guarded(response)
    assert_private(response)


@pytest.mark.parametrize("name", ["css/tms.css", "img/favicon.svg", "js/page.js"])
def test_files_are_guarded_too_and_may_be_kept(name, client):
    assert finders.find(name)
    response = client.get(f"/static/{name}")
    assert response.status_code == 200
    assert_guarded(response)
    assert "no-store" not in response.get("Cache-Control", "")
    # To its end, so that the file is closed.
    assert b"".join(response.streaming_content)


def test_too_many_tries_are_guarded(client, fresh_limits):
    for _attempt in range(60):
        response = client.post(reverse("account_reset_password"), {"email": "nobody@example.com"})
        assert_guarded(response)
        if response.status_code == 429:
            break
    assert response.status_code == 429
    assert_private(response)


def test_pages_carry_no_inline_code_of_any_package(world):
    client = world.client("sysadmin")
    paths = ["/tickets/", "/tickets/{ticket}/", "/tickets/new/", "/activity/", "/accounts/profile/", "/admin/"]
    paths += ["/admin/accounts/user/", "/admin/tickets/ticket/{ticket}/change/", "/accounts/2fa/", "/permissions/"]
    for path in paths:
        html = client.get(world.path(path)).content.decode()
        inline = re.findall(r"<script(?![^>]*\ssrc=)(?![^>]*application/(?:json|ld))[^>]*>", html)
        handlers = re.findall(r"<[^>]+\s(on[a-z]+)\s*=", html)
        styles = re.findall(r"<style\b|<[a-z][^>]*\sstyle\s*=", html)
        assert (inline, handlers, styles) == ([], [], []), path


# --- HTTPS --------------------------------------------------------------------------------------------------------


@pytest.fixture
def https(load, settings):  # noqa: F811 - the fixture
    """TMS as it's configured where it is reached by HTTPS."""
    for name, value in load(**PRODUCTION, TMS_HTTPS="1").items():
        if re.match(r"SECURE_|SESSION_COOKIE_|CSRF_COOKIE_", name):
            setattr(settings, name, value)


def cookies(response):
    return [morsel.OutputString() for morsel in response.cookies.values()]


@pytest.mark.usefixtures("https", "fresh_limits")
def test_cookies_belong_to_this_host_and_to_https_alone(world):
    client = Client()
    page = client.get("/accounts/login/", secure=True)
    logged_in = client.post("/accounts/login/", {"login": "owner@example.com", "password": "Hello123."}, secure=True)
    assert logged_in.status_code == 302
    found = cookies(page) + cookies(logged_in)
    assert {cookie.partition("=")[0] for cookie in found} == {"__Host-session", "__Host-csrf"}
    for cookie in found:
        attributes = {part.strip().lower() for part in cookie.split(";")[1:]}
        assert {"secure", "httponly", "path=/", "samesite=lax"} <= attributes, cookie
        assert not [attribute for attribute in attributes if attribute.startswith("domain")]


@pytest.mark.usefixtures("https")
def test_browsers_are_told_to_insist_on_https(world):
    for path in ("/accounts/login/", "/tickets/", "/nowhere/", "/healthz"):
        response = world.client("owner").get(path, secure=True)
        assert response["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains; preload"
        assert_guarded(response)


@pytest.mark.usefixtures("https")
def test_plain_http_leads_to_https_except_for_health():
    client = Client()
    response = client.get("/tickets/?q=a")
    assert (response.status_code, response["Location"]) == (301, "https://testserver/tickets/?q=a")
    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").status_code == 200


def test_without_https_cookies_are_still_out_of_reach_of_scripts():
    response = Client().get("/accounts/login/")
    assert cookies(response)
    for cookie in cookies(response):
        assert "httponly" in cookie.lower()
        assert "samesite=lax" in cookie.lower()
        assert not cookie.startswith("__Host-")


# --- Proxies and hosts (rows 18, 19) ------------------------------------------------------------------------------

FORGED = {
    "X-Forwarded-For": "203.0.113.9",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Host": "evil.example",
    "X-Forwarded-Port": "443",
    "Forwarded": "for=203.0.113.9;host=evil.example;proto=https",
    "X-Real-IP": "203.0.113.9",
    "X-Original-URL": "/admin/",
    "X-Rewrite-URL": "/admin/",
    "X-HTTP-Method-Override": "DELETE",
}


@pytest.mark.usefixtures("https")
def test_forged_proxy_headers_change_nothing(world):
    client = Client()
    plain, forged = client.get("/tickets/"), client.get("/tickets/", headers=FORGED)
    assert (plain.status_code, plain["Location"]) == (forged.status_code, forged["Location"])
    page = world.client("owner").get("/tickets/", secure=True, headers=FORGED)
    assert page.status_code == 200
    assert b"evil.example" not in page.content
    assert b"203.0.113.9" not in page.content


@pytest.mark.usefixtures("https")
def test_a_configured_proxy_is_believed_about_the_scheme(settings):

    settings.TRUSTED_PROXIES = [ip_network("127.0.0.0/8")]
    headers = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "198.51.100.7, 127.0.0.2"}
    assert Client().get("/accounts/login/", headers=headers).status_code == 200
    assert Client(REMOTE_ADDR="198.51.100.1").get("/accounts/login/", headers=headers).status_code == 301


@pytest.mark.parametrize(
    ("proxies", "sender", "forwarded", "believed"),
    [
        ([], "127.0.0.1", "198.51.100.7", "127.0.0.1"),
        (["127.0.0.1/32"], "127.0.0.1", "198.51.100.7", "198.51.100.7"),
        (["127.0.0.1/32"], "198.51.100.1", "198.51.100.7", "198.51.100.1"),
        (["127.0.0.1/32"], "127.0.0.1", "203.0.113.9, 198.51.100.7", "198.51.100.7"),
        (["127.0.0.1/32", "10.0.0.0/8"], "127.0.0.1", "203.0.113.9, 198.51.100.7, 10.1.1.1", "198.51.100.7"),
        (["127.0.0.1/32"], "127.0.0.1", "", "127.0.0.1"),
    ],
)
def test_the_visitor_is_the_nearest_who_is_no_proxy_of_ours(proxies, sender, forwarded, believed, settings, rf):

    settings.TRUSTED_PROXIES = [ip_network(proxy) for proxy in proxies]
    seen = []

    def view(request):
        seen.append(request.META["REMOTE_ADDR"])
        return HttpResponse()

    trusted_proxy_middleware(view)(rf.get("/", REMOTE_ADDR=sender, headers={"X-Forwarded-For": forwarded}))
    assert seen == [believed]
