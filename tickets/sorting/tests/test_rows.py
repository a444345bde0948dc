"""What the rows of a list show of each ticket, and to whom."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags

from accounts.factories import UserFactory
from tickets.enums import Priority, Status
from tickets.factories import TicketFactory
from tickets.services import create_ticket

LIST = reverse("tickets:list")


def rows(client, **parameters):
    """Return the texts of the cells of each row, without those that hold nothing but a checkbox."""
    page = client.get(LIST, parameters).content.decode()
    found = re.findall(r"<tr role=\"row\" data-list-row.*?</tr>", page, re.DOTALL)
    return [[strip_tags(cell).strip() for cell in re.findall(r"<td.*?</td>", row, re.DOTALL)] for row in found]


@pytest.fixture
def sorted_ticket(requester, agent, vpn, network):
    return TicketFactory(
        title="Wi-Fi <b>down</b>",
        requester=requester,
        assigned_agent=agent,
        status=Status.WAITING,
        priority=Priority.HIGH,
        category=vpn,
        team=network,
    )


def test_the_desk_reads_who_asks_and_who_works_on_it(client_for, agent, sorted_ticket):
    assert rows(client_for(agent)) == [
        [
            "",
            f"#{sorted_ticket.pk}",
            "Wi-Fi &lt;b&gt;down&lt;/b&gt;VPN and Wi-Fi",
            "Waiting",
            "High",
            "Jane Doe",
            "JSJohn Smith",
            "just now",
        ]
    ]


def test_a_requester_reads_who_works_on_it_but_no_column_of_requesters(client_for, requester, sorted_ticket):
    assert rows(client_for(requester)) == [
        [
            f"#{sorted_ticket.pk}",
            "Wi-Fi &lt;b&gt;down&lt;/b&gt;VPN and Wi-Fi",
            "Waiting",
            "High",
            "JSJohn Smith",
            "just now",
        ]
    ]


def test_who_has_no_name_is_told_by_their_address(client_for, agent):
    TicketFactory(requester=UserFactory(requester=True, username="", email="nameless@example.com"))
    assert rows(client_for(agent))[0][5] == "nameless@example.com"


def test_while_nobody_works_on_it_its_team_stands_there_for_the_desk_alone(client_for, requester, agent, network):
    TicketFactory(requester=requester, team=network)
    assert rows(client_for(agent))[0][6] == "Network"
    assert rows(client_for(requester))[0][4] == "Unassigned"


def test_without_agent_and_team_it_is_unassigned(client_for, agent):
    TicketFactory()
    assert rows(client_for(agent))[0][6] == "Unassigned"


def test_the_first_tags_are_shown_and_how_many_more_there_are_to_the_desk_alone(client_for, requester, agent):
    create_ticket(actor=agent, requester=requester, title="Tagged", description="Five.", tags=["a", "b", "c", "d", "e"])
    assert rows(client_for(agent))[0][2] == "Taggedabc+2"
    assert rows(client_for(requester))[0][1] == "Tagged"


def test_a_list_by_opening_shows_when_that_was_instead_of_the_last_change(client_for, agent):
    TicketFactory(creation_date=timezone.now() - timedelta(hours=3))
    assert rows(client_for(agent))[0][7] == "just now"
    assert rows(client_for(agent), sort="creation_date")[0][7] == "3 hours ago"
