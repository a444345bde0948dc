"""Sessions: a new id at log-in, and an end when there should be one."""

from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import DatabaseError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import services
from accounts.actors import SYSTEM
from accounts.factories import PASSWORD, UserFactory
from accounts.services import ways_in
from accounts.session_names import session_name
from tms_site.tests.house import stable

pytestmark = pytest.mark.django_db
LOGIN = "/accounts/login/"
PROFILE = "/accounts/profile/"
SESSIONS = "/accounts/sessions/"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:133.0) Gecko/20100101 Firefox/133.0"


def browser_of(user, user_agent="") -> Client:
    client = Client(headers={"User-Agent": user_agent})
    client.post(LOGIN, {"login": user.email, "password": PASSWORD})
    assert client.get(PROFILE).status_code == 200
    return client


def test_log_in_gives_the_session_a_new_id(requester):
    client = Client()
    client.get("/accounts/password/reset/")
    session = client.session
    session["planted"] = "by an attacker"
    session.save()
    before = session.session_key
    client.cookies["session"] = before
    client.post(LOGIN, {"login": requester.email, "password": PASSWORD})
    assert client.session.session_key != before
    assert not Session.objects.filter(pk=before).exists()


def test_log_out_ends_the_session_for_good(requester):
    client = browser_of(requester)
    key = client.session.session_key
    client.post("/accounts/logout/")
    stolen = Client()
    stolen.cookies["session"] = key
    assert stolen.get(PROFILE).status_code == 302
    assert not Session.objects.filter(pk=key).exists()


def test_deactivation_ends_all_sessions_for_good(requester):
    clients = [browser_of(requester), browser_of(requester)]
    user = services.deactivate_user(actor=SYSTEM, user=requester)
    assert [client.get(PROFILE).status_code for client in clients] == [302, 302]
    services.activate_user(actor=SYSTEM, user=user)
    assert [client.get(PROFILE).status_code for client in clients] == [302, 302]
    assert UserSession.objects.count() == 0


@pytest.mark.parametrize("service", [services.delete_user, services.anonymise_user])
def test_deleting_and_anonymising_end_all_sessions(requester, service):
    client = browser_of(requester)
    service(actor=SYSTEM, user=requester)
    assert client.get(PROFILE).status_code == 302
    assert UserSession.objects.count() == 0


def test_another_change_of_the_account_ends_no_session(requester):
    client = browser_of(requester)
    services.change_user(actor=SYSTEM, user=requester, changes={"username": "J", "role": "agent"})
    assert client.get(PROFILE).status_code == 200


def test_one_sees_ones_own_sessions_and_ends_the_others(requester, other_requester):
    here, there, stranger = browser_of(requester), browser_of(requester), browser_of(other_requester)
    url = reverse("usersessions_list")
    assert here.get(url).context["session_count"] == 2
    assert here.post(url).status_code == 302
    assert here.get(PROFILE).status_code == 200
    assert there.get(PROFILE).status_code == 302
    assert stranger.get(PROFILE).status_code == 200


def test_listing_sessions_by_get_ends_none(requester):
    here, there = browser_of(requester), browser_of(requester)
    here.get(reverse("usersessions_list"))
    assert there.get(PROFILE).status_code == 200


def session_of(client) -> UserSession:
    return UserSession.objects.get(session_key=client.session.session_key)


def address_of(client) -> str:
    return reverse("account_session_end", args=[session_name(session_of(client))])


def press_end(here, address, **fields) -> list[str]:
    """Press a button "End" and return what the page that follows says."""
    response = here.post(address, fields)
    assert (response.status_code, response["Location"]) == (302, SESSIONS)
    return [str(message) for message in here.get(SESSIONS).context["messages"]]


@pytest.mark.parametrize("engine", ["db", "cached_db"])
def test_one_session_is_ended_alone(settings, requester, engine):
    settings.SESSION_ENGINE = f"django.contrib.sessions.backends.{engine}"
    here, there, elsewhere = browser_of(requester), browser_of(requester, FIREFOX), browser_of(requester)
    key = there.session.session_key
    assert press_end(here, address_of(there)) == ["The session of Firefox on Windows has ended."]
    assert [client.get(PROFILE).status_code for client in (here, there, elsewhere)] == [200, 302, 200]
    assert not Session.objects.filter(pk=key).exists()
    assert not UserSession.objects.filter(session_key=key).exists()


def test_each_session_but_the_present_one_has_a_button_that_says_whose_end_it_is(requester):
    here, there = browser_of(requester), browser_of(requester, FIREFOX)
    page = here.get(SESSIONS).content.decode()
    assert f'action="{address_of(there)}"' in page
    assert 'aria-label="End the session of Firefox on Windows"' in page
    assert page.count('aria-label="End the session of ') == 1
    assert address_of(here) not in page


