"""One's own profile."""

import pytest
from django.utils import timezone

from accounts import services, views
from accounts.factories import UserFactory
from accounts.models import User
from accounts.tests.conftest import once_after

pytestmark = pytest.mark.django_db
PROFILE = "/accounts/profile/"
GOOD = {"username": "Jane D.", "time_zone": "Asia/Tokyo", "theme": "dark", "shortcuts": "on"}


@pytest.mark.parametrize("role", ["requester", "agent", "sysadmin"])
def test_everybody_edits_their_own_profile(client_for, role, heard):
    user = UserFactory(role=role)
    client = client_for(user)
    assert client.get(PROFILE).status_code == 200
    response = client.post(PROFILE, GOOD, follow=True)
    assert response.redirect_chain == [(PROFILE, 302)]
    assert [str(message) for message in response.context["messages"]] == ["Your profile is saved."]
    user.refresh_from_db()
    assert (user.username, user.time_zone, user.theme) == ("Jane D.", "Asia/Tokyo", "dark")
    assert heard.names == ["user_updated"]
    assert heard.last["actor"] == user


def test_single_key_shortcuts_are_on_until_their_owner_switches_them_off(client_for, requester, heard):
    client = client_for(requester)
    assert "data-shortcuts" not in client.get(PROFILE).content.decode()
    off = {name: value for name, value in GOOD.items() if name != "shortcuts"}
    assert 'data-shortcuts="off"' in client.post(PROFILE, off, follow=True).content.decode()
    requester.refresh_from_db()
    assert requester.shortcuts is False
    assert heard.last["changes"]["shortcuts"] == (True, False)
    client.post(PROFILE, GOOD)
    requester.refresh_from_db()
    assert requester.shortcuts is True


def test_the_page_leads_to_password_second_factor_and_sessions(client_for, requester):
    page = client_for(requester).get(PROFILE).content.decode()
    for path in ("/accounts/password/change/", "/accounts/2fa/", "/accounts/sessions/"):
        assert f'href="{path}"' in page
    assert "jane.doe@example.com" in page


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("username", ""),
        ("username", "   "),
        ("username", "x" * 151),
        ("username", "J\x00"),
        ("username", "Jane\u202eeoD"),
        ("time_zone", "Mars/Olympus"),
        ("time_zone", "../../etc/passwd"),
        ("time_zone", ""),
        ("theme", "pink"),
        ("theme", ""),
    ],
)
def test_a_bad_value_is_refused_at_its_field_and_nothing_typed_is_lost(client_for, requester, field, value, heard):
    response = client_for(requester).post(PROFILE, {**GOOD, field: value})
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {field}
    assert response.context["form"].data["username"] == ({**GOOD, field: value})["username"]
    assert response.context["user"].username == "Jane Doe"
    assert heard.names == []


def test_unknown_fields_do_nothing(client_for, requester, other_requester):
    extra = {"role": "sysadmin", "is_active": "", "email": "x@example.com", "id": other_requester.pk, "password": "x"}
    client_for(requester).post(PROFILE, {**GOOD, **extra, "user": other_requester.pk})
    requester.refresh_from_db()
    other_requester.refresh_from_db()
    assert (requester.role, requester.is_active, requester.email) == ("requester", True, "jane.doe@example.com")
    assert other_requester.username == "Michael Brown"


def test_the_profile_is_not_changed_by_get(client_for, requester, heard):
    client_for(requester).get(PROFILE, GOOD)
    assert heard.names == []


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_other_methods_are_refused(client_for, requester, method):
    assert getattr(client_for(requester), method)(PROFILE).status_code == 405


def test_a_visitor_has_no_profile(anonymous):
    assert anonymous.get(PROFILE).status_code == 302


def test_somebody_deleted_meanwhile_is_logged_out(client_for, requester):
    client = client_for(requester)
    User.objects.all().delete()
    assert client.post(PROFILE, GOOD).status_code == 302


def test_somebody_deleted_while_saving_is_told_so(client_for, requester):
    client = client_for(requester)
    with once_after("email_key", User.objects.all().delete):
        assert client.post(PROFILE, GOOD).url == PROFILE
    response = client.get(PROFILE, follow=True)
    assert response.redirect_chain[0][0].startswith("/accounts/login/")


def test_addresses_are_managed_by_sysadmins_so_allauths_page_leads_to_the_profile(client_for, requester):
    client = client_for(requester)
    assert client.get("/accounts/email/").url == PROFILE
    assert client.get("/accounts/").url == "/accounts/email/"
    assert client.post("/accounts/email/", {"email": "x@example.com", "action_add": ""}).status_code == 405


