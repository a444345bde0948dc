"""Lists of tickets as CSV."""

import csv
from datetime import UTC
from io import StringIO

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.factories import UserFactory
from activity.models import ActivityLog
from tickets import exports, services
from tickets.factories import TicketFactory
from tickets.models import Category, Team, Ticket
from tms_site.lib import csv_export
from tms_site.tests.rivals import rival

pytestmark = pytest.mark.django_db

HEADER = ["Number", "Title", "Status", "Priority", "Requester", "Assigned agent", "Created", "Updated", "Resolved"]
HEADER += ["Category", "Team"]
# Session, user, six for the cache that counts exports, the entry in the log, the tickets, their people, categories,
# teams and tags.
QUERIES = 14


def export(client, **parameters):
    response = client.get(reverse("tickets:export"), parameters)
    assert response.status_code == 200
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    header, *rows = csv.reader(StringIO(text))
    assert header in (HEADER, [*HEADER, "Tags"])
    return rows


def exported_numbers(client, **parameters):
    return [int(row[0]) for row in export(client, **parameters)]


def sort(number, name):
    """Put a ticket into a new category and a new team of that name."""
    category, team = Category.objects.create(name=name), Team.objects.create(name=name)
    Ticket.objects.filter(pk=number).update(category=category, team=team)


def test_a_row_has_what_the_list_shows_with_times_in_the_readers_zone(client_for, agent, requester):
    agent.time_zone = "Asia/Tokyo"
    agent.save()
    ticket = TicketFactory(title="Ink, please", requester=requester, priority="high")
    services.update_ticket(actor=agent, ticket_id=ticket.pk, changes={"status": "in_progress", "assigned_agent": agent})
    ticket.refresh_from_db()
    (row,) = export(client_for(agent))
    with timezone.override("Asia/Tokyo"):
        created, updated = (
            timezone.localtime(moment).isoformat(timespec="seconds")
            for moment in (ticket.creation_date, ticket.updated_at)
        )
    assert row == [
        str(ticket.pk), "Ink, please", "In progress", "High", "Jane Doe", "John Smith", created, updated,
        "", "", "", "",
    ]  # fmt: skip
    assert created.endswith("+09:00")


def test_a_requester_gets_their_own_tickets_only(client_for, ticket, foreign_ticket, requester):
    assert exported_numbers(client_for(requester)) == [ticket.pk]


def test_the_desk_gets_all_of_them_newest_first(client_for, ticket, foreign_ticket, agent):
    assert exported_numbers(client_for(agent)) == [foreign_ticket.pk, ticket.pk]


def test_the_filters_are_those_of_the_list(client_for, agent):
    TicketFactory()
    urgent = TicketFactory(priority="urgent")
    mine = TicketFactory(assigned_agent=agent)
    assert exported_numbers(client_for(agent), priority="urgent") == [urgent.pk]
    assert exported_numbers(client_for(agent), assigned_agent="me") == [mine.pk]


def test_the_list_links_to_its_own_export(client_for, agent):
    TicketFactory(priority="urgent")
    TicketFactory(assigned_agent=agent)
    client = client_for(agent)
    urgent = client.get(reverse("tickets:list"), {"priority": "urgent", "sort": "title"}).context["listing"]
    assigned = client.get(reverse("tickets:assigned")).context["listing"]
    assert urgent.export_url == f"{reverse('tickets:export')}?priority=urgent"
    assert assigned.export_url == f"{reverse('tickets:export')}?assigned_agent=me"


def test_titles_and_names_cannot_be_formulas(client_for, agent):
    TicketFactory(title="=cmd|' /C calc'!A0", requester=UserFactory(username="@SUM(A1)"))
    (row,) = export(client_for(agent))
    assert row[1] == "'=cmd|' /C calc'!A0"
    assert row[4] == "'@SUM(A1)"


def test_an_export_is_logged_each_time_with_its_filters(client_for, agent):
    client = client_for(agent)
    for _time in range(2):
        export(client, priority="urgent")
    entries = ActivityLog.objects.filter(activity_type="export", user=agent)
    assert [entry.details for entry in entries] == [
        "Exported the list of tickets with the filters “priority=urgent”."
    ] * 2
    assert entries[0].target_type == "tickets"


def test_what_is_made_while_an_export_runs_has_its_name_in_it(agent, monkeypatch):
    monkeypatch.setattr(csv_export, "FIRST_BATCH", 1)
    old, new = TicketFactory(title="Old"), TicketFactory(title="New")
    rows = exports.rows(Ticket.objects.all(), UTC, agent)
    assert next(rows)[0] == new.pk
    sort(old.pk, "Kites")
    (row,) = rows
    assert (row[0], *row[9:11]) == (old.pk, "Kites", "Kites")


def test_who_is_deleted_while_an_export_runs_has_no_name_in_it(agent, other_agent):
    TicketFactory(assigned_agent=other_agent)
    # The tickets are read; their people aren't yet.
    with rival(other_agent.delete, before='SELECT "accounts_user"."id"'):
        (row,) = exports.rows(Ticket.objects.all(), UTC, agent)
    assert row[5] == ""


def test_an_empty_list_is_a_file_with_its_header_only(client_for, requester):
    assert export(client_for(requester)) == []


@pytest.mark.parametrize("rows", [1, 3, 50])
def test_the_number_of_queries_is_a_constant(client_for, agent, rows, django_assert_num_queries):
    for _row in range(rows):
        number = TicketFactory(assigned_agent=UserFactory(agent=True)).pk
        sort(number, f"Number {number}")
    client = client_for(agent)
    with django_assert_num_queries(QUERIES):
        assert len(export(client)) == rows
