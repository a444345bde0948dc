"""Tickets through the API."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.factories import UserFactory
from activity.enums import ActivityType
from activity.models import ActivityLog
from tickets import services
from tickets.api.schemas import TicketQuery
from tickets.enums import Status
from tickets.factories import TicketFactory
from tickets.filters import LABELS
from tickets.models import Ticket
from tms_site.lib.listing import PAGE
from tms_site.tests.api.client import api, errors

pytestmark = pytest.mark.django_db

NEW = {"title": "Printer on fire", "description": "It **smokes**."}


def titles(response):
    assert response.status_code == 200, response.content
    return [item["title"] for item in response.json()["items"]]


def make(*names, **fields):
    start = timezone.now() - timedelta(days=1)
    return [
        TicketFactory(title=name, updated_at=start + timedelta(minutes=number), **fields)
        for number, name in enumerate(names)
    ]


def entries(ticket):
    return list(ActivityLog.objects.filter(ticket_id=ticket).order_by("pk").values_list("activity_type", flat=True))


# --- Opening --------------------------------------------------------------------------------------------------------


def test_a_ticket_is_opened_and_logged_once(requester):
    response = api(requester).post("/tickets", NEW | {"priority": "high"})
    assert response.status_code == 201
    ticket = response.json()
    assert response["Location"].endswith(f"/api/v1/tickets/{ticket['id']}")
    assert ticket["requester"] == {"id": requester.pk, "name": "Jane Doe"}
    assert (ticket["status"], ticket["priority"], ticket["assigned_agent"], ticket["version"]) == (
        "open",
        "high",
        None,
        1,
    )
    assert ticket["creation_date"].endswith("Z")
    assert entries(ticket["id"]) == [ActivityType.CREATE]


def test_the_same_key_makes_one_ticket(requester):
    program = api(requester)
    first = program.post("/tickets", NEW, Idempotency_Key="order-4711")
    again = program.post("/tickets", NEW, Idempotency_Key="order-4711")
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert Ticket.objects.count() == 1


@pytest.mark.parametrize("other", [{"title": "Another"}, {"description": "Another"}, {"priority": "low"}])
def test_the_same_key_with_another_body_is_refused(requester, other):
    program = api(requester)
    program.post("/tickets", NEW, Idempotency_Key="order-4711")
    response = program.post("/tickets", NEW | other, Idempotency_Key="order-4711")
    assert response.status_code == 422
    assert response.json()["type"] == "urn:tms:problem:key-reused"
    assert set(errors(response)) == {"Idempotency-Key"}
    assert Ticket.objects.count() == 1


@pytest.mark.parametrize("keys", [("aB", "Ab"), ("ab", "Ab"), ("Ab", "ab"), ("Order-1", "Order_1")])
def test_keys_that_differ_in_a_single_letter_are_two_each_with_its_own_answer(requester, keys):
    program = api(requester)
    bodies = [NEW, NEW | {"title": "Another"}]
    first = [program.post("/tickets", body, Idempotency_Key=key) for body, key in zip(bodies, keys, strict=True)]
    again = [program.post("/tickets", body, Idempotency_Key=key) for body, key in zip(bodies, keys, strict=True)]
    assert [response.status_code for response in first + again] == [201, 201, 200, 200]
    assert [response.json() for response in again] == [response.json() for response in first]
    assert Ticket.objects.count() == 2


def test_the_same_key_for_another_requester_is_refused(agent, requester):
    program = api(agent)
    program.post("/tickets", NEW, Idempotency_Key="k")
    assert program.post("/tickets", NEW | {"requester": requester.pk}, Idempotency_Key="k").status_code == 422


@pytest.mark.parametrize("key", ["", "a b", "x" * 65, "ü", "a/b"])
def test_a_key_that_cannot_be_one_is_refused(requester, key):
    response = api(requester).post("/tickets", NEW, Idempotency_Key=key)
    assert response.status_code == 422
    assert set(errors(response)) == {"Idempotency-Key"}


def test_the_desk_opens_tickets_for_others(agent, requester):
    body = NEW | {"requester": requester.pk, "assigned_agent": agent.pk}
    ticket = api(agent).post("/tickets", body).json()
    assert ticket["requester"]["id"] == requester.pk
    assert ticket["assigned_agent"] == {"id": agent.pk, "name": "John Smith"}


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({}, {"title", "description"}),
        ({"title": " ", "description": "x"}, {"title"}),
        ({"title": "x" * 256, "description": "x"}, {"title"}),
        (NEW | {"priority": "huge"}, {"priority"}),
        (NEW | {"status": "resolved"}, {"status"}),
        (NEW | {"title": 5}, {"title"}),
        (NEW | {"title": ["x"]}, {"title"}),
        (NEW | {"requester": "1"}, {"requester"}),
        (NEW | {"assigned_agent": 987_654_321}, {"assigned_agent"}),
        ([], {""}),
        (None, {""}),
    ],
)
def test_what_is_wrong_is_named_field_by_field(agent, body, named):
    response = api(agent).send("POST", "/tickets", body)
    assert response.status_code == 422
    assert {error["field"] for error in response.json()["errors"]} == named
    assert Ticket.objects.count() == 0


# --- Reading --------------------------------------------------------------------------------------------------------


def test_reading_a_ticket_is_noted(agent):
    ticket = TicketFactory()
    api(agent).get(f"/tickets/{ticket.pk}")
    assert entries(ticket.pk) == [ActivityType.READ]


def test_an_answer_that_is_known_is_not_sent_again(agent):
    ticket = TicketFactory()
    program = api(agent)
    for path in (f"/tickets/{ticket.pk}", "/tickets", f"/tickets/{ticket.pk}/comments", "/users/me", "/views"):
        first = program.get(path)
        assert program.get(path, If_None_Match=first["ETag"]).status_code == 304, path
        assert program.get(path, If_None_Match=f'"x", W/{first["ETag"]}').status_code == 304, path
        assert program.get(path, If_None_Match='"x"').status_code == 200, path


def test_pages_follow_each_other_by_their_links(agent):
    make(*"abcde")
    program = api(agent)
    path, found = "/tickets?limit=2&sort=title", []
    while path:
        response = program.get(path)
        found.append(titles(response))
        links = dict(reversed(link.split("; rel=")) for link in response.get("Link", "").split(", ") if link)
        path = links.get('"next"', "").strip("<>").partition("/api/v1")[2]
    assert found == [["a", "b"], ["c", "d"], ["e"]]
    assert '"prev"' in links
    previous = response.json()["previous_cursor"]
    assert titles(program.get(f"/tickets?limit=2&sort=title&cursor={previous}")) == ["c", "d"]


@pytest.mark.parametrize("sort", ["-updated_at", "updated_at", "priority", "-status", "title", "-creation_date"])
def test_every_order_has_pages(agent, sort):
    make(*"abc")
    program = api(agent)
    first = program.get(f"/tickets?limit=2&sort={sort}").json()
    rest = program.get(f"/tickets?limit=2&sort={sort}&cursor={first['next_cursor']}").json()
    assert len({item["id"] for item in first["items"] + rest["items"]}) == 3


def test_the_filters_are_those_of_the_page(agent, requester):
    make("a", status=Status.WAITING, requester=requester)
    make("b", priority="urgent", assigned_agent=agent)
    program = api(agent)
    for query, expected in {
        "status=waiting": ["a"],
        "status=open&status=waiting": ["b", "a"],
        "priority=urgent": ["b"],
        "assigned_agent=me": ["b"],
        "assigned_agent=none": ["a"],
        f"requester={requester.pk}": ["a"],
        "requester=jane.doe@example.com": ["a"],
        "view=waiting": ["a"],
        "created_after=1d": ["b", "a"],
        "created_before=2020-01-01": [],
    }.items():
        assert sorted(titles(program.get(f"/tickets?{query}"))) == sorted(expected), query
    assert titles(program.get("/tickets/assigned")) == ["b"]


def test_every_filter_of_the_page_is_there():
    assert set(TicketQuery.model_fields) - {"cursor", "limit"} == set(LABELS) - {PAGE}


def test_the_search_is_that_of_the_page(agent):
    one = services.create_ticket(actor=agent, title="Printer", description="Smoke").ticket
    services.create_ticket(actor=agent, title="Zeppelin", description="Helium")
    program = api(agent)
    assert titles(program.get("/tickets?q=smoke")) == ["Printer"]
    assert titles(program.get(f"/tickets?q=%23{one.pk}")) == ["Printer"]
    assert titles(program.get("/tickets?q=status:waiting")) == []
    assert titles(program.get("/tickets?q=printer&sort=-updated_at")) == ["Printer"]


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("nonsense=1", "nonsense"),
        ("status=lost", "status"),
        ("status=", "status"),
        ("sort=description", "sort"),
        ("sort=match", "sort"),
        ("limit=0", "limit"),
        ("limit=101", "limit"),
        ("limit=1_0", "limit"),
        ("limit=ten", "limit"),
        ("limit=1&limit=2", "limit"),
        ("cursor=made-up", "cursor"),
        ("created_after=yesterday", "created_after"),
        ("created_before=7d", "created_before"),
        ("assigned_agent=nobody@example.com", "assigned_agent"),
        ("view=unknown", "view"),
        ("q=a%00b", "q"),
        ("assigned_to__password=x", "assigned_to__password"),
    ],
)
def test_a_parameter_that_means_nothing_is_refused_by_name(agent, query, named):
    response = api(agent).get(f"/tickets?{query}")
    assert response.status_code == 422
    assert [name.partition(".")[0] for name in errors(response)] == [named]
    assert response.json()["errors"][0]["where"] == "query"


def test_a_cursor_of_another_order_is_refused(agent):
    make(*"abc")
    cursor = api(agent).get("/tickets?limit=2&sort=title").json()["next_cursor"]
    assert set(errors(api(agent).get(f"/tickets?sort=-title&cursor={cursor}"))) == {"cursor"}


# --- Changing -------------------------------------------------------------------------------------------------------


def patch(user, ticket, body, tag="*"):
    return api(user).patch(f"/tickets/{ticket.pk}", body, If_Match=tag)


def test_a_change_takes_what_was_sent_and_leaves_the_rest(agent):
    ticket = TicketFactory(assigned_agent=agent)
    response = patch(agent, ticket, {"status": "waiting", "priority": "low"})
    assert response.status_code == 200
    assert response["ETag"].startswith('"2.')
    ticket.refresh_from_db()
    assert (ticket.status, ticket.priority, ticket.assigned_agent) == ("waiting", "low", agent)
    assert entries(ticket.pk) == [ActivityType.UPDATE]


def test_null_takes_a_ticket_from_its_agent(agent):
    ticket = TicketFactory(assigned_agent=agent)
    assert patch(agent, ticket, {"assigned_agent": None}).json()["assigned_agent"] is None
    assert patch(agent, ticket, {"title": None}).json()["title"] == ticket.title


def test_a_resolution_date_is_set_with_its_zone(agent):
    ticket = TicketFactory(creation_date=timezone.now() - timedelta(days=2))
    moment = (timezone.now() - timedelta(days=1)).replace(microsecond=0)
    response = patch(agent, ticket, {"status": "resolved", "resolution_date": moment.isoformat()})
    assert response.json()["resolution_date"] == moment.isoformat().replace("+00:00", "Z")
    for nonsense in ("2026-03-31", "2026-03-31T09:30:00", 1, "2026-13-31T09:30:00Z"):
        assert set(errors(patch(agent, ticket, {"resolution_date": nonsense}))) == {"resolution_date"}


def test_a_change_needs_the_tag_of_what_is_there(agent, other_agent):
    ticket = TicketFactory()
    program = api(agent)
    path = f"/tickets/{ticket.pk}"
    tag = program.get(path)["ETag"]
    assert program.patch(path, {"priority": "low"}).status_code == 428
    patch(other_agent, ticket, {"title": "Changed meanwhile"})
    stale = program.patch(path, {"priority": "low"}, If_Match=tag)
    assert (stale.status_code, stale.json()["type"]) == (412, "urn:tms:problem:stale")
    fresh = program.get(path)["ETag"]
    assert program.patch(path, {"priority": "low"}, If_Match=fresh).status_code == 200
    ticket.refresh_from_db()
    assert (ticket.title, ticket.priority) == ("Changed meanwhile", "low")


@pytest.mark.parametrize("shape", ["W/{}", "{}", '"0", {}', '"1"'])
def test_a_tag_is_good_in_each_of_its_shapes(agent, shape):
    ticket = TicketFactory()
    tag = api(agent).get(f"/tickets/{ticket.pk}")["ETag"]
    response = patch(agent, ticket, {"priority": "low"}, shape.format(tag))
    assert response.status_code == (412 if shape == '"1"' else 200)


def test_a_comment_meanwhile_stops_no_change(agent, requester):
    ticket = TicketFactory(requester=requester)
    tag = api(agent).get(f"/tickets/{ticket.pk}")["ETag"]
    services.add_comment(actor=requester, ticket_id=ticket.pk, description="Still there")
    assert patch(agent, ticket, {"priority": "low"}, tag).status_code == 200


def test_a_step_that_the_workflow_does_not_have_is_refused(agent):
    ticket = TicketFactory(status=Status.RESOLVED, resolution_date=timezone.now())
    response = patch(agent, ticket, {"status": "waiting"})
    assert response.status_code == 422
    assert "can't go from" in errors(response)["status"]


def test_only_active_people_of_the_desk_are_assigned(agent, requester):
    ticket = TicketFactory()
    for person in (requester, UserFactory(agent=True, is_active=False)):
        assert set(errors(patch(agent, ticket, {"assigned_agent": person.pk}))) == {"assigned_agent"}


def test_a_requester_is_told_what_only_the_desk_may(requester):
    ticket = TicketFactory(requester=requester)
    response = patch(requester, ticket, {"status": "resolved"})
    assert response.status_code == 403
    assert response.json()["detail"] == "Only helpdesk agents can do that."
    assert patch(requester, ticket, {"title": "Mine"}).status_code == 200


def test_a_deleted_ticket_is_gone_for_everybody(sysadmin):
    ticket = TicketFactory()
    response = api(sysadmin).delete(f"/tickets/{ticket.pk}")
    assert (response.status_code, response.content) == (204, b"")
    assert api(sysadmin).get(f"/tickets/{ticket.pk}").status_code == 404


# --- Cost -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rows", [1, 3, 50])
def test_a_list_takes_the_same_queries_for_any_number_of_rows(agent, rows, django_assert_num_queries):
    for _row in range(rows):
        TicketFactory(assigned_agent=UserFactory(agent=True))
    program = api(agent)
    program.get("/tickets")
    # Who asks, the tickets, the names of what they have numbers of, whether the log knows of the look.
    with django_assert_num_queries(4):
        program.get("/tickets?limit=50")


def test_a_ticket_takes_four_queries(agent, django_assert_num_queries):
    ticket = TicketFactory()
    program = api(agent)
    program.get(f"/tickets/{ticket.pk}")
    # Who asks, the ticket, its tags, whether the log knows of the look.
    with django_assert_num_queries(4):
        program.get(f"/tickets/{ticket.pk}")