# --- Times are shown in one's own zone -------------------------------------------------------------------------------


def zone_during_a_request(client, monkeypatch) -> str:
    seen = []
    render = views.render_form

    def look(*args, **kwargs):
        seen.append(timezone.get_current_timezone_name())
        return render(*args, **kwargs)

    monkeypatch.setattr(views, "render_form", look)
    client.get(PROFILE)
    return seen[0]


def test_a_request_runs_in_the_zone_of_its_user(client_for, monkeypatch):
    client = client_for(UserFactory(time_zone="Asia/Tokyo"))
    assert zone_during_a_request(client, monkeypatch) == "Asia/Tokyo"
    assert timezone.get_current_timezone_name() == "UTC"


@pytest.mark.parametrize("zone", ["Mars/Olympus", "", "../x"])
def test_a_zone_that_is_no_more_falls_back_to_that_of_the_installation(client_for, monkeypatch, zone):
    client = client_for(UserFactory(time_zone=zone))
    assert zone_during_a_request(client, monkeypatch) == "UTC"


def saved_elsewhere(user, **changes):
    services.update_profile(actor=user, user=User.objects.get(pk=user.pk), changes=changes)


def sent_from(page, **changes):
    form = page.context["form"]
    return {field.name: field.value() for field in form} | changes


def test_the_form_carries_its_version_and_a_token(client_for, requester):
    page = client_for(requester).get(PROFILE).content.decode()
    assert '<input type="hidden" name="version" value="1"' in page
    assert '<input type="hidden" name="client_token"' in page


def test_a_stale_form_keeps_what_was_changed_elsewhere(client_for, requester):
    client = client_for(requester)
    page = client.get(PROFILE)
    saved_elsewhere(requester, theme="dark")
    assert client.post(PROFILE, sent_from(page, username="Jane D.")).status_code == 302
    requester.refresh_from_db()
    assert (requester.username, requester.theme, requester.version) == ("Jane D.", "dark", 3)


def test_a_stale_form_with_a_change_of_the_same_field_shows_both_and_loses_nothing(client_for, requester, heard):
    client = client_for(requester)
    page = client.get(PROFILE)
    saved_elsewhere(requester, username="Janet", theme="dark")
    response = client.post(PROFILE, sent_from(page, username="Jane D.", time_zone="Asia/Tokyo"))
    assert response.status_code == 409
    form = response.context["form"]
    assert set(form.errors) == {"username"}
    assert "“Janet”" in form.errors["username"][0]
    shown = (form["username"].value(), form["time_zone"].value(), form["theme"].value(), form["version"].value())
    assert shown == ("Jane D.", "Asia/Tokyo", "dark", 2)
    requester.refresh_from_db()
    assert requester.username == "Janet"
    assert len(heard.names) == 1
    assert client.post(PROFILE, sent_from(response)).status_code == 302
    requester.refresh_from_db()
    assert (requester.username, requester.time_zone, requester.theme) == ("Jane D.", "Asia/Tokyo", "dark")


def test_the_same_profile_sent_twice_gets_the_same_answer(client_for, requester, heard):
    client = client_for(requester)
    sent = sent_from(client.get(PROFILE), username="Jane D.")
    answers = [client.post(PROFILE, sent) for _time in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert heard.names == ["user_updated"]


@pytest.mark.parametrize("version", ["0", "x", "99999999999"])
def test_an_impossible_version_is_refused(client_for, requester, version):
    response = client_for(requester).post(PROFILE, {**GOOD, "version": version})
    assert response.status_code == 422
    requester.refresh_from_db()
    assert requester.username == "Jane Doe"


def test_a_version_that_is_still_to_come_settles_nothing(client_for, requester):
    assert client_for(requester).post(PROFILE, {**GOOD, "version": 7}).status_code == 409
    requester.refresh_from_db()
    assert requester.username == "Jane Doe"


@pytest.mark.parametrize(("persona", "expected"), [("requester", False), ("agent", True), ("sysadmin", True)])
def test_the_list_of_shortcuts_names_what_one_may_do(client_for, request, persona, expected):
    shown = client_for(request.getfixturevalue(persona)).get(PROFILE).content.decode()
    assert "<dt>New ticket</dt>" in shown
    for name in ("Write an internal note", "Assign a ticket"):
        assert (f"<dt>{name}</dt>" in shown) is expected
