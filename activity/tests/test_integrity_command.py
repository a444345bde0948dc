"""check_integrity: what the database itself finds, and the command around it."""

from datetime import datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from activity.integrity import Progress, database, progress
from activity.integrity.history import comparable
from tickets import services
from tickets.models import Comment, Ticket
from tms_site.tests.integrity import findings

pytestmark = pytest.mark.django_db


@pytest.fixture
def ticket(requester):
    return services.create_ticket(actor=requester, title="Printer", description="It burns.").ticket


@pytest.fixture
def comment(ticket, agent):
    return services.add_comment(actor=agent, ticket_id=ticket.pk, description="Soon").comment


# --- the database ----------------------------------------------------------------------------------------------------


def test_a_foreign_key_that_leads_nowhere_is_named(comment):
    with connection.constraint_checks_disabled():
        Comment.objects.filter(pk=comment.pk).update(commented_by=987654)
        lines = findings()
        assert any(line.startswith("Table tickets_comment: ") and "987654" in line for line in lines), lines
        Comment.objects.filter(pk=comment.pk).update(commented_by=comment.commented_by)


@pytest.mark.django_db(transaction=True)
def test_what_the_engine_finds_is_named(monkeypatch):
    answers = (
        [("row 7 missing from index x",)] if connection.vendor == "sqlite" else [("t", "check", "error", "Corrupt")]
    )
    monkeypatch.setattr(database, "_rows", lambda statement: answers)
    lines = findings()
    assert lines
    assert all("row 7 missing" in line or "Corrupt" in line for line in lines)


@pytest.mark.django_db(transaction=True)
def test_the_engines_own_check_passes():
    assert findings() == []


def test_within_a_transaction_a_server_is_not_asked_because_its_answer_would_commit(monkeypatch):
    asked = []
    monkeypatch.setattr(connection, "vendor", "mysql")
    monkeypatch.setattr(database, "_rows", asked.append)
    assert findings() == []
    assert asked == []


@pytest.mark.django_db(transaction=True)
def test_each_table_is_checked_by_a_server(monkeypatch):
    asked = []

    def answer(statement):
        asked.append(statement)
        return [("tms.x", "check", "status", "OK")]

    monkeypatch.setattr(database, "_rows", answer)
    monkeypatch.setattr(connection, "vendor", "mysql")
    assert list(database.check_database(Progress(asked.append))) == []
    assert any("tickets_ticket" in statement and statement.startswith("CHECK TABLE") for statement in asked)
    monkeypatch.setattr(database, "_rows", lambda statement: [("tms.x", "check", "error", "Corrupt")])
    assert any(line.endswith(": error: Corrupt") for line in list(database.check_database(Progress(asked.append))))


@pytest.fixture
def without_unique_tokens(transactional_db, monkeypatch):
    """Take away the constraint that makes a token unique for its author, as a careless restore may."""
    if connection.vendor != "sqlite":
        pytest.skip("the server needs this index for a foreign key and keeps it")
    constraint = next(one for one in Ticket._meta.constraints if one.name == "ticket_author_token")
    with monkeypatch.context() as patch, connection.schema_editor() as editor:
        patch.setattr(Ticket._meta, "constraints", [])
        editor.remove_constraint(Ticket, constraint)
    yield
    Ticket.objects.update(client_token=None)
    with connection.schema_editor() as editor:
        editor.add_constraint(Ticket, constraint)


def test_a_client_token_that_was_used_twice_is_named(without_unique_tokens, requester):
    for token in ("one", "two"):
        services.create_ticket(actor=requester, title="T", description="D", client_token=token)
    Ticket.objects.update(client_token="one")
    assert findings() == [f"tickets: user {requester.pk} has used the client token one 2 times"]


# --- the command -----------------------------------------------------------------------------------------------------


def test_the_command_says_that_all_is_well(ticket):
    out = StringIO()
    call_command("check_integrity", stdout=out)
    assert "Everything is as TMS wrote it." in out.getvalue()
    assert "Checking tickets …" in out.getvalue()


def test_the_command_prints_each_finding_and_exits_with_1(ticket):
    Ticket.objects.filter(pk=ticket.pk).update(priority="low", version=3)
    out = StringIO()
    with pytest.raises(CommandError) as failure:
        call_command("check_integrity", stdout=out)
    assert (str(failure.value), failure.value.returncode) == ("7 problems found.", 1)
    assert f"Ticket #{ticket.pk}: the priority that activity" in out.getvalue()


def test_one_problem_is_counted_in_the_singular(ticket):
    Ticket.objects.filter(pk=ticket.pk).update(version=2)
    with pytest.raises(CommandError, match=r"^1 problem found\.$"):
        call_command("check_integrity", stdout=StringIO())


def test_a_long_check_says_how_far_it_is(monkeypatch):
    monkeypatch.setattr(progress, "EVERY", 10)
    told = []
    counter = Progress(told.append)
    counter.begin("tickets")
    for _batch in range(5):
        counter.advance(4)
    assert told == ["Checking tickets …", "  12 so far", "  20 so far"]


def test_values_are_compared_by_what_they_mean():
    assert comparable("assigned_agent", {"id": 3, "label": "Old name"}) == 3
    assert comparable("resolution_date", "2026-01-01T12:00:00+01:00") == comparable(
        "resolution_date", datetime.fromisoformat("2026-01-01T11:00:00+00:00")
    )
    assert comparable("resolution_date", "soon") == "soon"
    assert comparable("title", "2026-01-01T12:00:00+01:00") == "2026-01-01T12:00:00+01:00"
