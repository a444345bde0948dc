"""The index follows every change in its transaction, can be made again, and check_integrity proves it."""

import io

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.actors import SYSTEM
from tickets import services
from tickets.factories import CommentFactory, TicketFactory
from tickets.models import Comment, SearchDocument, Ticket
from tickets.search import documents, rebuild
from tickets.search.tests.conftest import assert_whole, terms_of
from tms_site.lib import batches
from tms_site.tests.statements import longest_insert

pytestmark = pytest.mark.django_db


def test_a_new_ticket_is_indexed(printer, requester):
    assert terms_of(printer) == f" zzprinter zzsmoke ttprinter rq{requester.pk} "
    assert_whole()


def test_a_changed_ticket_is_indexed_again(printer, agent, search):
    services.update_ticket(actor=agent, ticket_id=printer.pk, changes={"title": "Scanner", "description": "Dust"})
    assert search("scanner dust", agent) == ["Scanner"]
    assert search("printer", agent) == []
    assert_whole()


def test_a_change_of_nothing_that_is_searched_writes_no_document(printer, agent):
    SearchDocument.objects.update(terms=" untouched ")
    services.update_ticket(actor=agent, ticket_id=printer.pk, changes={"priority": "low"})
    assert terms_of(printer) == " untouched "


def test_comments_are_indexed_changed_and_forgotten(printer, requester, sysadmin, search):
    comment = services.add_comment(actor=requester, ticket_id=printer.pk, description="Toner").comment
    assert search("toner", requester) == ["Printer"]
    services.edit_comment(actor=requester, ticket_id=printer.pk, comment_id=comment.pk, description="Paper")
    assert (search("toner", requester), search("paper", requester)) == ([], ["Printer"])
    assert_whole()
    services.delete_comment(actor=sysadmin, ticket_id=printer.pk, comment_id=comment.pk)
    assert search("paper", requester) == []
    assert_whole()


def test_a_deleted_ticket_is_forgotten(printer, sysadmin):
    services.delete_ticket(actor=sysadmin, ticket_id=printer.pk)
    assert not SearchDocument.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_change_that_rolls_back_leaves_the_index_as_it_was(printer, requester, agent, search, always_fulltext):
    before = terms_of(printer)

    @transaction.atomic
    def change_and_fail():
        services.add_comment(actor=requester, ticket_id=printer.pk, description="Toner")
        services.create_ticket(actor=requester, title="Second", description="x")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        change_and_fail()
    assert terms_of(printer) == before
    assert SearchDocument.objects.count() == 1
    assert (search("toner", agent), search("second", agent), search("printer", agent)) == ([], [], ["Printer"])


def test_a_very_long_conversation_is_indexed_up_to_a_limit(requester, monkeypatch, agent, search):
    monkeypatch.setattr(documents, "TEXT_MAX", 30)
    ticket = TicketFactory(title="Long", description="begin " + "x" * 30 + " end")
    CommentFactory(ticket=ticket, description="comment")
    assert search("begin", agent) == ["Long"]
    assert search("end", agent) == search("comment", agent) == []


@pytest.mark.parametrize("sign", ["一", "é ", "\N{ARABIC LIGATURE SALLALLAHOU ALAYHE WASALLAM}", "\N{SQUARE APAATO}"])
def test_a_document_is_never_too_long_for_a_statement(sign):
    texts = [sign * documents.TEXT_MAX]
    assert len(documents.document(requester=1, title="Long", texts=texts)) < 14 * documents.TEXT_MAX


def test_long_documents_are_made_again_in_statements_that_a_server_takes(monkeypatch):
    monkeypatch.setattr(batches, "WRITTEN_AT_ONCE", 4_000)
    TicketFactory.create_batch(9, description="x" * 70 + " y" * 400)
    SearchDocument.objects.all().delete()
    with CaptureQueriesContext(connection) as queries:
        list(rebuild.rebuild())
    assert 1_000 < longest_insert(queries, SearchDocument) < 8_000
    assert_whole()


