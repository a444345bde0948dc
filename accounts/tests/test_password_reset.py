"""A forgotten password: a link to the owner, and nothing to learn for anybody else."""

import re

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.test import Client
from django.urls import reverse

from accounts.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db
RESET = "/accounts/password/reset/"
NEW = "Another456."


def ask(client: Client, email: object):
    return client.post(RESET, {"email": email})


def link_in(mail) -> str:
    found = re.search(r"http://\S+/accounts/password/reset/key/\S+", mail.body)
    assert found, mail.body
    return found.group().removeprefix("http://127.0.0.1:8000")


def set_password(client: Client, link: str, password: str = NEW):
    form = client.get(link)
    return client.post(form.url, {"password1": password, "password2": password}) if form.status_code == 302 else form


@pytest.mark.parametrize("spelling", ["jane.doe@example.com", "JANE.DOE@example.com"])
def test_the_owner_gets_a_link_and_sets_a_new_password(anonymous, requester, mailoutbox, spelling, heard):
    assert ask(anonymous, spelling).url == reverse("account_reset_password_done")
    assert [mail.to for mail in mailoutbox] == [["jane.doe@example.com"]]
    response = set_password(anonymous, link_in(mailoutbox[0]))
    assert response.url == reverse("account_reset_password_from_key_done")
    requester.refresh_from_db()
    assert requester.check_password(NEW)
    assert heard.names == ["user_updated"]
    assert (heard.last["actor"], heard.last["changes"]) == (requester, {"password": ("", "changed")})


def test_a_known_and_an_unknown_address_get_the_same_answer_and_one_mail_each(anonymous, requester, mailoutbox):
    UserFactory(email="gone@example.com", is_active=False)
    answers = []
    for email in ("jane.doe@example.com", "nobody@example.com", "gone@example.com"):
        mailoutbox.clear()
        response = ask(anonymous, email)
        answers.append(
            (response.status_code, response.url, response.content, len(mailoutbox), mailoutbox[0].to == [email])
        )
    assert answers[0] == answers[1] == answers[2]
    assert answers[0][3:] == (1, True)


def test_the_mail_to_an_unknown_address_offers_sign_up_only_when_it_is_open(anonymous, mailoutbox, settings):
    ask(anonymous, "nobody@example.com")
    settings.SIGNUP_OPEN = False
    ask(anonymous, "nobody@example.com")
    assert "/accounts/signup/" in mailoutbox[0].body
    assert "/accounts/signup/" not in mailoutbox[1].body


@pytest.mark.parametrize(
    ("address", "lookalike"),
    [
        ("mike@example.com", "mi\u212ae@example.com"),  # a Kelvin sign
        ("jason@example.com", "ja\u017fon@example.com"),  # a long s
        ("jane@xn--bcher-kva.example", "jane@bücher.example"),
    ],
)
def test_the_link_goes_to_the_address_of_the_account_and_not_to_a_lookalike(anonymous, mailoutbox, address, lookalike):
    UserFactory(email=address)
    ask(anonymous, lookalike)
    assert [mail.to for mail in mailoutbox] == [[address]]
    assert "/password/reset/key/" in mailoutbox[0].body


def test_a_list_of_addresses_sends_no_link_to_the_second_owner_of_none(anonymous, requester, mailoutbox):
    ask(anonymous, ["jane.doe@example.com", "attacker@example.com"])
    assert [mail.to for mail in mailoutbox] == [["attacker@example.com"]]
    assert "reset/key" not in mailoutbox[0].body
    mailoutbox.clear()
    assert ask(anonymous, "jane.doe@example.com,attacker@example.com").status_code == 422
    assert mailoutbox == []


@pytest.mark.parametrize("host", ["evil.example", "testserver.evil.example"])
def test_a_forged_host_is_refused(anonymous, requester, mailoutbox, host):
    assert anonymous.post(RESET, {"email": requester.email}, headers={"Host": host}).status_code == 400
    assert mailoutbox == []


def test_links_come_from_the_configuration_whatever_host_was_asked(anonymous, requester, mailoutbox, settings):
    settings.BASE_URL = "https://help.example.com"
    anonymous.post(RESET, {"email": requester.email}, headers={"Host": "localhost"})
    body = mailoutbox[0].body
    assert "https://help.example.com/accounts/password/reset/key/" in body
    assert "localhost" not in body
    assert "testserver" not in body
    assert "example.com" not in re.sub(r"https://help\.example\.com\S*", "", body)


def test_a_link_works_once(anonymous, requester, mailoutbox):
    ask(anonymous, requester.email)
    link = link_in(mailoutbox[0])
    set_password(anonymous, link)
    second = Client().get(link)
    assert second.status_code == 200
    assert second.context["token_fail"]


@pytest.mark.parametrize("link", ["1-abc-def", "zzzzzzzzzzzzz-abc-def", "0-x", "1--", "1-set-password"])
def test_a_made_up_link_is_refused_in_words(anonymous, requester, link):
    response = anonymous.get(f"/accounts/password/reset/key/{link}/")
    assert response.status_code == 200
    assert response.context["token_fail"]


