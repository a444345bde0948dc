"""`manage.py generate_tickets`: rows as the services would have written them, the same ones for the same seed."""

import tracemalloc
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import Avg, Count, F, Max

from accounts.enums import Role
from accounts.factories import UserFactory
from accounts.models import User
from activity.integrity import Progress, check_all
from activity.models import ActivityLog
from tickets import services
from tickets.enums import Status
from tickets.models import Comment, CommentRevision, SearchDocument, Ticket, TicketRevision
from tms_site.generating import organisation, words
from tms_site.generating.organisation import Organisation
from tms_site.generating.plan import Plan
from tms_site.generating.process import batches_of

UNTIL = date(2026, 3, 1)
END = datetime(2026, 3, 1, tzinfo=UTC)
# One ticket in a thousand has the most comments, and one the first marker word.
ENOUGH = 600
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


@pytest.fixture
def generated(db):
    """A small organisation."""
    run(tickets=ENOUGH)


# --- as if the services had written it -------------------------------------------------------------------------------


def test_the_integrity_check_finds_nothing(db):
    run()
    assert list(check_all(Progress(lambda line: None))) == []


def test_every_change_and_every_comment_has_its_entry(generated):
    changes = ActivityLog.objects.filter(target_type="ticket", activity_type="update")
    assert changes.count() == TicketRevision.objects.count() > 0
    assert ActivityLog.objects.filter(target_type="comment", activity_type="create").count() == Comment.objects.count()
    assert CommentRevision.objects.count() == Comment.objects.filter(version=2).count() > 0


def test_the_log_is_numbered_in_the_order_of_time(generated):
    dates = list(ActivityLog.objects.order_by("pk").values_list("activity_date", flat=True))
    assert dates == sorted(dates)
    assert [*Comment.objects.order_by("pk").values_list("creation_date", flat=True)] == sorted(
        Comment.objects.values_list("creation_date", flat=True)
    )


def test_some_answers_are_notes_that_only_the_desk_sees(generated):
    notes = Comment.objects.filter(is_internal=True)
    assert 0 < notes.count() < 0.15 * Comment.objects.count()
    assert not notes.filter(commented_by__role=Role.REQUESTER).exists()
    assert ActivityLog.objects.filter(details__startswith="Wrote an internal note").count() == notes.count()


def test_people_can_go_on_with_what_was_generated(generated, sysadmin):
    ticket = Ticket.objects.filter(status=Status.OPEN).first()
    services.update_ticket(actor=sysadmin, ticket_id=ticket.pk, changes={"status": Status.RESOLVED})
    services.add_comment(actor=sysadmin, ticket_id=ticket.pk, description="Done.")
    assert list(check_all(Progress(lambda line: None))) == []


def test_nobody_can_log_in_as_a_generated_person(generated):
    assert not any(user.has_usable_password() for user in User.objects.all())


# --- realistic -------------------------------------------------------------------------------------------------------


def test_six_in_ten_are_resolved_and_two_comments_are_usual(generated):
    resolved = Ticket.objects.filter(status=Status.RESOLVED).count() / ENOUGH
    assert resolved == pytest.approx(0.6, abs=0.05)
    counts = Ticket.objects.annotate(number=Count("comments")).aggregate(usual=Avg("number"), most=Max("number"))
    assert counts["usual"] == pytest.approx(2, abs=0.3)
    assert counts["most"] == 40


def test_statuses_and_priorities_are_unevenly_spread(generated):
    for field, least in (("status", 4), ("priority", 4)):
        counts = Counter(Ticket.objects.values_list(field, flat=True))
        assert len(counts) == least
        assert max(counts.values()) > 3 * min(counts.values())


def test_everything_happens_in_three_years_before_the_day_that_was_given(generated):
    first, last = (Ticket.objects.order_by(order).first().creation_date for order in ("pk", "-pk"))
    assert END - timedelta(days=3 * 365) <= first < last < END
    assert END - last < timedelta(days=30)
    assert not ActivityLog.objects.filter(activity_date__gte=END).exists()
    assert not Ticket.objects.filter(updated_at__gte=END).exists()
    assert not Ticket.objects.filter(resolution_date__lt=F("creation_date")).exists()


def test_people_work_on_working_days(generated):
    weekend = Ticket.objects.filter(creation_date__week_day__in=(1, 7)).count()
    night = Ticket.objects.filter(creation_date__hour__lt=6).count()
    assert weekend + night < 0.1 * ENOUGH


@pytest.mark.parametrize("people", ["requester", "assigned_agent"])
def test_a_few_people_are_busy(db, people):
    run("--users=40", "--agents=10", tickets=ENOUGH)
    counts = [n for _, n in Counter(Ticket.objects.exclude(**{people: None}).values_list(people)).most_common()]
    assert counts[0] > 2.5 * counts[len(counts) // 2]


def test_one_ticket_in_a_thousand_says_the_marker_word(generated):
    texts = [
        *Ticket.objects.values_list("description", flat=True),
        *Comment.objects.values_list("description", flat=True),
    ]
    assert sum(words.ZIRKON in text.lower() for text in texts) == 1
    assert not any(words.QUETZAL in text.lower() for text in texts)
    assert [words.marker_of(number) for number in (250, 1250, 50_000, 150_000)] == [
        words.ZIRKON,
        words.ZIRKON,
        words.QUETZAL,
        words.QUETZAL,
    ]


def test_words_follow_zipf(generated):
    counts = Counter(
        word for text in Ticket.objects.values_list("description", flat=True) for word in text.lower().split()
    )
    first, tenth = counts["the"], sorted(counts.values(), reverse=True)[9]
    assert first / tenth == pytest.approx(10, rel=0.3)
    assert len(counts) > 2_000


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
    assert list(check_all(Progress(lambda line: None))) == []


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
