"""Linking tickets."""

import pytest

from activity.models import ActivityLog
from tickets import services
from tickets.factories import TicketFactory
from tickets.links.kinds import OFFERED, LinkKind, Relation
from tickets.links.models import TicketLink
from tickets.links.reading import links_of
from tickets.links.services import LINKS_MAX, add_link, remove_link
from tickets.models import Ticket
from tickets.trash.services import restore_ticket
from tms_site.lib.errors import ServiceError
from tms_site.lib.permissions import PermissionDeniedError
from tms_site.tests.integrity import findings

pytestmark = pytest.mark.django_db

BLOCKS, BLOCKED = Relation(LinkKind.BLOCKS), Relation(LinkKind.BLOCKS, forward=False)
RELATES = Relation(LinkKind.RELATES)


def link(actor, ticket, relation, other):
    return add_link(actor=actor, ticket_id=ticket.pk, relation=relation, other_id=other.pk)


def words(ticket, actor):
    return [(str(shown.label), shown.other.pk) for shown in links_of(ticket, actor)]


@pytest.mark.parametrize(
    ("relation", "there", "back"),
    [
        ("relates", "relates to", "relates to"),
        ("duplicate", "is a duplicate of", "has the duplicate"),
        ("duplicate_inverse", "has the duplicate", "is a duplicate of"),
        ("blocks", "blocks", "is blocked by"),
        ("blocks_inverse", "is blocked by", "blocks"),
    ],
)
def test_a_link_reads_rightly_from_both_ends(agent, ticket, other, relation, there, back):
    (chosen,) = [each for each in OFFERED if each.key == relation]
    link(agent, ticket, chosen, other)
    assert words(ticket, agent) == [(there, other.pk)]
    assert words(other, agent) == [(back, ticket.pk)]


@pytest.mark.parametrize(("first", "again"), [(BLOCKS, BLOCKS), (RELATES, RELATES)])
def test_the_same_link_again_is_no_second_one(agent, ticket, other, first, again):
    assert link(agent, ticket, first, other).created
    entries = ActivityLog.objects.count()
    assert not link(agent, ticket, again, other).created
    if first is RELATES:
        assert not link(agent, other, again, ticket).created
    assert TicketLink.objects.count() == 1
    assert ActivityLog.objects.count() == entries


def test_a_link_that_says_the_opposite_is_refused(agent, ticket, other):
    link(agent, ticket, BLOCKS, other)
    with pytest.raises(ServiceError, match="the other way round"):
        link(agent, ticket, BLOCKED, other)
    assert link(agent, ticket, RELATES, other).created


def test_a_ticket_is_not_linked_to_itself_or_to_nothing(agent, ticket):
    with pytest.raises(ServiceError, match="the ticket itself"):
        link(agent, ticket, RELATES, ticket)
    with pytest.raises(ServiceError, match="There is no ticket with this number"):
        add_link(actor=agent, ticket_id=ticket.pk, relation=RELATES, other_id=987_654)


def test_there_is_an_end_to_links(agent, ticket):
    for each in TicketFactory.create_batch(LINKS_MAX):
        TicketLink.objects.create(source=ticket, target=each, kind=LinkKind.BLOCKS)
    with pytest.raises(ServiceError, match="no room for more"):
        link(agent, TicketFactory(), RELATES, ticket)


def test_requesters_link_nothing_and_foreign_tickets_are_not_there(requester, ticket, other, agent):
    with pytest.raises(PermissionDeniedError):
        link(requester, ticket, RELATES, other)
    with pytest.raises(Ticket.DoesNotExist):
        link(requester, other, RELATES, ticket)
    made = link(agent, ticket, RELATES, other).link
    with pytest.raises(PermissionDeniedError):
        remove_link(actor=requester, ticket_id=ticket.pk, link_id=made.pk)
    with pytest.raises(Ticket.DoesNotExist):
        remove_link(actor=requester, ticket_id=other.pk, link_id=made.pk)
    assert TicketLink.objects.get() == made


def test_a_requester_sees_links_to_tickets_that_they_may_see_only(requester, agent, ticket, other):
    own = TicketFactory(requester=requester)
    link(agent, ticket, BLOCKS, other)
    link(agent, ticket, RELATES, own)
    assert words(ticket, requester) == [("relates to", own.pk)]


def test_a_link_is_removed_from_either_end_but_not_from_elsewhere(agent, ticket, other):
    made = link(agent, ticket, BLOCKS, other).link
    with pytest.raises(TicketLink.DoesNotExist):
        remove_link(actor=agent, ticket_id=TicketFactory().pk, link_id=made.pk)
    remove_link(actor=agent, ticket_id=other.pk, link_id=made.pk)
    assert not TicketLink.objects.exists()


def test_one_entry_tells_the_timelines_of_both(agent, ticket, other):
    last = ActivityLog.objects.latest("pk").pk
    made = link(agent, ticket, BLOCKS, other).link
    remove_link(actor=agent, ticket_id=other.pk, link_id=made.pk)
    entries = ActivityLog.objects.filter(pk__gt=last).order_by("pk")
    said = f"#{ticket.pk} blocks #{other.pk}"
    assert [entry.details for entry in entries] == [f"Linked tickets: {said}.", f"Removed the link: {said}."]
    assert {(entry.ticket_id, entry.other_ticket_id) for entry in entries} == {(ticket.pk, other.pk)}


def test_links_leave_tickets_otherwise_as_they_were(agent, ticket, other):
    before = list(Ticket.objects.order_by("pk").values())
    link(agent, ticket, BLOCKS, other)
    assert list(Ticket.objects.order_by("pk").values()) == before
    assert findings() == []


def test_a_link_between_two_deleted_tickets_comes_back_with_the_second(sysadmin, ticket, other):
    link(sysadmin, ticket, BLOCKS, other)
    for each in (ticket, other):
        services.delete_ticket(actor=sysadmin, ticket_id=each.pk)
    restore_ticket(actor=sysadmin, ticket_id=ticket.pk)
    assert not TicketLink.objects.exists()
    restore_ticket(actor=sysadmin, ticket_id=other.pk)
    assert words(ticket, sysadmin) == [("blocks", other.pk)]
    assert findings() == []


def test_a_link_to_a_ticket_that_is_gone_stays_away(sysadmin, ticket, other):
    link(sysadmin, ticket, BLOCKS, other)
    services.delete_ticket(actor=sysadmin, ticket_id=ticket.pk)
    Ticket.objects.get(pk=other.pk).delete()
    restore_ticket(actor=sysadmin, ticket_id=ticket.pk)
    assert not TicketLink.objects.exists()
