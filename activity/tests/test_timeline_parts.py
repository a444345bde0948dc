"""A long timeline is read in parts: each event stands in exactly one of them, and each part costs the same."""

from datetime import timedelta

import pytest
from django.utils import timezone

from activity.factories import EntryFactory
from activity.models import ActivityLog
from activity.timeline import PAGE, Asked, Show, part_of, whole
from activity.timeline.positions import Position, position_of
from tickets.factories import CommentFactory, TicketFactory
from tickets.models import Comment

pytestmark = pytest.mark.django_db
BEGIN = timezone.now() - timedelta(days=300)


def at(minutes):
    return BEGIN + timedelta(minutes=minutes)


def changed(ticket, minutes, **values):
    return EntryFactory(
        activity_type="update",
        target_type="ticket",
        target_id=ticket.pk,
        ticket_id=ticket.pk,
        activity_date=at(minutes),
        changes={"priority": ["low", "high"]} | values,
    )


def removed(ticket, minutes, *, note):
    changes = {"is_internal": [True, None]} if note else {}
    return EntryFactory(
        activity_type="delete",
        target_type="comment",
        target_id=1,
        ticket_id=ticket.pk,
        activity_date=at(minutes),
        changes=changes,
    )


def fill(ticket, many, **values):
    """Write many comments and as many changes, in turns; the comments carry falling numbers as imported ones do."""
    Comment.objects.bulk_create(
        Comment(ticket=ticket, commented_by=ticket.requester, description="Hello", creation_date=at(minute), **values)
        for minute in reversed(range(many))
    )
    entry = changed(ticket, 0)
    entries = []
    for minute in range(1, many):
        entry.pk, entry.activity_date = None, at(minute)
        entries.append(ActivityLog(**{f.attname: getattr(entry, f.attname) for f in ActivityLog._meta.concrete_fields}))
    ActivityLog.objects.bulk_create(entries)


@pytest.fixture
def ticket(requester):
    return TicketFactory(requester=requester)


@pytest.fixture
def long_ticket(ticket):
    fill(ticket, 90)
    return ticket


def anchors(part):
    return [event.anchor for event in part.events]


def everything(ticket, actor):
    return [event.anchor for events in whole(ticket, actor) for event in events]


def read_back(ticket, actor, **asked):
    """Read a timeline from its end to its beginning."""
    part = part_of(ticket, actor, Asked(**asked))
    found = anchors(part)
    while part.earlier:
        count = part.earlier_count
        part = part_of(ticket, actor, Asked(**asked, before=part.earlier))
        assert len(part.events) == count
        found = anchors(part) + found
    return found


def test_the_newest_part_is_shown_first_and_says_how_many_come_before_it(long_ticket, agent):
    part = part_of(long_ticket, agent)
    assert len(part.events) == PAGE
    assert part.earlier_count == PAGE
    assert part.events[-1].at == at(89)
    assert not part.later


def test_going_back_shows_everything_once_in_the_order_of_its_dates(long_ticket, agent):
    found = read_back(long_ticket, agent)
    assert found == everything(long_ticket, agent)
    assert len(set(found)) == 180


def test_going_forward_shows_everything_once_too(long_ticket, agent):
    first = everything(long_ticket, agent)[0]
    part = part_of(long_ticket, agent, Asked(at=first))
    found = anchors(part)
    while part.later:
        part = part_of(long_ticket, agent, Asked(after=part.later))
        found += anchors(part)
    assert found == everything(long_ticket, agent)


def test_imported_comments_stand_where_their_dates_belong_whatever_their_numbers(ticket, agent):
    change = changed(ticket, 5)
    late = CommentFactory(ticket=ticket, creation_date=at(9))
    early = CommentFactory(ticket=ticket, creation_date=at(1))
    expected = [f"comment-{early.pk}", f"event-{change.pk}", f"comment-{late.pk}"]
    assert anchors(part_of(ticket, agent)) == expected


def test_at_the_same_moment_comments_come_first_and_each_kind_in_the_order_of_its_numbers(ticket, agent):
    changes = [changed(ticket, 1) for _ in range(PAGE)]
    comments = [CommentFactory(ticket=ticket, creation_date=at(1)) for _ in range(PAGE)]
    expected = [f"comment-{comment.pk}" for comment in comments] + [f"event-{change.pk}" for change in changes]
    assert read_back(ticket, agent) == everything(ticket, agent) == expected


