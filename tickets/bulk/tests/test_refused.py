"""A bulk action that is refused: the list that one is led back to has the same tickets selected."""

import re

import pytest
from django.urls import reverse

from tickets.bulk.models import BulkRun
from tickets.bulk.selection import SECONDS, SESSION_KEY
from tickets.factories import TicketFactory
from tickets.models import Ticket
from tickets.services import update_ticket

pytestmark = pytest.mark.django_db
BULK = reverse("tickets:bulk")


def ticked(page):
    """Return the numbers of the selected rows of a list."""
    return {int(number) for number in re.findall(r'name="ticket" value="(\d+)"[^>]* checked>', page.content.decode())}


def address_of(page):
    """Return which page of a list the form below it names."""
    return re.search(r'name="list" value="([^"]*)"', page.content.decode())[1].replace("&amp;", "&")


def go_on(client, page, action, tickets, **data):
    """Select tickets on a page of a list and press the button below it."""
    numbers = [ticket.pk for ticket in tickets]
    values = {"action": action, "ticket": numbers, "query": "", "list": address_of(page), **data}
    return client.get(BULK, values, follow=True)


@pytest.mark.parametrize(("many", "text"), [(1, "Select at least 2"), (3, "Select at most 2")])
def test_a_refused_merge_keeps_the_tickets_and_the_action_selected(client_for, agent, tickets, monkeypatch, many, text):
    monkeypatch.setattr("tickets.bulk.views.MERGE_MAX", 1)
    client = client_for(agent)
    refused = go_on(client, client.get("/tickets/"), "merge", tickets[:many])
    assert text in refused.content.decode()
    assert ticked(refused) == {ticket.pk for ticket in tickets[:many]}
    assert b'<option value="merge" selected>' in refused.content
    assert ticked(client.get("/tickets/")) == set()


def test_one_is_led_back_to_the_very_page_in_its_order(client_for, agent, tickets, settings):
    settings.TICKETS_PAGE_SIZE = 2
    client = client_for(agent)
    first = client.get("/tickets/?sort=title")
    second = client.get(first.context["listing"].next_url)
    refused = go_on(client, second, "merge", second.context["listing"].page.items)
    assert refused.redirect_chain == [(address_of(second), 302)]
    assert ticked(refused) == {ticket.pk for ticket in second.context["listing"].page.items}


def test_from_the_list_of_ones_own_tickets_one_is_led_back_there(client_for, agent, tickets):
    update_ticket(actor=agent, ticket_id=tickets[0].pk, changes={"assigned_agent": agent})
    client = client_for(agent)
    refused = go_on(client, client.get("/tickets/assigned/"), "merge", tickets[:1])
    assert refused.redirect_chain == [("/tickets/assigned/", 302)]
    assert ticked(refused) == {tickets[0].pk}


@pytest.mark.parametrize(
    "elsewhere", ["//evil.example/tickets/", "https://evil.example", "/admin/", "/tickets/\n", "//[", "/tickets/new/"]
)
def test_nobody_is_led_elsewhere(client_for, agent, tickets, elsewhere):
    values = {"action": "merge", "ticket": tickets[0].pk, "query": "status=open", "list": elsewhere}
    assert client_for(agent).get(BULK, values)["Location"] == "/tickets/?status=open"


def test_what_the_list_does_not_show_any_more_is_said(client_for, agent, tickets):
    client = client_for(agent)
    page = client.get("/tickets/?status=open")
    refused = go_on(client, page, "nonsense", tickets)
    assert ticked(refused) == {ticket.pk for ticket in tickets}
    update_ticket(actor=agent, ticket_id=tickets[0].pk, changes={"status": "resolved"})
    refused = go_on(client, page, "nonsense", tickets)
    assert ticked(refused) == {ticket.pk for ticket in tickets[1:]}
    assert "No longer selected, since they are not in this list: 1" in refused.content.decode()


def test_all_that_match_stays_chosen(client_for, agent, tickets):
    client = client_for(agent)
    refused = go_on(client, client.get("/tickets/"), "nonsense", [], all="1")
    assert b'name="all" value="1" checked' in refused.content


def test_a_last_button_that_is_refused_keeps_what_was_previewed(client_for, agent, tickets):
    client = client_for(agent)
    chosen = " ".join(f"{ticket.pk}:1" for ticket in tickets)
    values = {"action": "priority", "value": "high", "chosen": chosen, "step": "run", "client_token": "one"}
    assert client.post(BULK, values).status_code == 302
    refused = client.post(BULK, values | {"value": "low", "list": "/tickets/"}, follow=True)
    assert refused.redirect_chain == [("/tickets/", 302)]
    assert ticked(refused) == {ticket.pk for ticket in tickets}
    assert BulkRun.objects.count() == 1


def test_a_merge_that_its_own_page_refuses_keeps_the_numbers_in_its_form(client_for, agent, tickets):
    client = client_for(agent)
    merged, other = TicketFactory.create_batch(2)
    Ticket.objects.filter(pk=merged.pk).update(merged_into=other)
    refused = go_on(client, client.get("/tickets/"), "merge", [*tickets, merged])
    assert refused.status_code == 422
    numbers = {ticket.pk for ticket in [*tickets, merged]}
    assert {refused.context["ticket"].pk, *map(int, refused.context["form"]["numbers"].value().split(", "))} == numbers


def test_a_list_that_comes_much_later_has_nothing_selected(client_for, agent, tickets):
    client = client_for(agent)
    page = client.get("/tickets/")
    values = {"action": "nonsense", "ticket": [tickets[0].pk], "query": "", "list": address_of(page)}
    client.get(BULK, values)
    session = client.session
    session[SESSION_KEY] = [*session[SESSION_KEY][:-1], session[SESSION_KEY][-1] - SECONDS - 1]
    session.save()
    assert ticked(client.get("/tickets/")) == set()
