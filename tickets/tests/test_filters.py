"""Filters: the address is the filter, and an address may hold anything."""

import pytest
from django.urls import reverse

from accounts.factories import UserFactory
from tickets.factories import TicketFactory

LIST = reverse("tickets:list")


def titles(response):
    return {ticket.title for ticket in response.context["listing"].page.items}


@pytest.fixture
def tickets(requester, other_requester, agent, other_agent):
    return [
        TicketFactory(title="ink", status="open", priority="low", requester=requester, assigned_agent=agent),
        TicketFactory(title="mail", status="waiting", priority="high", requester=requester, assigned_agent=other_agent),
        TicketFactory(title="vpn", status="resolved", priority="urgent", requester=other_requester),
    ]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"status": "open"}, {"ink"}),
        ({"status": ["open", "resolved"]}, {"ink", "vpn"}),
        ({"priority": ["high", "urgent"]}, {"mail", "vpn"}),
        ({"status": "waiting", "priority": "low"}, set()),
        ({"assigned_agent": "me"}, {"ink"}),
        ({"assigned_agent": "none"}, {"vpn"}),
        ({"requester": "jane.doe@example.com"}, {"ink", "mail"}),
        ({"requester": "michael BROWN"}, {"vpn"}),
        ({"requester": "me"}, set()),
        ({"q": "VPN"}, {"vpn"}),
        ({"q": "ink", "status": "open"}, {"ink"}),
        ({"q": " ", "status": "", "sort": ""}, {"ink", "mail", "vpn"}),
    ],
)
def test_an_address_says_which_tickets_are_listed(client_for, agent, tickets, query, expected):
    response = client_for(agent).get(LIST, query)
    assert titles(response) == expected
    assert response.context["listing"].ignored == []


def test_one_filters_by_the_ids_of_people(client_for, agent, other_agent, requester, tickets):
    client = client_for(agent)
    assert titles(client.get(LIST, {"assigned_agent": other_agent.pk})) == {"mail"}
    assert titles(client.get(LIST, {"requester": requester.pk})) == {"ink", "mail"}


def test_a_search_finds_a_ticket_by_its_number(client_for, agent, tickets):
    assert titles(client_for(agent).get(LIST, {"q": f"#{tickets[2].pk}"})) == {"vpn"}


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ({"status": "closed"}, "Status “closed”"),
        ({"status": "open\x00"}, "Status “open"),
        ({"priority": "9"}, "Priority “9”"),
        ({"assigned_agent": "nobody@example.com"}, "Assigned agent “nobody@example.com”"),
        ({"assigned_agent": "9" * 400}, "Assigned agent “9999"),
        ({"assigned_agent": "-1"}, "Assigned agent “-1”"),
        ({"requester": "99999999999999999999"}, "Requester “9999"),
        ({"requester": "²"}, "Requester “²”"),
        ({"requester": "\x00@\x00"}, "Requester “"),
        ({"q": "x" * 10_000}, "Search “xxxx"),
        ({"q": "a\x00b"}, "Search “a"),
        ({"q": "\u202egnp"}, "Search “"),
        ({"sort": "password"}, "Sort order “password”"),
        ({"sort": "--title"}, "Sort order “--title”"),
        ({"page": "2"}, "Page “2”"),
        ({"page": "x" * 10_000}, "Page “xxx"),
        ({"page": "WyJ0aXRsZSJd:1abc:def"}, "Page “WyJ0"),
        ({"colour": "red"}, "colour"),
        ({"status[]": "open"}, "status[]"),
    ],
)
def test_what_an_address_asks_in_vain_is_named_and_left_out(client_for, agent, tickets, query, named):
    response = client_for(agent).get(LIST, query)
    assert response.status_code == 200
    assert titles(response) == {"ink", "mail", "vpn"}
    assert named in " ".join(response.context["listing"].ignored)
    assert "We left out what TMS doesn't know:" in response.content.decode()


def test_good_filters_stay_beside_those_that_are_left_out(client_for, agent, tickets):
    response = client_for(agent).get(LIST, {"status": ["open", "closed"]})
    assert titles(response) == {"ink"}
    assert response.context["listing"].ignored == ["Status “closed”"]


def test_of_several_values_where_one_belongs_the_last_good_one_counts(client_for, agent, requester, tickets):
    response = client_for(agent).get(LIST, {"requester": [requester.pk, "bogus"], "sort": ["title", "priority"]})
    assert titles(response) == {"ink", "mail"}
    assert response.context["listing"].ignored == ["Requester “bogus”", "Sort order “title”"]


def test_a_page_of_another_sort_order_is_left_out(client_for, agent, tickets, settings):
    settings.TICKETS_PAGE_SIZE = 1
    client = client_for(agent)
    cursor = client.get(LIST, {"sort": "title"}).context["listing"].page.next_cursor
    response = client.get(LIST, {"sort": "priority", "page": cursor})
    assert response.context["listing"].ignored != []
    assert titles(response) == {"ink"}


@pytest.mark.parametrize("name", ["requester", "assigned_agent"])
def test_people_whom_a_requester_may_not_see_are_like_people_who_do_not_exist(
    client_for, requester, other_requester, tickets, name
):
    client = client_for(requester)
    hidden = client.get(LIST, {name: other_requester.pk})
    missing = client.get(LIST, {name: 999_999})
    assert titles(hidden) == titles(missing) == {"ink", "mail"}
    assert (
        hidden.context["listing"].ignored[0].replace(str(other_requester.pk), "999999")
        == (missing.context["listing"].ignored[0])
    )
    by_address = client.get(LIST, {name: other_requester.email})
    assert titles(by_address) == {"ink", "mail"}
    assert other_requester.username not in by_address.content.decode()


def test_a_requester_filters_by_the_agents_on_their_own_tickets_only(client_for, requester, agent, tickets):
    client = client_for(requester)
    stranger = UserFactory(agent=True)
    assert titles(client.get(LIST, {"assigned_agent": agent.pk})) == {"ink"}
    assert client.get(LIST, {"assigned_agent": stranger.pk}).context["listing"].ignored != []


def test_namesakes_are_all_meant(client_for, agent, requester):
    namesake = UserFactory(username="JANE DOE")
    TicketFactory(title="hers", requester=requester)
    TicketFactory(title="of her namesake", requester=namesake)
    assert titles(client_for(agent).get(LIST, {"requester": "Jane Doe"})) == {"hers", "of her namesake"}


def test_the_list_of_agents_keeps_one_who_has_left_while_they_are_asked_for(client_for, agent, other_agent):
    other_agent.is_active = False
    other_agent.save()
    ticket = TicketFactory(assigned_agent=other_agent)
    response = client_for(agent).get(LIST, {"assigned_agent": other_agent.pk})
    assert titles(response) == {ticket.title}
    assert [choice.label for choice in response.context["agent_choices"] if choice.chosen] == [other_agent.username]


def test_agents_who_share_a_name_are_told_apart(client_for, agent):
    UserFactory(agent=True, username=agent.username, email="second@example.com")
    labels = [str(choice.label) for choice in client_for(agent).get(LIST).context["agent_choices"]]
    assert "John Smith (john.smith@example.com)" in labels
    assert "John Smith (second@example.com)" in labels
