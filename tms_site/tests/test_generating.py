"""`manage.py generate_tickets`: rows as the services would have written them, the same ones for the same seed."""

import tracemalloc
from collections import Counter
from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from accounts.factories import UserFactory
from accounts.models import User
from activity.models import ActivityLog
from tickets import services
from tickets.models import Comment, CommentRevision, SearchDocument, Ticket, TicketRevision
from tms_site.generating import organisation, tables
from tms_site.generating.organisation import Organisation
from tms_site.generating.plan import Plan
from tms_site.generating.process import batches_of
from tms_site.lib.indexes import missing
from tms_site.tests.integrity import findings

UNTIL = date(2026, 3, 1)
MODELS = (User, Ticket, Comment, TicketRevision, CommentRevision, ActivityLog)


def run(*arguments, tickets=200, until=UNTIL):
    out = StringIO()
    call_command("generate_tickets", f"--tickets={tickets}", f"--until={until}", *arguments, stdout=out)
    return out.getvalue()


def stored():
    return [list(model.objects.order_by("pk").values_list()) for model in MODELS]


def plan(**values):
    return Plan(**{"tickets": 60, "users": 10, "agents": 3, "seed": 1, "until": UNTIL, **values})


def told(what):
    return [batch.rows for batch in Organisation(what).batches()]


def test_a_few_people_are_busy(db):
    run("--users=40", "--agents=10", tickets=600)
    for people in ("requester", "assigned_agent"):
        counts = [n for _, n in Counter(Ticket.objects.exclude(**{people: None}).values_list(people)).most_common()]
        assert counts[0] > 2.5 * counts[len(counts) // 2], people


@pytest.mark.parametrize("users", [1, 40, 2_000])
def test_accounts_are_made_before_anything_else_happens(users):
    log = [row for rows in told(plan(tickets=5, users=users)) for row in rows["log"]]
    numbers, moments = [row[0] for row in log], [row[4] for row in log]
    assert numbers == [*range(1, len(log) + 1)]
    assert moments == sorted(moments)


# --- the same again --------------------------------------------------------------------------------------------------


def test_the_same_seed_gives_the_same_rows():
    assert told(plan()) == told(plan())


@pytest.mark.parametrize("other", [{"seed": 2}, {"until": UNTIL + timedelta(days=1)}, {"users": 11}])
def test_another_plan_gives_other_rows(other):
    assert told(plan()) != told(plan(**other))


def test_another_process_makes_the_same_rows():
    assert [batch.rows for batch in batches_of(plan())] == told(plan())


def test_a_process_that_ends_early_is_an_error(capfd):
    with pytest.raises(RuntimeError, match="ended early"):
        list(batches_of(plan(users=0)))
    assert "IndexError" in capfd.readouterr().err


def test_memory_does_not_grow_with_the_number_of_tickets(monkeypatch):
    monkeypatch.setattr(organisation, "BATCH", 50)
    peaks = []
    for tickets in (200, 600):
        tracemalloc.start()
        for _batch in Organisation(plan(tickets=tickets, users=50)).batches():
            pass
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.2 * peaks[0]


# --- the command -----------------------------------------------------------------------------------------------------


def test_it_says_how_far_it_is_and_what_it_wrote(db):
    out = run("--users=20", "--agents=4", tickets=60)
    assert "Writing 60 tickets of 20 people and 4 agents …" in out
    assert "60 of 60 tickets" in out
    assert "24 people, 60 tickets, " in out
    assert "MiB" in out


def test_it_refuses_a_database_with_tickets_and_changes_nothing(db, requester):
    services.create_ticket(actor=requester, title="Printer", description="It burns.")
    before = stored()
    with pytest.raises(CommandError, match="--append"):
        run()
    assert stored() == before


def test_it_adds_to_them_when_told_so(db, requester):
    ticket = services.create_ticket(actor=requester, title="Printer", description="It burns.").ticket
    run("--append", tickets=20)
    run("--append", tickets=20)
    assert Ticket.objects.count() == 41
    assert Ticket.objects.order_by("pk").first() == ticket
    assert findings() == []


def test_outside_local_mode_it_refuses_unless_told(db, settings):
    settings.LOCAL_MODE = False
    with pytest.raises(CommandError, match="--allow-generated-data"):
        run(tickets=10)
    assert not Ticket.objects.exists()
    run("--allow-generated-data", tickets=10)
    assert Ticket.objects.count() == 10


@pytest.mark.parametrize("bad", ["--tickets=0", "--tickets=many", "--until=soon", "--users=-1", "--agents=0"])
def test_impossible_options_are_refused_with_a_clear_line(db, bad):
    with pytest.raises(CommandError, match="is not a"):
        call_command("generate_tickets", bad)
    assert not User.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_every_index_is_there_again_afterwards(transactional_db):
    def indexes():
        with connection.cursor() as cursor:
            return {
                model: connection.introspection.get_constraints(cursor, model._meta.db_table).keys()
                for model in (*MODELS, SearchDocument)
            }

    before = indexes()
    run(tickets=20)
    assert indexes() == before
    assert SearchDocument.objects.filter(terms__fulltext="zzthe").exists()
    assert UserFactory().pk > User.objects.count() - 1


@pytest.mark.django_db(transaction=True)
def test_a_run_makes_the_indexes_too_that_a_killed_one_has_left_missing(transactional_db):
    filled = [*(model for model, _fields in tables.TABLES.values()), SearchDocument]
    with tables.trusted_rows():
        for model in filled:
            # As `indexes_afterwards` begins, and never comes to its end.
            tables._drop_indexes(model._meta.db_table)  # noqa: SLF001 - see above
    assert {"ticket_created", "account_emailaddress.email"} <= {each.name for each in missing(filled)}
    run(tickets=20)
    assert missing(filled) == []
    assert SearchDocument.objects.filter(terms__fulltext="zzthe").exists()
