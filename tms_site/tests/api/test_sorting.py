"""Categories, teams and tags through the API, by the rules of the pages."""

import pytest

from tickets import services
from tickets.factories import TicketFactory
from tickets.models import Tag, Ticket
from tickets.sorting import services as sorting
from tms_site.tests.api.client import api, errors

pytestmark = pytest.mark.django_db

NEW = {"title": "Printer on fire", "description": "It **smokes**."}


@pytest.fixture
def team(sysadmin):
    return sorting.create_team(actor=sysadmin, name="Hardware")


@pytest.fixture
def category(sysadmin, team):
    return sorting.create_category(actor=sysadmin, name="Printers", default_team=team, default_priority="high")


@pytest.fixture
def closed(sysadmin, team):
    """A category and a team that can't be chosen any more."""
    category = sorting.create_category(actor=sysadmin, name="Fax")
    old = sorting.create_team(actor=sysadmin, name="Telex")
    sorting.change_category(actor=sysadmin, category=category, changes={"is_active": False})
    sorting.change_team(actor=sysadmin, team=old, changes={"is_active": False})
    return {"category": category, "team": old}


def patch(user, ticket, body):
    return api(user).patch(f"/tickets/{ticket.pk}", body, If_Match="*")


def test_a_category_brings_its_team_and_priority_along(requester, category, team):
    ticket = api(requester).post("/tickets", NEW | {"category": category.pk}).json()
    assert ticket["category"] == {"id": category.pk, "name": "Printers"}
    # Who looks after it is no secret, but its number is of no use to a requester.
    assert ticket["team"] == {"id": None, "name": "Hardware"}
    assert ticket["priority"] == "high"
    assert ticket["tags"] is None


def test_the_desk_says_team_priority_and_tags_itself(agent, category, team):
    body = {"category": category.pk, "team": team.pk, "priority": "low", "tags": ["Floor 2", "#printer"]}
    ticket = api(agent).post("/tickets", NEW | body).json()
    assert ticket["team"] == {"id": team.pk, "name": "Hardware"}
    assert (ticket["priority"], ticket["tags"]) == ("low", ["floor-2", "printer"])


def test_the_same_key_means_the_same_category_team_and_tags(agent, category, team):
    program, body = api(agent), NEW | {"category": category.pk, "tags": ["printer"]}
    first = program.post("/tickets", body, Idempotency_Key="k")
    services.update_ticket(
        actor=agent, ticket_id=first.json()["id"], changes={"category": None, "tags": [], "priority": "low"}
    )
    assert program.post("/tickets", body, Idempotency_Key="k").status_code == 200
    for other in ({"category": None}, {"tags": ["fire"]}, {"team": None, "tags": []}):
        response = program.post("/tickets", body | other, Idempotency_Key="k")
        # A category that isn't named is any.
        assert response.status_code == (200 if other == {"category": None} else 422), other
    assert Ticket.objects.count() == 1


def test_a_change_sorts_a_ticket_anew_and_null_takes_it_out(agent, requester, category, team):
    ticket = TicketFactory(requester=requester)
    assert patch(requester, ticket, {"category": category.pk}).json()["category"]["name"] == "Printers"
    assert patch(agent, ticket, {"team": team.pk, "tags": ["b", "A"]}).json()["tags"] == ["a", "b"]
    assert patch(agent, ticket, {"title": "Other"}).json()["tags"] == ["a", "b"]
    assert patch(agent, ticket, {"tags": None}).json()["tags"] == ["a", "b"]
    changed = patch(agent, ticket, {"category": None, "team": None, "tags": []}).json()
    assert (changed["category"], changed["team"], changed["tags"]) == (None, None, [])


@pytest.mark.parametrize("name", ["category", "team"])
def test_what_can_no_longer_be_chosen_may_only_stay(agent, closed, name):
    number = closed[name].pk
    assert set(errors(patch(agent, TicketFactory(), {name: number}))) == {name}
    assert set(errors(api(agent).post("/tickets", NEW | {name: number}))) == {name}
    present = TicketFactory(**closed)
    assert patch(agent, present, {name: number}).json()[name]["id"] == number
    assert set(errors(patch(agent, TicketFactory(), {name: 987_654_321}))) == {name}


@pytest.mark.parametrize(
    "tags", [["a,b"], ['say "hi"'], ["x" * 41], [""], ["\x00"], [f"t{n}" for n in range(21)], [1], "printer"]
)
def test_what_cannot_be_tags_is_refused_by_name(agent, tags):
    ticket = TicketFactory()
    for response in (patch(agent, ticket, {"tags": tags}), api(agent).post("/tickets", NEW | {"tags": tags})):
        assert response.status_code == 422
        assert {name.partition(".")[0] for name in errors(response)} == {"tags"}
    assert not Tag.objects.exists()


def test_lists_carry_them_and_filter_by_several(agent, requester, category, team):
    TicketFactory(title="a", category=category, team=team, requester=requester)
    TicketFactory(title="b", requester=requester)
    services.update_ticket(actor=agent, ticket_id=Ticket.objects.get(title="a").pk, changes={"tags": ["hot"]})
    rows = {row["title"]: row for row in api(agent).get("/tickets").json()["items"]}
    assert (rows["a"]["category"]["name"], rows["a"]["team"]["id"], rows["a"]["tags"]) == ("Printers", team.pk, ["hot"])
    assert (rows["b"]["category"], rows["b"]["team"], rows["b"]["tags"]) == (None, None, [])
    seen = {row["title"]: row for row in api(requester).get("/tickets").json()["items"]}
    assert (seen["a"]["team"], seen["a"]["tags"]) == ({"id": None, "name": "Hardware"}, None)
    for query, count in {"category=printers&category=none": 2, f"category={category.pk}": 1, "tag=hot": 1}.items():
        assert len(api(agent).get(f"/tickets?{query}").json()["items"]) == count, query
    for query in ("tag=hot", "team=Hardware"):
        assert api(requester).get(f"/tickets?{query}").status_code == 422


def test_one_learns_what_can_be_chosen(agent, requester, category, team, closed):
    for person in (agent, requester):
        assert api(person).get("/categories").json() == {"items": [{"id": category.pk, "name": "Printers"}]}
    assert api(agent).get("/teams").json() == {"items": [{"id": team.pk, "name": "Hardware"}]}
    assert api(requester).get("/teams").status_code == 403


def test_an_agent_is_away_and_back(agent, sysadmin):
    assert api(agent).get("/users/me").json()["is_away"] is False
    assert api(agent).patch("/users/me", {"is_away": True}, If_Match="*").json()["is_away"] is True
    assert api(sysadmin).get(f"/users/{agent.pk}").json()["is_away"] is True
    assert api(sysadmin).patch(f"/users/{agent.pk}", {"is_away": False}, If_Match="*").json()["is_away"] is False


@pytest.mark.parametrize("rows", [1, 3, 50])
def test_sorted_tickets_take_the_same_queries_for_any_number_of_rows(
    agent, category, team, rows, django_assert_num_queries
):
    for number in range(rows):
        ticket = TicketFactory(category=category, team=team)
        services.update_ticket(actor=agent, ticket_id=ticket.pk, changes={"tags": ["hot", f"t{number}"]})
    program = api(agent)
    program.get("/tickets")
    # Who asks, the tickets, the names of what they have numbers of, whether the log knows of the look.
    with django_assert_num_queries(4):
        program.get("/tickets?limit=50")
