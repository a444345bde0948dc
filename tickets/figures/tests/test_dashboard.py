"""The dashboard's page."""

import re
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from accounts.factories import UserFactory
from tickets import services
from tickets.enums import Priority
from tickets.factories import CommentFactory, TicketFactory
from tickets.figures import views
from tickets.figures.facts import reporting_day
from tickets.figures.models import FigureDelta, FigureState
from tickets.models import Category

pytestmark = pytest.mark.django_db

# Two of them are for session and visitor, one for the views in the rail, two for tags.
QUERIES = 16
URL = "/dashboard/"


@pytest.fixture
def look(client_for, agent):
    """Open the dashboard as John, and return its page."""
    client = client_for(agent)

    def look(**parameters):
        response = client.get(URL, parameters)
        assert response.status_code == 200
        return response

    return look


def numbers_of(response):
    return {str(tile.label): tile.value for tile in response.context["page"].tiles}


def text_of(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_requesters_are_told_why_it_is_closed_to_them(client_for, requester):
    client = client_for(requester)
    assert client.get(URL).status_code == 403
    assert b'href="/dashboard/"' not in client.get(reverse("tickets:list")).content


@pytest.mark.parametrize("person", ["agent", "sysadmin"])
def test_the_desk_finds_it_in_the_rail(client_for, request, person):
    client = client_for(request.getfixturevalue(person))
    assert b'href="/dashboard/"' in client.get(reverse("tickets:list")).content
    assert client.get(URL).status_code == 200


def test_a_new_installation_says_what_will_stand_here(look):
    text = text_of(look())
    assert "Nothing to count yet" in text
    assert "Created and resolved" not in text


def test_it_counts_what_happened_until_now(look, open_ticket, agent):
    open_ticket()
    services.assign_to_me(actor=agent, ticket_id=open_ticket().pk)
    services.update_ticket(actor=agent, ticket_id=open_ticket().pk, changes={"status": "resolved"})
    assert numbers_of(look()) == {"Unresolved": 2, "Unassigned": 1, "Created": 3, "Resolved": 1}
    call_command("rollup")
    assert numbers_of(look()) == {"Unresolved": 2, "Unassigned": 1, "Created": 3, "Resolved": 1}


def test_the_backlog_of_each_day_is_what_came_minus_what_went(look, busy_desk):
    page = look().context["page"]
    assert page.steps[-1].backlog == page.open_total
    for before, after in zip(page.steps, page.steps[1:], strict=False):
        assert after.backlog == before.backlog + after.created - after.resolved


@pytest.mark.parametrize(("period", "steps", "step"), [("30d", 30, "day"), ("90d", 90, "day"), ("12m", 52, "week")])
def test_the_period_says_how_many_days_or_weeks_are_shown(look, open_ticket, period, steps, step):
    open_ticket()
    response = look(period=period)
    assert f"at the end of each {step}</h3>" in response.content.decode()
    page = response.context["page"]
    assert len(page.steps) == steps
    assert page.question.today == reporting_day(timezone.now())


def test_durations_are_medians_and_90th_percentiles_by_month_and_priority(look, requester, agent):
    now = timezone.now()
    for minutes in (10, 20, 30, 200):
        ticket = TicketFactory(priority=Priority.HIGH, creation_date=now - timedelta(minutes=minutes))
        CommentFactory(ticket=ticket, commented_by=agent, creation_date=now)
    call_command("rollup", "--rebuild")
    # One more, which isn't folded yet.
    ticket = services.create_ticket(
        actor=requester, title="A", description="A", priority="high", at=now - timedelta(minutes=40)
    ).ticket
    services.add_comment(actor=agent, ticket_id=ticket.pk, description="Hi", at=now)
    [response, resolution] = look().context["page"].duration_sections
    cell = response.rows[0][1][1]
    assert (cell.median, cell.ninetieth, cell.tickets) == ("30 min", "3 h 20 min", "5 tickets")
    assert resolution.is_empty


def test_the_filter_by_agent_shows_only_what_is_theirs(look, open_ticket, agent, other_agent):
    services.assign_to_me(actor=agent, ticket_id=open_ticket().pk)
    services.assign_to_me(actor=other_agent, ticket_id=open_ticket().pk)
    open_ticket()
    response = look(agent=agent.pk)
    assert numbers_of(response) == {"Unresolved": 1, "Created": 1, "Resolved": 0}
    assert len(response.context["page"].untouched) == 1
    assert f"assigned_agent={agent.pk}" in response.context["page"].tiles[0].url
    assert numbers_of(look(agent="me")) == numbers_of(response)
    assert numbers_of(look(agent="none"))["Unresolved"] == 1


def test_somebody_who_left_with_tickets_can_be_looked_at_as_the_figures_name_them(look):
    gone = UserFactory(agent=True, is_active=False)
    TicketFactory(assigned_agent=gone)
    TicketFactory()
    call_command("rollup", "--rebuild")
    assert [each.name for each in look().context["page"].workload] == [str(gone)]
    response = look(agent=gone.pk)
    assert numbers_of(response) == {"Unresolved": 1, "Created": 1, "Resolved": 0}
    assert "We left out" not in text_of(response)
    assert f'<option value="{gone.pk}" selected>{gone}</option>' in response.content.decode()


def test_somebody_who_left_without_tickets_is_left_out(look, open_ticket):
    open_ticket()
    assert "We left out" in text_of(look(agent=UserFactory(agent=True, is_active=False).pk))


def test_an_agent_without_tickets_gets_a_way_back(look, open_ticket, other_agent):
    open_ticket()
    assert "Show all tickets" in text_of(look(agent=other_agent.pk))


@pytest.mark.parametrize(
    "parameters",
    [
        {"period": "9y"},
        {"agent": "987654321"},
        {"agent": "\x00"},
        {"agent": "x" * 500},
        {"team": "1"},
    ],
)
def test_what_the_address_asks_for_in_vain_is_named(look, open_ticket, parameters):
    open_ticket()
    response = look(**parameters)
    assert numbers_of(response)["Unresolved"] == 1
    assert "We left out" in text_of(response)


def test_the_busiest_come_first_whether_folded_or_not(look, agent):
    people = [UserFactory(requester=True) for _each in range(12)]
    for number, person in enumerate(people):
        TicketFactory.create_batch(number + 1, requester=person, assigned_agent=agent)
    call_command("rollup", "--rebuild")
    for _each in range(20):
        services.create_ticket(actor=people[0], title="A", description="A")
    ranking = look().context["page"].requesters
    assert [each.value for each in ranking] == [21, 12, 11, 10, 9, 8, 7, 6, 5, 4]
    assert ranking[0].name == str(people[0])


def test_those_whom_changes_have_put_behind_others_make_room(look, agent, sysadmin):
    agents = [UserFactory(agent=True) for _each in range(11)]
    for number, each in enumerate(agents):
        TicketFactory.create_batch(number + 1, assigned_agent=each)
    call_command("rollup", "--rebuild")
    for ticket in agents[10].assigned_tickets.all():
        services.unassign(actor=agent, ticket_id=ticket.pk)
    assert [each.value for each in look().context["page"].workload] == [10, 9, 8, 7, 6, 5, 4, 3, 2, 1]


def test_the_longest_untouched_come_first_and_lead_to_their_tickets(look):
    now = timezone.now()
    old = TicketFactory(updated_at=now - timedelta(days=9), title="Forgotten")
    TicketFactory(updated_at=now - timedelta(days=10), status="resolved", resolution_date=now)
    TicketFactory(updated_at=now)
    call_command("rollup", "--rebuild")
    response = look()
    assert response.context["page"].untouched[0] == old
    assert f'href="{old.get_absolute_url()}"' in response.content.decode()


def test_numbers_lead_to_lists_that_the_filters_understand(look, open_ticket, client_for, agent):
    open_ticket(priority="urgent")
    page = look().context["page"]
    addresses = [tile.url for tile in page.tiles] + [cell.url for row in page.matrix for cell in row.cells]
    addresses += [each.url for each in page.requesters]
    client = client_for(agent)
    for address in addresses:
        assert client.get(address).context["listing"].ignored == [], address


@pytest.mark.parametrize("zone", ["Asia/Tokyo", "America/Los_Angeles"])
def test_numbers_lead_to_as_many_tickets_in_every_zone(look, client_for, agent, zone):
    agent.time_zone = zone
    agent.save()
    begin = timezone.localtime().replace(hour=0, minute=0, second=0) - timedelta(days=29)
    month = timezone.localtime().replace(day=1, hour=0, minute=0, second=0)
    category = Category.objects.create(name="Printers")
    for day in (begin, month):
        for hours in (-12, -1, 1, 12):
            at = min(day + timedelta(hours=hours), timezone.now())
            TicketFactory(creation_date=at, category=category)
            TicketFactory(creation_date=at, category=category, status="resolved", resolution_date=at)
    call_command("rollup", "--rebuild")
    page = look().context["page"]
    with timezone.override(zone):
        numbers = [(each.url, each.value) for each in [*page.tiles, *page.requesters]]
        numbers += [(cell.url, cell.value) for row in page.categories for cell in (row.open, row.created, row.resolved)]
    client = client_for(agent)
    assert [(url, client.get(url).context["listing"].count.value) for url, _value in numbers] == numbers


def test_many_differences_are_folded_by_whoever_looks(look, open_ticket, monkeypatch):
    monkeypatch.setattr(views, "FOLD_AT", 10)
    open_ticket()
    look()
    assert FigureDelta.objects.exists()
    open_ticket()
    look()
    assert not FigureDelta.objects.exists()


def test_figures_that_lack_older_tickets_say_so(look, open_ticket):
    open_ticket()
    assert "rollup --rebuild" not in text_of(look())
    # Tests that empty the tables take the row along that a migration has written.
    FigureState.objects.update_or_create(pk=1, defaults={"is_complete": False})
    assert "rollup --rebuild" in text_of(look())
    call_command("rollup", "--rebuild")
    assert "rollup --rebuild" not in text_of(look())


@pytest.mark.parametrize("rows", [1, 3, 50])
def test_it_takes_the_same_queries_whatever_there_is(client_for, agent, rows, django_assert_num_queries):
    for _row in range(rows):
        ticket = TicketFactory(assigned_agent=UserFactory(agent=True))
        CommentFactory(ticket=ticket, commented_by=agent)
    call_command("rollup", "--rebuild")
    client = client_for(agent)
    client.get(URL)
    with django_assert_num_queries(QUERIES):
        client.get(URL)
