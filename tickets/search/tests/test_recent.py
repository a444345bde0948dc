"""The newest documents are kept once more on MySQL and MariaDB, so that a search needn't read all hits to know them."""

import importlib
import io
import random
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from activity.management.commands.work import CHORES
from tickets import services
from tickets.factories import CommentFactory, TicketFactory
from tickets.models import RecentDocument, SearchDocument, Ticket
from tickets.search import documents, engine, rebuild, recent, syntax

pytestmark = pytest.mark.django_db(transaction=True)
on_a_server = pytest.mark.mysql
ALL, RECENT = (f"{model._meta.db_table}`.`terms`) AGAINST" for model in (SearchDocument, RecentDocument))


@pytest.fixture(autouse=True)
def small_desk():
    """Keep them from the number on from which they are kept, unlike in other tests."""


@pytest.fixture
def windows(monkeypatch):
    """A window of ten documents in steps of ten, a look at the newest two, and rankings of two."""
    monkeypatch.setattr(recent, "WINDOW", 10)
    monkeypatch.setattr(recent, "STEPS", 1)
    monkeypatch.setattr("tickets.search.mysql.SAMPLE", 2)
    monkeypatch.setattr(engine, "RANKED_MAX", 2)


def open_tickets(*numbers, **values):
    """Make a ticket of each number."""
    return [TicketFactory(pk=number, **values) for number in numbers]


def ranked(text, actor, **filters):
    """Return the numbers that a search finds, best first, and which indexes it asked, in their order."""
    with CaptureQueriesContext(connection) as queries:
        found = engine.ranked(Ticket.objects.visible_to(actor).filter(**filters), syntax.parse(text), actor)
    statements = [query["sql"] for query in queries]
    return found.ids, [each for sql in statements for each in (ALL, RECENT) if each in sql]


def kept():
    """Return the documents that are kept once more, by number."""
    return dict(RecentDocument.objects.values_list("pk", "terms"))


def expected(begin):
    """Return what should be kept from a number on."""
    return dict(SearchDocument.objects.filter(pk__gte=begin).values_list("pk", "terms"))


@pytest.mark.parametrize(
    ("newest", "first", "first_kept"),
    [(0, 0, 10), (9, 0, 10), (19, 0, 10), (20, 10, 10), (29, 10, 10), (30, 20, 10), (145, 130, 120)],
)
def test_a_window_and_up_to_a_step_is_looked_through_and_a_window_more_is_kept(windows, newest, first, first_kept):
    assert (recent.first(newest), recent.first_kept(newest)) == (first, first_kept)


def test_a_small_desk_has_none(agent):
    open_tickets(recent.WINDOW - 1)
    assert kept() == {}


@pytest.mark.skipif("connection.vendor == 'mysql'")
def test_sqlite_has_none(windows):
    open_tickets(131, 145)
    assert kept() == {}


@on_a_server
def test_where_the_newest_have_more_hits_than_are_ranked_only_they_are_asked(windows, agent):
    open_tickets(101, 131, 132, 133, title="Ink")
    open_tickets(144, 145)
    assert ranked("ink", agent) == ([133, 132], [RECENT])
    assert ranked("ink", agent, priority="medium")[1] == [RECENT]


@on_a_server
def test_where_they_have_fewer_the_older_ones_are_asked_too(windows, agent):
    open_tickets(101, 102, 131, title="Ink")
    open_tickets(144, 145)
    assert ranked("ink", agent) == ([131, 102], [RECENT, ALL])


@on_a_server
def test_before_there_is_a_whole_window_and_of_one_persons_own_it_is_not_asked(windows, agent, requester):
    open_tickets(11, 12, 13, title="Ink")
    open_tickets(18, 19)
    assert ranked("ink", agent) == ([13, 12], [ALL])
    open_tickets(44, 45, requester=requester)
    open_tickets(42, title="Ink", requester=requester)
    assert ranked("ink", requester) == ([42], [ALL])


@on_a_server
@pytest.mark.parametrize(("share", "asked"), [(0.2, [RECENT]), (0.05, [])])
def test_of_words_that_are_neither_rare_nor_frequent_only_the_newest_are_asked(
    monkeypatch, windows, agent, share, asked
):
    monkeypatch.setattr("tickets.search.mysql.SAMPLE", 9)
    monkeypatch.setattr("tickets.search.mysql.RECENT_SHARE", share)
    open_tickets(101, 131, 132, 133, title="Ink")
    open_tickets(*range(134, 140), 144, 145)
    # One of the newest nine has it: too many for the whole index, and for that of the newest where the limit is lower.
    assert ranked("ink", agent) == ([133, 132], asked)


@on_a_server
def test_what_is_older_is_left_out_though_it_was_kept(windows, agent):
    open_tickets(121, 122, 131, 132, title="Ink")
    open_tickets(144, 145)
    assert set(kept()) == {121, 122, 131, 132, 144, 145}
    assert ranked("ink", agent) == ([132, 131], [RECENT, ALL])


