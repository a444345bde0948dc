"""The lists of tickets."""

import pytest
from django.test import override_settings
from django.urls import reverse

from activity.models import ActivityLog
from tickets.enums import Priority, Status
from tickets.factories import TicketFactory
from tickets.navigation import view_counts

LIST = reverse("tickets:list")
ASSIGNED = reverse("tickets:assigned")
HTMX = {"HX-Request": "true", "HX-Target": "results"}


def titles(response):
    return [ticket.title for ticket in response.context["listing"].page.items]


def test_a_requester_sees_only_their_own_tickets(client_for, requester, ticket, foreign_ticket):
    response = client_for(requester).get(LIST)
    assert titles(response) == [ticket.title]
    assert foreign_ticket.title not in response.content.decode()


def test_the_desk_sees_every_ticket(client_for, agent, ticket, foreign_ticket):
    assert set(titles(client_for(agent).get(LIST))) == {ticket.title, foreign_ticket.title}


def test_a_visitor_is_sent_to_the_log_in_page(anonymous):
    response = anonymous.get(LIST)
    assert response.status_code == 302
    assert reverse("account_login") in response["Location"]


def test_the_list_of_assigned_tickets_shows_only_ones_own(client_for, agent, other_agent):
    mine = TicketFactory(assigned_agent=agent)
    TicketFactory(assigned_agent=other_agent)
    assert titles(client_for(agent).get(ASSIGNED)) == [mine.title]


def test_the_first_page_of_the_desk_is_the_view_that_the_rail_counts(client_for, agent):
    client = client_for(agent)
    assert "No unresolved ticket is assigned to you." in client.get("/", follow=True).content.decode()
    mine = TicketFactory(assigned_agent=agent)
    TicketFactory(assigned_agent=agent, status=Status.RESOLVED)
    page = client.get("/", follow=True)
    assert titles(page) == [mine.title]
    assert dict(view_counts(agent))["assigned"].value == 1


def test_a_requester_is_told_why_there_are_no_tickets_assigned_to_them(client_for, requester):
    response = client_for(requester).get(ASSIGNED)
    assert response.status_code == 403
    assert "Only helpdesk agents can do that." in response.content.decode()


def test_an_empty_list_invites_to_open_a_ticket(client_for, requester):
    page = client_for(requester).get(LIST).content.decode()
    assert "No tickets yet" in page
    assert "No ticket matches" not in page


def test_a_list_that_only_the_filters_empty_offers_to_clear_them(client_for, requester, ticket):
    page = client_for(requester).get(LIST, {"status": "resolved"}).content.decode()
    assert "No ticket matches" in page
    assert "No tickets yet" not in page


@override_settings(TICKETS_PAGE_SIZE=2)
def test_one_can_leaf_forwards_and_back(client_for, agent, requester):
    for title in "abcde":
        TicketFactory(title=title, requester=requester)
    client = client_for(agent)
    first = client.get(LIST, {"sort": "title"})
    second = client.get(first.context["listing"].next_url)
    third = client.get(second.context["listing"].next_url)
    assert [titles(page) for page in (first, second, third)] == [["a", "b"], ["c", "d"], ["e"]]
    assert first.context["listing"].previous_url == ""
    assert third.context["listing"].next_url == ""
    assert titles(client.get(third.context["listing"].previous_url)) == ["c", "d"]
    assert 'rel="next"' in first.content.decode()
    assert 'rel="prev"' in second.content.decode()


@override_settings(TICKETS_PAGE_SIZE=2)
def test_a_page_that_has_become_empty_leads_to_the_first_one(client_for, agent):
    tickets = [TicketFactory(title=title) for title in "abc"]
    client = client_for(agent)
    address = client.get(LIST, {"sort": "title"}).context["listing"].next_url
    tickets[2].delete()
    response = client.get(address)
    assert titles(response) == ["a", "b"]
    assert "a page that has become empty" in response.content.decode()


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("priority", ["low", "medium", "high", "urgent"]),
        ("-priority", ["urgent", "high", "medium", "low"]),
    ],
)
def test_priorities_are_sorted_by_their_meaning(client_for, agent, sort, expected):
    for priority in (Priority.HIGH, Priority.LOW, Priority.URGENT, Priority.MEDIUM):
        TicketFactory(title=priority.value, priority=priority)
    assert titles(client_for(agent).get(LIST, {"sort": sort})) == expected


