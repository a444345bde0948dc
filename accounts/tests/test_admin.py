"""Users in the admin: who comes in, who is found, and what other forms offer of them."""

import pytest
from django.contrib import admin
from django.urls import reverse

from accounts.factories import PASSWORD, UserFactory
from accounts.tests.admin_pages import USERS
from tms_site.admin_site import TmsAdminSite

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", ["requester", "agent"])
@pytest.mark.parametrize(
    "path", ["", "accounts/user/", "accounts/user/add/", "login/", "nothing/", "accounts/user/1/change/"]
)
def test_other_roles_are_refused_with_the_reason(client_for, role, path):
    response = client_for(UserFactory(role=role)).get(f"/admin/{path}")
    assert response.status_code == 403
    assert "Only SysAdmins can do that." in response.content.decode()


@pytest.mark.parametrize("path", ["", "accounts/user/", "login/"])
def test_visitors_are_sent_to_the_pages_own_log_in(anonymous, path):
    response = anonymous.get(f"/admin/{path}", follow=True)
    assert response.redirect_chain[-1][0].startswith("/accounts/login/?next=%2Fadmin%2F")
    assert "account/login.html" in [template.name for template in response.templates]


@pytest.mark.parametrize("evil", ["//evil.example", "https://evil.example/", "javascript:alert(1)"])
def test_the_admins_log_in_leads_nowhere_else(anonymous, boss, evil):
    assert anonymous.get("/admin/login/", {"next": evil}).url == "/accounts/login/?next=%2Fadmin%2F"
    assert boss.get("/admin/login/", {"next": evil}).url == "/admin/"


def test_the_admins_log_in_takes_no_password(anonymous, sysadmin):
    anonymous.post("/admin/login/", {"username": sysadmin.email, "password": PASSWORD})
    assert anonymous.get("/admin/").status_code == 302


@pytest.mark.parametrize(
    "path", ["", "add/", "?q=jane", "?role__exact=agent", "?is_active__exact=1", "?date_joined__year=2026"]
)
def test_a_sysadmin_opens_every_page(boss, requester, path):
    assert boss.get(f"{USERS}{path}").status_code == 200


def test_the_admin_has_no_password_form_of_its_own(boss, sysadmin, heard):
    data = {"old_password": PASSWORD, "new_password1": "Another456.", "new_password2": "Another456."}
    assert boss.post("/admin/password_change/", data).url == "/accounts/password/change/"
    assert boss.get("/admin/password_change/done/").url == "/accounts/password/change/"
    sysadmin.refresh_from_db()
    assert sysadmin.check_password(PASSWORD)
    assert heard.names == []


def test_logging_out_of_the_admin_takes_a_post(boss):
    assert boss.get("/admin/logout/").status_code == 405
    assert boss.get("/admin/").status_code == 200
    assert boss.post("/admin/logout/").url == "/accounts/login/"
    assert boss.get("/admin/").status_code == 302


def test_what_only_services_write_has_no_pages_of_its_own(boss):
    assert isinstance(admin.site, TmsAdminSite)
    labels = {app["app_label"] for app in boss.get("/admin/").context["app_list"]}
    assert labels.isdisjoint({"auth", "account", "mfa", "usersessions"})
    assert "accounts" in labels


def test_what_was_done_last_stands_in_the_activity_log_to_which_the_first_page_leads(boss):
    page = boss.get("/admin/").content.decode()
    assert "None available" not in page
    assert f'<a href="{reverse("activity:list")}">' in page


def test_people_are_searched_by_address_and_name(boss, requester, agent):
    found = boss.get(f"{USERS}?q=jane.doe").context["cl"].queryset
    assert list(found) == [requester]
    assert list(boss.get(f"{USERS}?q=Smith").context["cl"].queryset) == [agent]


@pytest.mark.parametrize("query", ["((((a+)+)+)+$", "%_%_", "\x00", "'; DROP TABLE", "x" * 5000])
def test_an_odd_search_is_only_a_search(boss, query):
    assert boss.get(USERS, {"q": query}).status_code == 200


@pytest.mark.parametrize("path", ["999999/change/", "x/change/", "999999/delete/", f"{'9' * 40}/change/"])
def test_somebody_who_does_not_exist_is_said_not_to_exist(boss, path):
    assert boss.get(f"{USERS}{path}").status_code == 302


def test_people_are_offered_while_one_types(boss, requester):
    query = {"term": "Jane", "app_label": "tickets", "model_name": "ticket", "field_name": "requester"}
    response = boss.get("/admin/autocomplete/", query)
    assert [row["text"] for row in response.json()["results"]] == ["Jane Doe"]


@pytest.mark.parametrize("role", ["requester", "agent"])
def test_nobody_else_is_offered_people(client_for, role):
    query = {"term": "Jane", "app_label": "tickets", "model_name": "ticket", "field_name": "requester"}
    assert client_for(UserFactory(role=role)).get("/admin/autocomplete/", query).status_code == 403
