"""Who else is at a ticket, and whether something new happened: cheap to ask, and nothing for requesters to learn."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.factories import UserFactory
from tickets import services
from tickets.factories import CommentFactory, TicketFactory
from tickets.merging.services import merge_tickets, split_ticket, undo_merge
from tickets.models import Ticket
from tickets.presence.models import TicketPresence
from tickets.presence.reading import SHOWN_FOR, WRITTEN_EVERY, scene_of
from tickets.presence.services import FORGOTTEN, note_present
from tms_site.lib.permissions import PermissionDeniedError
from tms_site.tests.rivals import elsewhere, rival

pytestmark = pytest.mark.django_db
# The session and its user are read before any view is asked.
WHO_ASKS = 2


@pytest.fixture
def ticket(requester):
    return TicketFactory(requester=requester)


def poll(client, ticket, *, replying=False, **headers):
    address = reverse("tickets:presence", args=[ticket.pk])
    return client.get(address, {"replying": "1"} if replying else {}, headers=headers)


def present(user, ticket, ago=timedelta(), **values):
    return TicketPresence.objects.create(ticket=ticket, user=user, seen_at=timezone.now() - ago, **values)


def test_the_desk_sees_who_replies_and_who_looks(client_for, agent, other_agent, sysadmin, ticket):
    poll(client_for(agent), ticket, replying=True)
    poll(client_for(other_agent), ticket)
    text = poll(client_for(sysadmin), ticket).json()["text"]
    assert text == "John Smith is replying. Alex Johnson is looking at this."


def test_several_are_named_together_and_nobody_is_told_of_themselves(agent, other_agent, sysadmin, ticket):
    for somebody in (agent, other_agent, sysadmin):
        present(somebody, ticket, is_replying=True)
    assert scene_of(sysadmin, ticket.pk, timezone.now()).text == "Alex Johnson and John Smith are replying."


def test_whoever_stops_typing_is_looking_again_at_once(client_for, agent, other_agent, ticket):
    client = client_for(agent)
    poll(client, ticket, replying=True)
    poll(client, ticket)
    assert poll(client_for(other_agent), ticket).json()["text"] == "John Smith is looking at this."


def test_whoever_has_left_is_forgotten(agent, other_agent, ticket):
    present(agent, ticket, SHOWN_FOR + timedelta(seconds=1))
    assert scene_of(other_agent, ticket.pk, timezone.now()).others == []


def test_who_is_at_another_ticket_is_not_here(agent, other_agent, ticket):
    present(agent, TicketFactory())
    assert scene_of(other_agent, ticket.pk, timezone.now()).others == []


def test_a_requester_neither_sees_anybody_nor_is_seen(client_for, requester, agent, ticket):
    poll(client_for(agent), ticket, replying=True)
    assert poll(client_for(requester), ticket, replying=True).json()["text"] == ""
    assert [row.user for row in TicketPresence.objects.all()] == [agent]
    with pytest.raises(PermissionDeniedError):
        note_present(actor=requester, ticket_id=ticket.pk, is_replying=True)


def test_an_unchanged_ticket_answers_304_without_a_body(client_for, agent, ticket):
    client = client_for(agent)
    first = poll(client, ticket)
    again = poll(client, ticket, **{"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    weak = poll(client, ticket, **{"If-None-Match": f"W/{first['ETag']}"})
    assert weak.status_code == 304


def test_who_comes_and_what_happens_is_told(client_for, agent, other_agent, requester, ticket):
    client = client_for(agent)

    def is_news(tag):
        answer = poll(client, ticket, **{"If-None-Match": tag})
        return answer.status_code == 200, answer["ETag"]

    tag = poll(client, ticket)["ETag"]
    present(other_agent, ticket)
    news, tag = is_news(tag)
    assert news
    services.add_comment(actor=requester, ticket_id=ticket.pk, description="More")
    news, tag = is_news(tag)
    assert news
    services.update_ticket(actor=other_agent, ticket_id=ticket.pk, changes={"priority": "high"})
    news, tag = is_news(tag)
    assert news
    assert not is_news(tag)[0]


def test_a_merge_its_undo_and_a_split_are_news(client_for, agent, other_agent, requester, ticket):
    client = client_for(agent)
    source = TicketFactory(requester=requester)
    old = CommentFactory(ticket=source)
    CommentFactory(ticket=ticket)

    def states():
        page = client.get(ticket.get_absolute_url()).context["ticket"].news
        assert poll(client, ticket).json()["news"] == page
        return page

    seen = [states()]
    [merge] = merge_tickets(actor=other_agent, target_id=ticket.pk, source_ids=[source.pk]).merges
    seen.append(states())
    undo_merge(actor=other_agent, ticket_id=ticket.pk, merge_id=merge.pk)
    seen.append(states())
    merge_tickets(actor=other_agent, target_id=ticket.pk, source_ids=[source.pk])
    seen.append(states())
    split_ticket(actor=other_agent, ticket_id=ticket.pk, comment_id=old.pk, title="Ash", description="Grey.")
    seen.append(states())
    assert len(set(seen)) == len(seen)


def test_a_note_is_news_for_the_desk_and_nothing_for_its_requester(client_for, agent, requester, ticket):
    CommentFactory(ticket=ticket)
    tags = {user: poll(client_for(user), ticket)["ETag"] for user in (agent, requester)}
    services.add_comment(actor=agent, ticket_id=ticket.pk, description="Hm", is_internal=True)
    statuses = [poll(client_for(user), ticket, **{"If-None-Match": tags[user]}).status_code for user in tags]
    assert statuses == [200, 304]


@pytest.mark.parametrize("others", [1, 3, 50])
def test_a_poll_asks_one_query_whoever_is_there(client_for, agent, ticket, others, django_assert_num_queries):
    for _number in range(others):
        present(UserFactory(agent=True), ticket)
    client = client_for(agent)
    poll(client, ticket)
    with django_assert_num_queries(WHO_ASKS + 1):
        poll(client, ticket)


def test_the_poll_of_a_requester_asks_one_query_too(client_for, requester, ticket, django_assert_num_queries):
    client = client_for(requester)
    with django_assert_num_queries(WHO_ASKS + 1):
        poll(client, ticket)


def test_presence_is_written_anew_only_when_it_changes_or_gets_old(client_for, agent, ticket):
    client = client_for(agent)
    poll(client, ticket)
    row = TicketPresence.objects.get()
    poll(client, ticket)
    assert TicketPresence.objects.get().seen_at == row.seen_at
    old = row.seen_at - WRITTEN_EVERY - timedelta(seconds=1)
    TicketPresence.objects.update(seen_at=old)
    poll(client, ticket)
    assert TicketPresence.objects.get().seen_at > old


def test_what_is_long_gone_is_cleared_away(agent, ticket):
    present(agent, TicketFactory(), FORGOTTEN + timedelta(seconds=1))
    note_present(actor=agent, ticket_id=ticket.pk, is_replying=False)
    assert [row.ticket for row in TicketPresence.objects.all()] == [ticket]


def test_nobody_is_at_a_ticket_that_is_not_there(agent):
    with pytest.raises(Ticket.DoesNotExist):
        note_present(actor=agent, ticket_id=987_654_321, is_replying=False)
    assert not TicketPresence.objects.exists()


def test_a_foreign_ticket_answers_like_a_missing_one(client_for, other_requester, ticket):
    client = client_for(other_requester)
    for name in ("presence", "news"):
        statuses = [client.get(reverse(f"tickets:{name}", args=[pk])).status_code for pk in (ticket.pk, 987_654_321)]
        assert statuses == [404, 404]


@pytest.mark.mysql
@pytest.mark.django_db(transaction=True)
def test_a_ticket_that_is_deleted_while_somebody_comes_is_not_there(client_for, agent, sysadmin, ticket):
    def delete():
        elsewhere(lambda: services.delete_ticket(actor=sysadmin, ticket_id=ticket.pk))

    client = client_for(agent)
    with rival(delete, before='INSERT INTO "tickets_ticketpresence"'):
        assert poll(client, ticket).status_code == 404
