"""Files, links and merges that can't be so are refused, and what is there already isn't brought again."""

import pytest
from django.core.management import CommandError
from django.db import connection

from accounts.factories import PASSWORD, UserFactory
from accounts.models import User
from tickets.attachments.models import Attachment
from tickets.links.models import TicketLink
from tickets.merging.models import Merge
from tickets.models import Comment, SavedView, Ticket

pytestmark = pytest.mark.django_db
JANE = {"key": "3", "email": "jane@example.com", "name": "Jane"}
TICKET = {"title": "Printer", "description": "It burns", "requester": "jane@example.com"}


@pytest.fixture
def refused(bring):
    """Import what is no good; gives the problem that is told first."""

    def run(path, *options):
        said = []
        with pytest.raises(CommandError):
            bring(path, *options, said=said)
        return next(line for line in said if not line.endswith(" is new"))

    return run


@pytest.fixture
def tickets(write, bring):
    """Tickets 7 and 8, which are resolved, and 9, which isn't; a comment on the first."""
    UserFactory(requester=True, email=JANE["email"])
    resolved = [TICKET | {"key": key, "status": "resolved"} for key in "78"]
    bring(write("tickets.csv", *resolved, TICKET | {"key": "9"}))
    bring(write("comments.csv", {"key": "1", "ticket": "7", "author": JANE["email"], "text": "Hi"}))
    return list(Ticket.objects.order_by("pk"))


@pytest.mark.parametrize(
    ("cells", "problem"),
    [
        ({"ticket": "8", "comment": "1"}, "comment: is on another ticket"),
        ({}, "ticket: is missing, and the comment too"),
    ],
)
def test_a_file_belongs_to_one_ticket(cells, problem, write, refused, tickets, tmp_path):
    (tmp_path / "report.txt").write_text("fine")
    row = {"key": "1", "name": "report.txt", "file": "report.txt"} | cells
    assert refused(write("attachments.jsonl", row)) == f"attachments.jsonl, line 1, {problem}"
    assert not Attachment.objects.exists()


def test_the_same_link_is_not_brought_again_whichever_way_round_it_is_said(write, bring, tickets):
    first, back = ({"source": one, "kind": "relates", "target": other} for one, other in (("7", "8"), ("8", "7")))
    bring(write("links.csv", first))
    assert "Nothing new" in bring(write("links.csv", back))
    bring(write("links.csv", first | {"kind": "blocks"}, back | {"kind": "blocks"}))
    assert sorted(TicketLink.objects.values_list("kind", flat=True)) == ["blocks", "blocks", "relates"]


def test_lines_of_one_file_say_the_same_link_whichever_way_round_and_by_whichever_name(write, bring, tickets):
    own = f"#{tickets[0].pk}"
    ends = ("7", "8"), ("8", "7"), (own, "8"), ("8", own)
    said = bring(write("links.csv", *({"source": one, "kind": "relates", "target": other} for one, other in ends)))
    assert "Wrote 1 links; 3 were here already." in said
    back = {"source": "8", "kind": "blocks", "target": "7"}
    assert "Wrote 2 links" in bring(write("links.csv", back, back | {"source": "7", "target": "8"}))


def test_lines_of_one_file_name_the_same_watcher_by_other_names(write, bring, tickets):
    rows = [{"ticket": name, "user": JANE["email"]} for name in ("7", f"#{tickets[0].pk}")]
    assert "Wrote 1 watchers; 1 were here already." in bring(write("watchers.csv", *rows))


def test_a_ticket_is_not_linked_to_itself(write, refused, tickets):
    row = {"source": "7", "kind": "relates", "target": f"#{tickets[0].pk}"}
    assert refused(write("links.csv", row)) == "links.csv, line 2, target: is the ticket itself"
    assert not TicketLink.objects.exists()


@pytest.mark.parametrize(
    ("source", "target", "problem"),
    [
        ("7", "7", "target: is the ticket itself"),
        ("9", "7", "source: isn't resolved, as every merged ticket is"),
        ("8", "9", "source: is merged into #{} already"),
        ("7", "8", "target: is merged into the ticket itself"),
    ],
)
def test_a_merge_that_cannot_be_is_refused(source, target, problem, write, bring, refused, tickets):
    bring(write("merges.csv", {"source": "8", "target": "7"}))
    said = refused(write("merges.csv", {"source": source, "target": target}))
    assert said == f"merges.csv, line 2, {problem.format(tickets[0].pk)}"
    assert Merge.objects.count() == 1


