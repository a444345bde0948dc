"""Filters by people: by number, address and name, and by how these begin."""

import pytest
from django.urls import reverse

from accounts.factories import UserFactory
from tickets.factories import TicketFactory

LIST = reverse("tickets:list")


@pytest.fixture
def listed(client_for):
    """Return the titles that somebody's list shows, and the list itself."""

    def ask(person, **query):
        listing = client_for(person).get(LIST, query).context["listing"]
        return {ticket.title for ticket in listing.page.items}, listing

    return ask


@pytest.fixture
def tickets(requester, other_requester, agent, other_agent):
    TicketFactory(title="ink", requester=requester, assigned_agent=agent)
    TicketFactory(title="mail", requester=other_requester, assigned_agent=other_agent)


@pytest.mark.parametrize("typed", ["jane", "Jane", '"jane d"', "jane.doe@", "JANE.D", '"Jane Doe"'])
def test_a_requester_is_meant_by_the_beginning_of_name_or_address(listed, tickets, agent, typed):
    found, listing = listed(agent, q=f"requester:{typed}")
    assert (found, listing.ignored, listing.chosen.notes) == ({"ink"}, [], [])


@pytest.mark.parametrize("typed", ['"Alex Johnson"', '"alex johnson"', "alex", "alex.johnson@"])
def test_an_agent_is_meant_by_name_too(listed, tickets, agent, typed):
    found, listing = listed(agent, q=f"assigned:{typed}")
    assert (found, listing.ignored) == ({"mail"}, [])


def test_an_agent_who_has_left_is_meant_by_name(listed, tickets, agent, other_agent):
    other_agent.is_active = False
    other_agent.save()
    assert listed(agent, q="assigned:alex")[0] == {"mail"}


def test_names_find_nobody_whom_a_requester_may_not_see(listed, tickets, requester):
    for field in ("requester:Michael", "assigned:Alex"):
        found, listing = listed(requester, q=field)
        assert found == {"ink"}
        assert len(listing.ignored) == 1
    assert listed(requester, q="assigned:John")[1].ignored == []


def test_a_whole_name_means_nobody_who_is_only_called_similarly(listed, tickets, agent):
    TicketFactory(title="longer", requester=UserFactory(username="Jane Doering"))
    assert listed(agent, q='requester:"Jane Doe"')[0] == {"ink"}
    found, listing = listed(agent, q="requester:Jane")
    assert found == {"ink", "longer"}
    assert [chip.value for chip in listing.chips] == ["Jane"]


def test_more_people_than_are_looked_for_are_said(listed, tickets, agent, client_for):
    for number in range(21):
        TicketFactory(title=f"of {number:02}", requester=UserFactory(username=f"Zed {number:02}"))
    found, listing = listed(agent, q="requester:zed")
    assert found == {f"of {number:02}" for number in range(20)}
    assert listing.chosen.notes == ["“zed” means more than 20 people: only the first of them are looked for."]
    assert "means more than 20 people" in client_for(agent).get(LIST, {"requester": "zed"}).content.decode()


@pytest.mark.parametrize("typed", ["a\x00b", "%", "_ane", "²", "x" * 199])
def test_what_nobody_is_called_is_left_out(listed, tickets, agent, typed):
    for name in ("requester", "assigned_agent"):
        found, listing = listed(agent, **{name: typed})
        assert found == {"ink", "mail"}
        assert len(listing.ignored) == 1