def test_an_events_address_opens_the_part_that_holds_it_however_old_it_is(long_ticket, agent):
    found = everything(long_ticket, agent)
    for anchor in (found[0], found[1], found[90], found[-1]):
        part = part_of(long_ticket, agent, Asked(at=anchor))
        assert part.marked == anchor
        assert anchor in anchors(part)
        assert len(part.events) == (PAGE if anchor not in found[:2] else len(part.events))
        assert bool(part.earlier) == (found[0] not in anchors(part))
        assert bool(part.later) == (found[-1] not in anchors(part))


@pytest.mark.parametrize("anchor", ["comment-987654", "event-987654", "comment-", "x", "comment-1' OR 1", "event-²"])
def test_an_address_of_nothing_shows_the_newest_part_and_says_so(long_ticket, agent, anchor):
    part = part_of(long_ticket, agent, Asked(at=anchor))
    assert part.missing
    assert not part.marked
    assert anchors(part) == anchors(part_of(long_ticket, agent))


@pytest.mark.parametrize(
    "cursor", ["", "x", "1.2.3", "1.0", "-99999999999999999.0.1", "1.0.9999999999999999999", "\u0661.0.1"]
)
def test_a_cursor_of_nothing_shows_the_newest_part(long_ticket, agent, cursor):
    for name in ("before", "after"):
        assert anchors(part_of(long_ticket, agent, Asked(**{name: cursor}))) == anchors(part_of(long_ticket, agent))


def test_a_cursor_says_its_position_to_the_microsecond():
    position = Position(at(3).replace(microsecond=123_456), 1, 17)
    assert position_of(position.cursor) == position


def test_each_kind_can_be_read_alone(ticket, agent):
    fill(ticket, 60)
    fill(ticket, 60, is_internal=True)
    kinds = {}
    for show in Show:
        found = read_back(ticket, agent, show=show)
        kinds[show] = len(found)
        assert len(found) == len(set(found))
    assert kinds == {Show.ALL: 240, Show.CONVERSATION: 60, Show.NOTES: 60, Show.CHANGES: 120}


def test_a_requester_meets_no_note_by_any_address(ticket, requester, agent):
    note = CommentFactory(ticket=ticket, commented_by=agent, is_internal=True, creation_date=at(1))
    gone = removed(ticket, 2, note=True)
    told = removed(ticket, 3, note=False)
    assert read_back(ticket, requester) == [f"event-{told.pk}"]
    assert anchors(part_of(ticket, agent)) == [f"comment-{note.pk}", f"event-{gone.pk}", f"event-{told.pk}"]
    for hidden in (f"comment-{note.pk}", f"event-{gone.pk}"):
        part = part_of(ticket, requester, Asked(at=hidden))
        assert (part.missing, anchors(part)) == (True, [f"event-{told.pk}"])
    assert Asked.of({"show": "notes"}, requester, ticket).show == Show.ALL
    assert Asked.of({"show": "notes"}, agent, ticket).show == Show.NOTES


def test_an_entry_of_another_ticket_is_found_by_no_address_here(ticket, agent):
    other = changed(TicketFactory(), 1)
    assert part_of(ticket, agent, Asked(at=f"event-{other.pk}")).missing


def test_of_a_change_that_is_partly_the_desks_a_requester_is_told_the_rest(ticket, requester, agent):
    changed(ticket, 1, is_internal=[None, True])
    [for_requester], [for_desk] = part_of(ticket, requester).events, part_of(ticket, agent).events
    assert for_requester.sentences == ["changed the priority from Low to High"]
    assert len(for_desk.sentences) == 2


def test_the_whole_for_paper_is_the_same_for_everybody_and_without_what_is_the_desks(ticket, requester, agent):
    fill(ticket, 3)
    CommentFactory(ticket=ticket, commented_by=agent, is_internal=True)
    removed(ticket, 3, note=True)
    changed(ticket, 4, is_internal=[None, True])
    events = [event for events in whole(ticket, agent, public=True) for event in events]
    assert [event.anchor for event in events] == everything(ticket, requester)
    assert [event.kind for event in events] == ["comment", "changed"] * 3 + ["changed"]
    assert len(events[-1].sentences) == 1


@pytest.mark.parametrize(
    ("asked", "queries"), [(Asked(), 4), (Asked(show=Show.CONVERSATION), 3), (Asked(show=Show.CHANGES), 2)]
)
def test_a_page_asks_the_same_queries_whatever_lies_before_it(ticket, agent, asked, queries, django_assert_num_queries):
    fill(ticket, 200)
    with django_assert_num_queries(queries):
        part_of(ticket, agent, asked)


def test_an_events_address_costs_two_queries_more(ticket, agent, django_assert_num_queries):
    fill(ticket, 200)
    middle = everything(ticket, agent)[200]
    with django_assert_num_queries(6):
        part_of(ticket, agent, Asked(at=middle))