@pytest.mark.parametrize("options", [(), ("--batch", "1"), ("--dry-run",)])
@pytest.mark.parametrize(
    ("merges", "problem"),
    [
        (["7 8", "8 7"], "target: is merged into the ticket itself"),
        (["7 8", "8 #{0}"], "target: is merged into the ticket itself"),
        (["7 8", "8 10", "10 7"], "target: is merged into the ticket itself"),
        (["8 10", "7 8", "10 7"], "target: is merged into the ticket itself"),
        (["7 8", "7 10"], "source: is merged into #{1} already"),
        (["7 8", "#{0} 10"], "source: is merged into #{1} already"),
    ],
)
def test_merges_of_one_file_that_cannot_be_together_are_refused(
    merges, problem, options, write, bring, refused, tickets, is_whole
):
    bring(write("tickets.csv", TICKET | {"key": "10", "status": "resolved"}))
    numbers = [ticket.pk for ticket in tickets]
    pairs = [line.format(*numbers).split() for line in merges]
    path = write("merges.csv", *({"source": source, "target": target} for source, target in pairs))
    last = len(merges) + 1
    assert refused(path, *options) == f"merges.csv, line {last}, {problem.format(*numbers)}"
    is_whole()


def test_merges_of_one_file_may_lead_on(write, bring, tickets, is_whole):
    _first, second, third = tickets
    bring(write("merges.csv", {"source": "7", "target": "8"}, {"source": "8", "target": "9"}))
    assert list(Ticket.objects.order_by("pk").values_list("merged_into", flat=True)) == [second.pk, third.pk, None]
    is_whole()


def test_a_circle_of_merges_that_is_there_already_holds_up_no_import(write, bring, tickets):
    first, second, _third = tickets
    Ticket.objects.filter(pk=first.pk).update(merged_into=second)
    Ticket.objects.filter(pk=second.pk).update(merged_into=first)
    bring(write("tickets.csv", TICKET | {"key": "10", "status": "resolved"}))
    assert "Wrote 1 merges" in bring(write("merges.csv", {"source": "10", "target": "7"}))


def test_a_view_names_who_and_what_there_is(write, refused, bring, tickets):
    view = {"slug": "x", "owner": JANE["email"], "name": "Hers"}
    for filters, missing in (("requester=%3DNobody", "Nobody"), ("team=%3DJane", "Jane"), ("category=%3DX", "X")):
        said = refused(write("views.csv", view | {"parameters": filters}))
        assert said == f"views.csv, line 2, parameters: nothing here is called “{missing}”"
    bring(write("views.csv", view | {"parameters": f"requester=%3D{JANE['email']}"}))
    assert SavedView.objects.get().parameters == f"requester={tickets[0].requester_id}"


def test_nobody_gets_a_second_view_to_begin_with(write, bring, tickets):
    view = {"owner": JANE["email"], "name": "Hers", "is_default": "yes"}
    bring(write("views.csv", view | {"slug": "a"}, view | {"slug": "b"}))
    bring(write("views.csv", view | {"slug": "c"}))
    assert list(SavedView.objects.filter(is_default=True).values_list("slug", flat=True)) == ["a"]


def test_a_digest_of_a_password_is_taken_if_it_was_asked_for_and_can_be_checked(write, bring, refused, agent):
    good, bad = JANE | {"password_hash": agent.password}, JANE | {"password_hash": "secret"}
    without = "users.csv, line 2, password_hash: is only taken with --with-password-hashes"
    assert refused(write("users.csv", good)) == without
    unknown = "users.csv, line 2, password_hash: isn't a digest that this TMS can check"
    assert refused(write("users.csv", bad), "--with-password-hashes") == unknown
    assert not User.objects.filter(email=JANE["email"]).exists()
    bring(write("users.csv", good), "--with-password-hashes")
    assert User.objects.get(email=JANE["email"]).check_password(PASSWORD)


def test_where_the_database_gives_back_no_numbers_each_row_gets_its_own(write, bring, is_whole, monkeypatch):
    # As on MySQL.
    monkeypatch.setattr(type(connection.features), "can_return_rows_from_bulk_insert", False)
    bring(write("users.csv", JANE))
    bring(write("tickets.csv", *(TICKET | {"key": key} for key in "78")))
    bring(write("comments.csv", *({"key": key, "ticket": key, "author": "3", "text": key} for key in "87")))
    assert [comment.ticket_id for comment in Comment.objects.order_by("description")] == list(
        Ticket.objects.order_by("pk").values_list("pk", flat=True)
    )
    is_whole()
