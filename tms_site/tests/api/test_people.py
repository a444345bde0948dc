"""Accounts, sign-up, views and the log through the API."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from accounts.enums import Role
from accounts.factories import PASSWORD, UserFactory
from accounts.models import User
from accounts.services import change_user
from activity.enums import ActivityType
from activity.models import ActivityLog
from tickets import services as tickets
from tickets.factories import TicketFactory
from tickets.models import SavedView
from tms_site.tests.api.client import Api, api, errors
from tms_site.tests.slow import slowly

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fresh_limits")]

NEWCOMER = {"email": "kite@example.com", "username": "Kite", "password": "Unheard-of-1"}


# --- Sign-up --------------------------------------------------------------------------------------------------------


def test_somebody_makes_an_account_and_logs_in():
    response = Api().post("/signup", NEWCOMER)
    assert (response.status_code, response.json()["detail"]) == (201, "You can log in now.")
    assert User.objects.get().role == Role.REQUESTER
    tokens = Api().form("/token", username="kite@example.com", password="Unheard-of-1").json()
    assert Api(tokens["access_token"]).get("/users/me").json()["role"] == "requester"


def test_nobody_makes_themself_more_than_a_requester():
    response = Api().post("/signup", NEWCOMER | {"role": "sysadmin"})
    assert set(errors(response)) == {"role"}
    assert User.objects.count() == 0


@pytest.mark.parametrize(
    ("changed", "named"),
    [({"email": "nonsense"}, "email"), ({"password": "short"}, "password"), ({"password": "password1"}, "password")],
)
def test_what_is_wrong_with_a_sign_up_is_named(changed, named):
    assert set(errors(Api().post("/signup", NEWCOMER | changed))) == {named}


def test_with_verified_addresses_nobody_learns_who_has_an_account(settings, requester):
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    answers = [Api().post("/signup", NEWCOMER | {"email": email}) for email in (requester.email, "kite@example.com")]
    bodies = [answer.json() | {"email": ""} for answer in answers]
    assert answers[0].status_code == answers[1].status_code == 201
    assert bodies[0] == bodies[1]
    assert [message.to for message in mail.outbox] == [[requester.email], ["kite@example.com"]]


def test_sign_up_can_be_closed_and_is_limited(settings):
    settings.ACCOUNT_RATE_LIMITS = {"signup": "1/m/ip"}
    assert [Api().post("/signup", NEWCOMER | {"email": f"k{n}@example.com"}).status_code for n in range(2)] == [
        201,
        429,
    ]
    settings.SIGNUP_OPEN = False
    assert Api().post("/signup", NEWCOMER).status_code == 403


# --- Accounts -------------------------------------------------------------------------------------------------------


def test_one_changes_ones_own_account(requester):
    program = api(requester)
    tag = program.get("/users/me")["ETag"]
    assert program.patch("/users/me", {"theme": "dark"}).status_code == 428
    assert program.patch("/users/me", {"theme": "dark"}, If_Match=tag).json()["theme"] == "dark"
    assert program.patch("/users/me", {"theme": "light"}, If_Match=tag).status_code == 412
    for body in ({"role": "sysadmin"}, {"email": "new@example.com"}, {"is_active": False}, {"time_zone": "Mars/Base"}):
        assert set(errors(program.patch("/users/me", body, If_Match="*"))) == set(body)


def test_a_sysadmin_makes_changes_and_deletes_accounts(sysadmin):
    program = api(sysadmin)
    made = program.post("/users", NEWCOMER | {"role": "agent"})
    assert made.status_code == 201
    path = f"/users/{made.json()['id']}"
    changed = program.patch(path, {"username": "Kite Flyer", "is_active": False}, If_Match=made["ETag"]).json()
    assert (changed["username"], changed["is_active"], changed["version"]) == ("Kite Flyer", False, 2)
    assert program.patch(path, {"role": "requester"}, If_Match=made["ETag"]).status_code == 412
    assert program.delete(path).status_code == 204
    assert program.get(path).status_code == 404
    types = list(ActivityLog.objects.filter(target_type="user").order_by("pk").values_list("activity_type", flat=True))
    assert types == ["login", "create", "update", "delete"]


def test_an_active_account_without_a_password_gets_a_link(sysadmin, django_capture_on_commit_callbacks):
    program = api(sysadmin)
    with django_capture_on_commit_callbacks(execute=True):
        program.post("/users", {"email": "kite@example.com", "username": "Kite"})
        inactive = program.post("/users", {"email": "wren@example.com", "username": "Wren", "is_active": False})
    assert inactive.status_code == 201
    assert [message.to for message in mail.outbox] == [["kite@example.com"]]


def test_what_stands_in_the_way_of_a_deletion_is_said(sysadmin, requester):
    TicketFactory(requester=requester)
    response = api(sysadmin).delete(f"/users/{requester.pk}")
    assert response.status_code == 409
    assert "Deactivate or anonymise" in response.json()["detail"]
    response = api(sysadmin).patch(f"/users/{sysadmin.pk}", {"role": "agent"}, If_Match="*")
    assert "last active SysAdmin" in errors(response)["role"]
    assert api(sysadmin).delete(f"/users/{sysadmin.pk}").status_code == 403


def test_an_address_that_is_taken_is_refused(sysadmin, requester):
    response = api(sysadmin).post("/users", NEWCOMER | {"email": "Jane.Doe@EXAMPLE.com"})
    assert set(errors(response)) == {"email"}


def test_accounts_are_listed_by_name_with_filters(sysadmin):
    for name in "cab":
        UserFactory(username=f"Zoe {name}", email=f"{name}@example.org", agent=name == "a", is_active=name != "c")
    program = api(sysadmin)

    def names(query):
        return [item["username"][-1] for item in program.get(f"/users?q=zoe{query}").json()["items"]]

    assert names("") == ["a", "b", "c"]
    assert names("&role=agent") == ["a"]
    assert names("&is_active=false") == ["c"]
    first = program.get("/users?q=zoe&limit=2").json()
    assert names(f"&cursor={first['next_cursor']}") == ["c"]


@pytest.mark.parametrize("rows", [1, 50])
def test_a_list_of_accounts_takes_two_queries(sysadmin, rows, django_assert_num_queries):
    UserFactory.create_batch(rows)
    program = api(sysadmin)
    with django_assert_num_queries(2):
        program.get("/users?limit=100")


def test_a_list_of_accounts_reads_no_password(sysadmin, django_assert_num_queries):
    program = api(sysadmin)
    with django_assert_num_queries(2) as asked:
        assert program.get("/users?q=a").status_code == 200
    assert "email_key" in asked.captured_queries[-1]["sql"]
    assert "password" not in asked.captured_queries[-1]["sql"]


def test_accounts_are_found_by_the_beginning_of_their_name_or_address(sysadmin):
    UserFactory(username="Zoe", email="kite@example.org")
    UserFactory(username="Kit", email="wren@example.org")
    found = api(sysadmin).get("/users?q=KIT").json()["items"]
    assert [item["username"] for item in found] == ["Kit", "Zoe"]


def test_a_search_for_accounts_that_takes_too_long_is_given_up(sysadmin, settings, monkeypatch):
    settings.LIST_TIME_LIMIT = 0.05
    users = type(User.objects.all())
    monkeypatch.setattr(users, "beginning_with", lambda self, text: slowly(self))
    response = api(sysadmin).get("/users?q=a")
    assert (response.status_code, response.json()["type"]) == (503, "urn:tms:problem:too-slow")


# --- Views ----------------------------------------------------------------------------------------------------------


def test_views_are_kept_found_changed_and_deleted(agent, other_agent):
    program = api(agent)
    made = program.post("/views", {"name": "Urgent ones", "parameters": "priority=urgent", "is_shared": True})
    assert made.status_code == 201
    slug = made.json()["slug"]
    TicketFactory(priority="urgent")
    TicketFactory()
    assert len(program.get(f"/tickets?view={slug}").json()["items"]) == 1
    found = {item["slug"]: item for item in api(other_agent).get("/views").json()["items"]}
    assert (found[slug]["is_own"], found["unassigned"]["id"]) == (False, None)
    path = f"/views/{made.json()['id']}"
    assert program.patch(path, {"name": "Hurry"}).json()["name"] == "Hurry"
    assert program.delete(path).status_code == 204
    assert SavedView.objects.count() == 0


def test_programs_of_who_left_the_desk_change_no_view_that_they_shared(agent, sysadmin):
    view = tickets.create_view(actor=agent, name="Urgent ones", parameters="priority=urgent", is_shared=True)
    change_user(actor=sysadmin, user=agent, changes={"role": Role.REQUESTER})
    agent.refresh_from_db()
    program, path = api(agent), f"/views/{view.pk}"
    assert view.slug in {item["slug"] for item in program.get("/views").json()["items"]}
    assert program.patch(path, {"name": "Hurry"}).status_code == 403
    assert program.delete(path).status_code == 403
    assert api(sysadmin).patch(path, {"name": "Hurry"}).status_code == 200


# --- The log --------------------------------------------------------------------------------------------------------


def test_the_log_is_read_and_filtered_as_on_its_page(sysadmin, agent):
    ticket = tickets.create_ticket(actor=agent, title="Kite", description="Wind").ticket
    program = api(sysadmin)

    def found(query):
        response = program.get(f"/activity{query}")
        assert response.status_code == 200, response.content
        return [item["activity_type"] for item in response.json()["items"]]

    assert found("") == ["login", "create"]
    assert found(f"?ticket={ticket.pk}") == ["create"]
    assert found("?activity_type=login") == ["login"]
    assert found(f"?user={agent.email}") == ["create"]
    assert found("?before=2020-01-01") == []
    assert found(f"/users/{agent.pk}") == ["create"]
    assert program.get(f"/activity/users/{agent.pk}?user=1").status_code == 422
    assert program.get("/activity/users/987654321").status_code == 404
    assert set(errors(program.get("/activity?after=yesterday"))) == {"after"}
    first = program.get("/activity?limit=1").json()
    assert found(f"?limit=1&cursor={first['next_cursor']}") == ["create"]


def test_the_log_is_purged_and_says_so(sysadmin, agent):
    tickets.create_ticket(actor=agent, title="Kite", description="Wind")
    program = api(sysadmin)
    later = (timezone.now() + timedelta(minutes=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert program.delete(f"/activity/users/{agent.pk}?before={later}").json() == {"removed": 1}
    assert program.delete(f"/activity?before={later}").json() == {"removed": 1}
    assert set(ActivityLog.objects.values_list("activity_type", flat=True)) == {ActivityType.DELETE}
    far = (timezone.now() + timedelta(days=3)).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert set(errors(program.delete(f"/activity?before={far}"))) == {"before"}
    assert set(errors(program.delete("/activity"))) == {"before"}


def test_passwords_stay_out_of_the_log(sysadmin):
    api(sysadmin).post("/users", NEWCOMER)
    Api().form("/token", username="kite@example.com", password=PASSWORD)
    text = "".join(f"{entry.details}{entry.changes}" for entry in ActivityLog.objects.all())
    assert "Unheard-of-1" not in text
    assert PASSWORD not in text
