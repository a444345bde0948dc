"""Users in the admin: created, changed and deleted by the services only, with refusals in words."""

import pytest
from allauth.account.models import EmailAddress
from django.contrib.admin.models import LogEntry
from django.urls import reverse

from accounts import services
from accounts.factories import PASSWORD, UserFactory
from accounts.models import User
from accounts.signals import user_leaving_desk
from accounts.tests.admin_pages import USERS, act, change, form_of, said
from accounts.tests.conftest import address_taken_meanwhile

pytestmark = pytest.mark.django_db


NEW = {
    "email": "ann@example.com",
    "username": "Ann",
    "role": "agent",
    "is_active": "on",
    "password": PASSWORD,
    "time_zone": "Europe/Vienna",
    "theme": "dark",
}


def test_a_user_is_created_with_a_password(boss, sysadmin, heard, mailoutbox, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        response = boss.post(f"{USERS}add/", NEW)
    assert response.url == USERS
    user = User.objects.get(email="ann@example.com")
    assert (user.role, user.time_zone, user.theme, user.is_active) == ("agent", "Europe/Vienna", "dark", True)
    assert user.check_password(PASSWORD)
    assert heard.names == ["user_created"]
    assert heard.last["actor"] == sysadmin
    assert mailoutbox == []


def test_a_user_without_a_password_gets_a_link_to_set_one(boss, mailoutbox, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        boss.post(f"{USERS}add/", NEW | {"password": ""})
    assert not User.objects.get(email="ann@example.com").has_usable_password()
    assert [mail.to for mail in mailoutbox] == [["ann@example.com"]]
    assert "http://127.0.0.1:8000/accounts/password/reset/key/" in mailoutbox[0].body


def test_a_user_who_is_inactive_from_the_beginning_gets_no_mail(boss, mailoutbox, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        boss.post(f"{USERS}add/", NEW | {"is_active": "", "password": ""})
    assert not User.objects.get(email="ann@example.com").is_active
    assert mailoutbox == []


def test_one_can_go_on_editing_who_was_just_created(boss):
    response = boss.post(f"{USERS}add/", NEW | {"_continue": "1"})
    assert response.url == f"{USERS}{User.objects.get(email='ann@example.com').pk}/change/"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", "JANE.DOE@example.com"),
        ("email", "no address"),
        ("username", ""),
        ("username", "A\x00"),
        ("role", "king"),
        ("password", "short"),
        ("password", "ann@example.com"),
        ("time_zone", "Mars/Olympus"),
        ("theme", "pink"),
    ],
)
def test_a_bad_value_is_refused_at_its_field(boss, requester, heard, field, value):
    response = boss.post(f"{USERS}add/", NEW | {field: value})
    assert response.status_code == 200
    assert set(response.context["adminform"].form.errors) == {field}
    assert heard.names == []


def test_an_address_taken_meanwhile_is_an_error_of_the_form(boss):
    with address_taken_meanwhile("ann@example.com"):
        response = boss.post(f"{USERS}add/", NEW)
    assert response.context["adminform"].form.errors == {"email": ["A user with this e-mail address already exists."]}


def test_an_account_is_changed_with_one_entry(boss, sysadmin, requester, heard):
    response = change(boss, requester, email="j@example.org", role="agent", username="J", theme="dark")
    assert response.url == USERS
    requester.refresh_from_db()
    assert (requester.email, requester.role, requester.username, requester.theme) == (
        "j@example.org",
        "agent",
        "J",
        "dark",
    )
    assert EmailAddress.objects.get(user=requester).email == "j@example.org"
    assert heard.names == ["user_updated"]
    assert heard.last["actor"] == sysadmin
    assert set(heard.last["changes"]) == {"email", "role", "username", "theme"}


def test_a_sysadmin_says_that_an_agent_is_away_and_is_back(boss, agent, heard):
    for told, found in (("on", True), ("", False)):
        change(boss, agent, is_away=told)
        agent.refresh_from_db()
        assert agent.is_away is found
        assert heard.last["changes"] == {"is_away": (not found, found)}


def test_saving_without_a_change_writes_nothing(boss, requester, heard):
    assert change(boss, requester).url == USERS
    assert heard.names == []


def test_the_last_sysadmin_is_refused_at_the_form_with_nothing_typed_lost(boss, sysadmin, heard):
    response = change(boss, sysadmin, role="agent", username="Typed")
    form = response.context["adminform"].form
    assert response.status_code == 200
    assert "last active SysAdmin" in form.errors["role"][0]
    assert form["username"].value() == "Typed"
    sysadmin.refresh_from_db()
    assert (sysadmin.role, sysadmin.username) == ("sysadmin", "Admin")
    assert heard.names == []


def test_what_is_not_in_the_form_is_not_changed(boss, requester):
    change(
        boss, requester, password="x", last_login="2020-01-01", date_joined="2020-01-01", email_key="x", is_staff="on"
    )
    before = (requester.password, requester.date_joined, requester.email_key)
    requester.refresh_from_db()
    assert (requester.password, requester.date_joined, requester.email_key) == before


def test_an_unusual_zone_stays_when_something_else_changes(boss):
    user = UserFactory(time_zone="EST5EDT")
    assert change(boss, user, username="Renamed").url == USERS
    user.refresh_from_db()
    assert (user.time_zone, user.username) == ("EST5EDT", "Renamed")


def test_djangos_own_log_stays_empty(boss, requester, agent):
    boss.post(f"{USERS}add/", NEW)
    change(boss, requester, username="J")
    boss.post(f"{USERS}{requester.pk}/delete/", {"post": "yes"})
    act(boss, "delete_selected", agent, post="yes")
    assert LogEntry.objects.count() == 0


def test_the_history_is_the_activity_log(boss, requester):
    assert boss.get(f"{USERS}{requester.pk}/history/").url == reverse("activity:user", args=[requester.pk])


@pytest.mark.parametrize("number", ["abc", "0", "9" * 30])
def test_a_user_who_does_not_exist_has_no_history_and_the_admin_says_so(boss, number):
    (message,) = said(boss.get(f"{USERS}{number}/history/", follow=True))
    assert message.startswith(f"user with ID “{number}” doesn")


def test_the_form_of_a_user_carries_its_version(boss, requester):
    page = boss.get(f"{USERS}{requester.pk}/change/").content.decode()
    assert '<input type="hidden" name="version" value="1"' in page


def test_two_sysadmins_do_not_overwrite_each_other(boss, sysadmin, requester):
    services.change_user(actor=sysadmin, user=requester, changes={"role": "agent", "username": "Janet"})
    response = change(boss, requester, username="Jane D.", role="sysadmin", version=1)
    errors = response.context["adminform"].form.errors
    assert set(errors) == {"username", "role"}
    assert "“Janet”" in errors["username"][0]
    assert "“Helpdesk Agent”" in errors["role"][0]
    requester.refresh_from_db()
    assert (requester.username, requester.role) == ("Janet", "agent")


def test_a_conflict_about_who_is_active_is_told_in_words(boss, sysadmin, requester):
    services.deactivate_user(actor=sysadmin, user=requester)
    response = change(boss, requester, is_active="on", version=9)
    assert "“no”" in response.context["adminform"].form.errors["is_active"][0]


def test_changes_of_different_fields_of_a_user_are_merged(boss, sysadmin, requester):
    before = form_of(requester)
    services.change_user(actor=sysadmin, user=requester, changes={"theme": "dark"})
    answer = boss.post(f"{USERS}{requester.pk}/change/", before | {"username": "Jane D.", "version": 1})
    assert answer.status_code == 302
    requester.refresh_from_db()
    assert (requester.username, requester.theme) == ("Jane D.", "dark")


def test_a_user_is_deleted_after_a_question(boss, sysadmin, requester, heard):
    page = boss.get(f"{USERS}{requester.pk}/delete/")
    assert "Jane Doe" in page.content.decode()
    assert User.objects.filter(pk=requester.pk).exists()
    assert boss.post(f"{USERS}{requester.pk}/delete/", {"post": "yes"}).url == USERS
    assert not User.objects.filter(pk=requester.pk).exists()
    assert heard.names == ["user_leaving_desk", "user_deleted"]
    assert heard.last["actor"] == sysadmin


@pytest.fixture
def with_history():
    """Refuse to let a user go, as tickets do (tickets/tests/test_leavers.py has real ones)."""
    keepers: list[User] = []

    def keep(sender, *, user, **kwargs):
        if user in keepers:
            raise services.UserHasHistory

    user_leaving_desk.connect(keep)
    yield keepers
    user_leaving_desk.disconnect(keep)


def test_a_refused_deletion_is_a_message_at_the_user(boss, requester, with_history):
    with_history.append(requester)
    response = boss.post(f"{USERS}{requester.pk}/delete/", {"post": "yes"}, follow=True)
    assert response.redirect_chain == [(f"{USERS}{requester.pk}/change/", 302)]
    assert any("Deactivate or anonymise it instead." in message for message in said(response))
    assert User.objects.filter(pk=requester.pk).exists()


def test_one_does_not_delete_oneself(boss, sysadmin):
    UserFactory(sysadmin=True)
    assert boss.get(f"{USERS}{sysadmin.pk}/delete/").status_code == 403
    response = act(boss, "delete_selected", sysadmin, post="yes")
    assert response.status_code == 403
    assert User.objects.filter(pk=sysadmin.pk).exists()


def test_several_users_are_deleted_after_a_question(boss, requester, agent, heard):
    page = act(boss, "delete_selected", requester, agent)
    assert "Are you sure" in page.content.decode()
    assert heard.names == []
    act(boss, "delete_selected", requester, agent, post="yes")
    assert User.objects.count() == 1
    assert heard.names.count("user_deleted") == 2


def test_all_of_several_users_are_deleted_or_none(boss, requester, with_history):
    last = UserFactory(username="Zoe")
    with_history.append(last)
    response = act(boss, "delete_selected", requester, last, post="yes")
    assert User.objects.count() == 3
    assert any(message.startswith("Nothing was deleted.") for message in said(response))