def test_a_session_that_is_over_already_is_told_so(requester):
    here, ended, logged_out = browser_of(requester), browser_of(requester), browser_of(requester)
    addresses = [address_of(logged_out), address_of(ended)]
    press_end(here, addresses[1])
    logged_out.post("/accounts/logout/")
    # The page after a press forgets what is over; the first press comes before it.
    for address in addresses:
        assert press_end(here, address) == ["This session was over already."]


def test_a_session_whose_row_could_not_be_removed_is_over_and_no_longer_listed(requester, monkeypatch):
    here, there = browser_of(requester), browser_of(requester)
    number = session_of(there).pk

    def fail(session):
        raise DatabaseError

    with monkeypatch.context() as broken:
        broken.setattr(UserSession, "delete", fail)
        with pytest.raises(DatabaseError):
            ways_in.end_session(actor=requester, session_id=number, present=here.session.session_key)
    assert there.get(PROFILE).status_code == 302
    assert here.get(SESSIONS).context["session_count"] == 1


def test_the_same_press_again_says_nothing_more(requester):
    here, there = browser_of(requester), browser_of(requester)
    address = address_of(there)
    assert len(press_end(here, address, client_token="abc")) == 1
    assert press_end(here, address, client_token="abc") == []


def test_the_present_session_is_ended_by_logging_out(requester):
    here = browser_of(requester)
    assert press_end(here, address_of(here)) == ["You are using this session. Log out to end it."]
    assert here.get(PROFILE).status_code == 200


MADE_UP = ["1", "x", "1:abc", "9" * 30, "%ED%A0%80:%C3%A9", "1%00"]


def test_somebody_elses_session_is_as_if_it_were_not_there(requester, sysadmin):
    here, theirs = browser_of(sysadmin), browser_of(requester)
    addresses = [address_of(theirs), *(f"{SESSIONS}{name}/end/" for name in MADE_UP)]
    answers = [here.post(address) for address in addresses]
    assert {answer.status_code for answer in answers} == {404}
    assert len({stable(answer.content) for answer in answers}) == 1
    assert theirs.get(PROFILE).status_code == 200


def test_the_service_leaves_somebody_elses_session_alone(requester, sysadmin):
    theirs = browser_of(requester)
    assert ways_in.end_session(actor=sysadmin, session_id=session_of(theirs).pk, present="") is None
    assert theirs.get(PROFILE).status_code == 200


def test_a_session_is_not_ended_by_looking(requester):
    here, there = browser_of(requester), browser_of(requester)
    assert here.get(address_of(there)).status_code == 405
    assert there.get(PROFILE).status_code == 200


def test_a_session_remembers_the_visitors_own_address_only(requester):
    client = Client()
    client.post(LOGIN, {"login": requester.email, "password": PASSWORD}, headers={"X-Forwarded-For": "6.6.6.6"})
    assert UserSession.objects.get().ip == "127.0.0.1"


def test_the_session_cookie_is_out_of_reach_of_scripts_and_other_sites(requester):
    client = browser_of(requester)
    cookie = client.cookies["session"]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/")
    assert cookie["max-age"] == 14 * 24 * 3600


def test_two_people_have_two_sessions():
    first, second = UserFactory(), UserFactory()
    assert browser_of(first).session.session_key != browser_of(second).session.session_key


def expire(*clients) -> None:
    keys = [client.session.session_key for client in clients]
    Session.objects.filter(pk__in=keys).update(expire_date=timezone.now() - timedelta(seconds=1))


@pytest.mark.parametrize("engine", ["db", "cached_db"])
def test_sessions_that_are_over_are_forgotten_and_no_others(settings, monkeypatch, requester, other_requester, engine):
    settings.SESSION_ENGINE = f"django.contrib.sessions.backends.{engine}"
    monkeypatch.setattr(ways_in, "FORGET_BATCH", 2)
    old, here = [browser_of(requester) for _ in range(3)], browser_of(other_requester)
    expire(*old)
    assert (ways_in.forget_old_sessions(), ways_in.forget_old_sessions()) == (3, 0)
    kept = [here.session.session_key]
    assert list(Session.objects.values_list("pk", flat=True)) == kept
    assert list(UserSession.objects.values_list("session_key", flat=True)) == kept
    assert here.get(PROFILE).status_code == 200


def test_the_worker_forgets_sessions_that_are_over(requester, capsys):
    expire(browser_of(requester))
    call_command("work", once=True)
    assert not Session.objects.exists()