@pytest.fixture
def damaged(requester):
    """Five tickets: missing, outdated, outdated by a comment, right, and one whose document is left over."""
    tickets = TicketFactory.create_batch(5, requester=requester)
    SearchDocument.objects.filter(pk=tickets[0].pk).delete()
    Ticket.objects.filter(pk=tickets[1].pk).update(title="Changed behind TMS's back")
    Comment.objects.bulk_create([Comment(ticket=tickets[2], commented_by=requester, description="Unseen")])
    Ticket.objects.filter(pk=tickets[4].pk).delete()
    documents.store({tickets[4].pk: " zzghost "})
    return tickets


def test_check_integrity_names_what_a_search_would_not_find(damaged):
    out = io.StringIO()
    with pytest.raises(CommandError):
        call_command("check_integrity", stdout=out)
    lines = [line for line in out.getvalue().splitlines() if "search index" in line and "Checking" not in line]
    assert lines == [
        f"Ticket #{damaged[0].pk} isn't in the search index",
        f"Ticket #{damaged[1].pk} isn't in the search index as it is now",
        f"Ticket #{damaged[2].pk} isn't in the search index as it is now",
        f"Ticket #{damaged[4].pk} is in the search index, but doesn't exist",
    ]


@pytest.mark.parametrize("batch", [1, 2, 500])
def test_the_index_can_be_made_again(damaged, agent, search, monkeypatch, batch):
    monkeypatch.setattr(rebuild, "BATCH", batch)
    untouched = terms_of(damaged[3])
    out = io.StringIO()
    call_command("rebuild_search_index", stdout=out)
    assert_whole()
    assert terms_of(damaged[3]) == untouched
    assert search("unseen", agent) == [damaged[2].title]
    assert "4 tickets looked at" in out.getvalue()


def test_a_document_left_over_between_others_is_removed(requester):
    first, middle, last = TicketFactory.create_batch(3)
    Ticket.objects.filter(pk=middle.pk).delete()
    documents.store({middle.pk: " zzghost "})
    list(rebuild.rebuild())
    assert set(SearchDocument.objects.values_list("pk", flat=True)) == {first.pk, last.pk}


def test_a_rebuild_goes_on_where_it_stopped(damaged):
    list(rebuild.rebuild(after=damaged[0].pk))
    assert not SearchDocument.objects.filter(pk=damaged[0].pk).exists()
    list(rebuild.rebuild())
    assert_whole()


def test_a_rebuild_says_how_far_it_is(monkeypatch):
    TicketFactory.create_batch(3)
    monkeypatch.setattr("tickets.management.commands.rebuild_search_index.EVERY", 2)
    monkeypatch.setattr(rebuild, "BATCH", 1)
    out = io.StringIO()
    call_command("rebuild_search_index", stdout=out)
    assert "2 of 3 tickets" in out.getvalue()


def test_a_release_of_tickets_leaves_documents_alone(printer, agent):
    services.update_ticket(actor=agent, ticket_id=printer.pk, changes={"assigned_agent": agent})
    services.release_tickets(actor=SYSTEM, user=agent, resolved_too=False)
    assert_whole()


@pytest.mark.skipif(connection.vendor == "mysql", reason="there is no statement that breaks InnoDB's index at will")
@pytest.mark.django_db(transaction=True)
def test_check_integrity_notices_a_full_text_index_that_finds_nothing(requester):
    ticket = TicketFactory()
    assert_whole()
    tell_index("delete-all")
    lines = [line for _tickets, lines in rebuild.check() for line in lines]
    tell_index("rebuild")
    assert lines == [f"Ticket #{ticket.pk} {rebuild.NOT_FOUND}"]


def tell_index(command):
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO tickets_searchdocument_fts(tickets_searchdocument_fts) VALUES (%s)", [command])
