"""What lives on when SECRET_KEY is changed and the old one is a fallback, and what ends with the old one.

docs/operations.md (A new SECRET_KEY) says the same in words.
"""

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from allauth.usersessions.models import UserSession
from django.test import Client

from accounts import services as accounts
from accounts.factories import PASSWORD
from accounts.tests.totp import SECRET, code_of
from accounts.tokens import services as tokens
from accounts.tokens.models import Scope
from activity.webhooks import services as webhooks
from activity.webhooks.models import WebhookDelivery
from activity.webhooks.sending import headers_for, signature
from tickets import services
from tickets.factories import TicketFactory
from tms_site.tests.api.client import Api
from tms_site.tests.integrity import findings

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fresh_limits")]
LOGIN, PROFILE, SESSIONS = "/accounts/login/", "/accounts/profile/", "/accounts/sessions/"


@pytest.fixture
def change_key(settings):
    """Give TMS another key, with the old one as a fallback."""

    def change():
        settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another key " + "n" * 50, [settings.SECRET_KEY]

    return change


@pytest.fixture
def forget_old_key(settings):
    """Take the old key out of the fallbacks."""

    def forget():
        settings.SECRET_KEY_FALLBACKS = []

    return forget


def browser_of(user, **kwargs):
    client = Client(**kwargs)
    assert client.post(LOGIN, {"login": user.email, "password": PASSWORD}).status_code == 302
    return client


def is_logged_in(client):
    return client.get(PROFILE).status_code == 200


# --- Sessions --------------------------------------------------------------------------------------------------------


def test_who_is_logged_in_stays_so_and_for_good_once_they_came_by(requester, change_key, forget_old_key):
    there, away = browser_of(requester), browser_of(requester)
    change_key()
    assert is_logged_in(there)
    forget_old_key()
    assert is_logged_in(there)
    assert not is_logged_in(away)


def test_a_session_that_lives_on_is_still_listed_and_still_ends(requester, sysadmin, change_key):
    client = browser_of(requester)
    change_key()
    assert is_logged_in(client)
    assert UserSession.objects.get(user=requester).session_key == client.session.session_key
    assert "This one" in client.get(SESSIONS).content.decode()
    accounts.deactivate_user(actor=sysadmin, user=requester)
    accounts.activate_user(actor=sysadmin, user=requester)
    assert not is_logged_in(client)


def test_a_form_that_was_opened_before_can_be_sent_afterwards(requester, change_key):
    client = Client(enforce_csrf_checks=True)
    client.force_login(requester)
    page = client.get("/tickets/new/").content.decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]
    change_key()
    values = {"title": "Printer", "description": "It's on fire.", "priority": "low", "csrfmiddlewaretoken": token}
    assert client.post("/tickets/new/", values).status_code == 302


# --- Links -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("is_forgotten", [False, True])
def test_a_link_to_set_a_password_works_as_long_as_its_key_is_known(
    requester, mailoutbox, change_key, forget_old_key, is_forgotten
):
    Client().post("/accounts/password/reset/", {"email": requester.email})
    link = re.search(r"http://[^/]+(/accounts/password/reset/key/\S+)", mailoutbox[0].body)[1]
    change_key()
    if is_forgotten:
        forget_old_key()
    # A good link leads to the form, whose address doesn't hold it.
    assert Client().get(link).status_code == (200 if is_forgotten else 302)


def tickets_on(client, path):
    return re.findall(r'href="/tickets/(\d+)/"', client.get(path).content.decode())


@pytest.mark.parametrize("search", ["", "q=printer"], ids=["list", "search"])
def test_the_next_page_is_found_as_long_as_its_key_is_known(
    client_for, agent, settings, change_key, forget_old_key, search
):
    settings.TICKETS_PAGE_SIZE = 25
    for number in range(26):
        services.create_ticket(actor=agent, title=f"The printer {number}", description="It's on fire.")
    first, client = f"/tickets/?{search}", client_for(agent)
    following = re.search(r'rel="next" href="([^"]+)"', client.get(first).content.decode())[1].replace("&amp;", "&")
    wanted = tickets_on(client, following)
    change_key()
    assert tickets_on(client, following) == wanted
    forget_old_key()
    # Whoever comes with it begins again.
    assert tickets_on(client, following) == tickets_on(client, first) != wanted


# --- The log ---------------------------------------------------------------------------------------------------------


def test_the_log_is_intact_as_long_as_all_keys_that_sealed_it_are_known(agent, change_key, forget_old_key):
    old = services.create_ticket(actor=agent, title="Printer", description="It's on fire.").ticket
    change_key()
    new = services.create_ticket(actor=agent, title="Printer", description="Again.").ticket
    assert findings() == []
    forget_old_key()
    said = "\n".join(findings())
    assert f"#{old.pk}" in said
    assert f"#{new.pk}" not in said


# --- Programs --------------------------------------------------------------------------------------------------------


def test_programs_go_on_as_long_as_the_key_of_their_log_in_is_known(requester, change_key, forget_old_key):
    personal = tokens.create_personal_token(actor=requester, name="Script", scope=Scope.READ, days=30).secret
    login = tokens.start_login(actor=requester)
    change_key()
    following = tokens.refresh(refresh_token=login.refresh_token)
    for token in (personal, login.access_token, following.access_token):
        assert Api(token).get("/users/me").status_code == 200
    forget_old_key()
    assert tokens.refresh(refresh_token=following.refresh_token) is None
    for token in (personal, login.access_token, following.access_token):
        assert Api(token).get("/users/me").status_code == 401


def test_what_is_signed_for_webhooks_does_not_depend_on_the_key(sysadmin, change_key, forget_old_key):
    values = {"name": "Chat", "url": "https://chat.example.com/", "events": ["ticket.created"], "is_active": True}
    webhook = webhooks.create_webhook(actor=sysadmin, values=values)
    secret = webhook.secret
    change_key()
    forget_old_key()
    services.create_ticket(actor=sysadmin, title="Printer", description="It's on fire.")
    delivery = WebhookDelivery.objects.select_related("webhook").get()
    headers = headers_for(delivery, b"{}", delivery.created_at)
    assert headers["TMS-Signature"] == signature(secret, b"{}", int(delivery.created_at.timestamp()))


def test_a_second_factor_does_not_depend_on_the_key(requester, change_key, forget_old_key):
    TOTP.activate(requester, SECRET)
    change_key()
    forget_old_key()
    code = code_of()
    client = browser_of(requester)
    assert not is_logged_in(client)
    assert client.post("/accounts/2fa/authenticate/", {"code": code}).status_code == 302
    assert is_logged_in(client)
    assert Authenticator.objects.get(user=requester)


def test_files_and_tickets_need_no_key(client_for, agent, change_key, forget_old_key):
    ticket = TicketFactory()
    change_key()
    forget_old_key()
    assert client_for(agent).get(ticket.get_absolute_url()).status_code == 200