def test_statuses_are_sorted_by_a_tickets_life(client_for, agent):
    for status in (Status.WAITING, Status.RESOLVED, Status.OPEN, Status.IN_PROGRESS):
        TicketFactory(title=status.value, status=status)
    assert titles(client_for(agent).get(LIST, {"sort": "status"})) == ["open", "in_progress", "waiting", "resolved"]


def test_the_header_of_the_present_order_says_so(client_for, agent, ticket):
    page = client_for(agent).get(LIST, {"sort": "-title"}).content.decode()
    assert 'aria-sort="descending"' in page


def test_each_filter_is_a_chip_that_takes_only_itself_away(client_for, agent, ticket):
    response = client_for(agent).get(LIST, {"status": ["open", "waiting"], "q": "ink", "sort": "title"})
    chips = {chip.value: chip.remove_url for chip in response.context["listing"].chips}
    assert set(chips) == {"Open", "Waiting", "ink"}
    assert chips["Open"] == f"{LIST}?q=ink&status=waiting&sort=title"
    assert response.context["listing"].clear_url == f"{LIST}?sort=title"


def test_htmx_gets_the_results_alone_and_a_short_address(client_for, agent, ticket):
    response = client_for(agent).get(LIST, {"q": "", "status": "open", "sort": "", "assigned_agent": ""}, headers=HTMX)
    page = response.content.decode()
    assert "<html" not in page
    assert ticket.title in page
    assert response["HX-Push-Url"] == f"{LIST}?status=open"
    assert "HX-Request" in response["Vary"]


def test_htmx_that_restores_history_gets_the_whole_page(client_for, agent, ticket):
    headers = HTMX | {"HX-History-Restore-Request": "true"}
    assert "<html" in client_for(agent).get(LIST, headers=headers).content.decode()


def test_the_number_of_tickets_is_told(client_for, agent):
    TicketFactory.create_batch(3)
    assert "3 tickets" in client_for(agent).get(LIST).content.decode()


@override_settings(TICKETS_PAGE_SIZE=1)
def test_a_list_of_several_pages_counts_all_of_them(client_for, agent):
    TicketFactory.create_batch(3)
    assert client_for(agent).get(LIST).context["listing"].count_label == "3 tickets"


def test_a_list_never_loads_descriptions(client_for, agent, ticket):
    listed = client_for(agent).get(LIST).context["listing"].page.items[0]
    assert "description" in listed.get_deferred_fields()


def test_looking_at_the_list_is_logged_once(client_for, agent, ticket):
    client = client_for(agent)
    client.get(LIST)
    client.get(LIST)
    assert ActivityLog.objects.filter(activity_type="read", target_type="tickets", user=agent).count() == 1


def test_the_rail_marks_the_view_that_is_shown_however_sorted(client_for, agent):
    response = client_for(agent).get(LIST, {"status": "waiting", "sort": "title"})
    active = [view.slug for view in response.context["rail_views"] if view.active]
    assert active == ["waiting"]
    assert response.context["heading"] == "Waiting"


def test_the_rail_counts_only_what_one_may_see(client_for, requester, ticket, foreign_ticket):
    page = client_for(requester).get(reverse("tickets:counts")).content.decode()
    assert 'id="rail-count-all" hx-swap-oob="true" class="rail-count">1<' in page


def test_each_view_of_the_rail_counts_what_its_list_shows(client_for, agent, other_agent):
    for status in Status:
        for assigned in (None, agent, other_agent):
            TicketFactory(status=status, priority=Priority.URGENT, assigned_agent=assigned)
    TicketFactory.create_batch(2, priority=Priority.HIGH)
    client = client_for(agent)
    counts = dict(client.get(reverse("tickets:counts")).context["counts"])
    for view in client.get(LIST).context["rail_views"]:
        shown = client.get(view.url)
        assert shown.context["listing"].ignored == []
        assert shown.context["listing"].count == counts[view.slug], view.slug
        assert [each.slug for each in shown.context["rail_views"] if each.active] == [view.slug]