@on_a_server
def test_searches_of_all_kinds_find_the_same_with_and_without(monkeypatch, windows, agent):
    monkeypatch.setattr(engine, "RANKED_MAX", 3)
    choose = random.Random(7)  # noqa: S311 - the same each time
    words = ["ink", "inkjet", "toner", "drum", "tray", "PRN-2041"]
    for number in range(100, 140):
        title, text = (" ".join(choose.choices(words, k=2)) for _ in range(2))
        ticket = TicketFactory(pk=number, title=title, description=text, priority=choose.choice(["low", "high"]))
        CommentFactory(ticket=ticket, description=choose.choice(words), is_internal=choose.choice([True, False]))
    open_tickets(144, 145)
    texts = ["ink", '"ink toner"', "ink -toner", '"toner drum"', "prn 2041", "drum tray", "inkj -tray", "120 ink"]
    cases = [(text, filters) for text in texts for filters in ({}, {"priority": "high"})]
    with_recent = [ranked(text, agent, **filters) for text, filters in cases]
    assert any(asked == [RECENT] for _ids, asked in with_recent)
    monkeypatch.setattr(recent, "WINDOW", 10_000)
    assert [ids for ids, _asked in with_recent] == [ranked(text, agent, **filters)[0] for text, filters in cases]


@on_a_server
def test_they_follow_each_change(windows, agent, requester, sysadmin):
    _ticket, other = open_tickets(131, 132, requester=requester)
    open_tickets(101, 145)
    services.update_ticket(actor=requester, ticket_id=131, changes={"title": "Ink"})
    comment = services.add_comment(actor=agent, ticket_id=131, description="Toner").comment
    services.add_comment(actor=agent, ticket_id=131, description="Drum", is_internal=True)
    assert kept() == expected(120)
    services.delete_comment(actor=sysadmin, ticket_id=131, comment_id=comment.pk)
    services.delete_ticket(actor=sysadmin, ticket_id=other.pk)
    assert set(kept()) == {131, 145}
    assert kept() == expected(120)


@on_a_server
def test_what_is_changed_after_it_was_recent_keeps_no_old_words_here(monkeypatch, windows, agent):
    open_tickets(131, 132)
    open_tickets(165)
    services.update_ticket(actor=agent, ticket_id=131, changes={"title": "Ink"})
    assert set(kept()) == {132, 165}
    # What was left behind and changed by somebody else is nobody's concern.
    RecentDocument.objects.filter(pk=132).update(terms=" zzold ")
    monkeypatch.setattr(rebuild, "BATCH", 1)
    assert [line for _count, lines in rebuild.check() for line in lines] == []


@on_a_server
def test_the_worker_forgets_what_is_older_by_more_than_a_window(windows, agent):
    open_tickets(111, 119, 121, 131, 132, 133, title="Ink")
    open_tickets(138, 139, 140, 141)
    [chore] = [each for each in CHORES if each.do is recent.forget_older]
    assert chore.do() == 2
    assert set(kept()) == {121, 131, 132, 133, 138, 139, 140, 141}
    # The window before counts again when the newest ones are gone.
    Ticket.objects.filter(pk__gte=140).delete()
    documents.remove([140, 141])
    assert ranked("ink", agent) == ([133, 132], [RECENT])


@on_a_server
def test_check_integrity_names_what_is_not_as_it_should_be_and_a_rebuild_mends_it(windows, agent):
    open_tickets(145, 101, 121, 131, 132, 133)
    RecentDocument.objects.filter(pk=131).delete()
    RecentDocument.objects.filter(pk=132).update(terms=" zzold ")
    for number in (134, 146):
        RecentDocument.objects.create(ticket_id=number, terms=" zzghost ")
    out = io.StringIO()
    with pytest.raises(CommandError):
        call_command("check_integrity", stdout=out)
    lines = [line for line in out.getvalue().splitlines() if rebuild.NOT_RECENT in line]
    assert lines == [f"Ticket #{number} {rebuild.NOT_RECENT}" for number in (131, 132, 134, 146)]
    call_command("rebuild_search_index", stdout=io.StringIO())
    assert kept() == expected(120)


@on_a_server
def test_a_rebuild_fills_them_and_removes_what_is_left_over_at_the_end(windows):
    open_tickets(101, 119, 120, 121, 145)
    SearchDocument.objects.all().delete()
    RecentDocument.objects.all().delete()
    RecentDocument.objects.create(ticket_id=146, terms=" zzghost ")
    list(rebuild.rebuild())
    assert set(kept()) == {120, 121, 145}
    assert kept() == expected(120)


@on_a_server
@pytest.mark.parametrize(("newest", "begin"), [(9, None), (19, 10), (30, 10), (145, 120)])
def test_an_upgrade_copies_what_belongs_there(monkeypatch, newest, begin):
    migration = importlib.import_module("tickets.migrations.0026_fill_recent_documents")
    monkeypatch.setattr(migration, "WINDOW", 10)
    monkeypatch.setattr(migration, "STEP", 10)
    open_tickets(*{5, 9, 12, 19, 20, 30, 119, 120, 145} & set(range(newest + 1)))
    assert kept() == {}
    monkeypatch.setattr(migration, "BATCH", 3)
    for _again in range(2):
        migration.fill(None, SimpleNamespace(connection=connection))
    assert kept() == ({} if begin is None else expected(begin))
    monkeypatch.setattr(recent, "WINDOW", 10)
    monkeypatch.setattr(recent, "STEPS", 1)
    assert begin in (None, recent.first_kept(newest))


def test_the_upgrade_means_the_same_windows():
    migration = importlib.import_module("tickets.migrations.0026_fill_recent_documents")
    assert (migration.WINDOW, migration.STEP) == (recent.WINDOW, recent.WINDOW // recent.STEPS)


@pytest.mark.parametrize(
    ("newest", "first"),
    [(262_143, 0), (262_144, 131_072), (278_527, 131_072), (278_528, 147_456), (1_000_000, 868_352)],
)
def test_the_window_goes_on_in_small_steps(newest, first):
    assert recent.first(newest) == first