def test_a_link_dies_when_the_address_changes(anonymous, requester, mailoutbox):
    ask(anonymous, requester.email)
    requester.email = "moved@example.com"
    requester.save()
    assert anonymous.get(link_in(mailoutbox[0])).context["token_fail"]


def test_a_link_expires(anonymous, requester, mailoutbox, settings):
    ask(anonymous, requester.email)
    settings.PASSWORD_RESET_TIMEOUT = -1
    assert anonymous.get(link_in(mailoutbox[0])).context["token_fail"]


def test_a_user_deactivated_meanwhile_sets_no_password(anonymous, requester, mailoutbox):
    ask(anonymous, requester.email)
    requester.is_active = False
    requester.save()
    assert set_password(anonymous, link_in(mailoutbox[0])).status_code == 403
    requester.refresh_from_db()
    assert requester.check_password(PASSWORD)


@pytest.mark.parametrize("password", ["short", "password", "jane.doe@example.com", "x" * 257, "a\x07bcdefghijk"])
def test_a_weak_password_is_refused_with_the_form(anonymous, requester, mailoutbox, password):
    ask(anonymous, requester.email)
    response = set_password(anonymous, link_in(mailoutbox[0]), password)
    assert response.status_code == 422
    assert "password1" in response.context["form"].errors


def test_a_reset_ends_the_sessions_and_lifts_the_limit(anonymous, client_for, requester, mailoutbox, fresh_limits):
    thief = client_for(requester)
    for _try in range(6):
        locked = anonymous.post("/accounts/login/", {"login": requester.email, "password": "wrong"})
    assert locked.status_code == 429
    ask(anonymous, requester.email)
    set_password(anonymous, link_in(mailoutbox[0]))
    assert thief.get(reverse("account_profile")).status_code == 302
    assert anonymous.post("/accounts/login/", {"login": requester.email, "password": NEW}).status_code == 302


def test_the_sixth_link_for_an_address_in_a_minute_is_too_many(requester, mailoutbox, fresh_limits):
    for _try in range(5):
        assert ask(Client(), requester.email).status_code == 302
    response = ask(Client(), requester.email)
    assert (response.status_code, response["Retry-After"]) == (429, "60")
    assert len(mailoutbox) == 5


def test_an_unknown_address_is_limited_alike(mailoutbox, fresh_limits):
    answers = [ask(Client(), "nobody@example.com").status_code for _try in range(6)]
    assert answers == [302] * 5 + [429]


# --- Changing it while logged in -------------------------------------------------------------------------------------


def change(client: Client, old: str = PASSWORD, new: str = NEW):
    data = {"oldpassword": old, "password1": new, "password2": new}
    return client.post("/accounts/password/change/", data)


def test_a_password_change_keeps_this_session_and_ends_the_others(client_for, requester, heard, mailoutbox):
    here, there = client_for(requester), client_for(requester)
    key = here.session.session_key
    assert change(here).url == reverse("account_profile")
    assert here.get(reverse("account_profile")).status_code == 200
    assert here.session.session_key != key
    assert there.get(reverse("account_profile")).status_code == 302
    assert heard.names == ["user_updated"]
    assert "has been changed" in mailoutbox[0].body


@pytest.mark.parametrize(("old", "new", "field"), [("wrong", NEW, "oldpassword"), (PASSWORD, "short", "password1")])
def test_a_bad_change_is_refused_with_the_form(client_for, requester, old, new, field, heard):
    response = change(client_for(requester), old, new)
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {field}
    assert heard.names == []


def test_the_sixth_change_in_a_minute_is_too_many(client_for, requester, fresh_limits):
    client = client_for(requester)
    for _try in range(5):
        assert change(client, old="wrong").status_code == 422
    response = change(client, old="wrong")
    assert (response.status_code, response["Retry-After"]) == (429, "60")


def test_one_without_a_password_sets_the_first_one(client_for, requester, heard):
    requester.set_unusable_password()
    requester.save()
    client = client_for(requester)
    assert client.get("/accounts/password/change/").url == "/accounts/password/set/"
    client.post("/accounts/password/set/", {"password1": NEW, "password2": NEW})
    requester.refresh_from_db()
    assert requester.check_password(NEW)
    assert heard.names == ["user_updated"]


def test_changing_and_resetting_hash_the_password_once(client_for, requester, monkeypatch):
    hashed = []
    encode = MD5PasswordHasher.encode
    client = client_for(requester)
    monkeypatch.setattr(MD5PasswordHasher, "encode", lambda self, *a: hashed.append(a) or encode(self, *a))
    change(client)
    assert len(hashed) == 2  # the old one is checked, the new one is made


def test_the_fields_of_a_new_password_are_named_as_sentences(client_for, requester):
    form = client_for(requester).get("/accounts/password/change/").context["form"]
    assert [field.label for field in form] == ["Current password", "New password", "New password (again)"]
