"""Comments that came or went in the midst of a page that's open: the page is told, and can show them."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from tickets import services
from tickets.factories import CommentFactory, TicketFactory
from tickets.merging.services import merge_tickets, split_ticket, undo_merge

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
NOTICE = "Comments above have come or gone"


def comment(ticket, minutes_ago, **values):
    return CommentFactory(ticket=ticket, creation_date=timezone.now() - timedelta(minutes=minutes_ago), **values)


@pytest.fixture
def ticket(requester, other_agent):
    """With a comment of 9 minutes ago, a note of 7, and another comment of 5."""
    ticket = TicketFactory(requester=requester)
    comment(ticket, 9)
    comment(ticket, 7, is_internal=True, commented_by=other_agent)
    comment(ticket, 5)
    return ticket


def places(html):
    """Return the places of the entries of a page."""
    return [part.partition('"')[0] for part in html.split('data-at="')[1:]]


def shown_on(client, ticket, comments=3, notes=1, first=""):
    """Return what the script of a page says that it shows."""
    last = places(client.get(ticket.get_absolute_url()).content.decode())[-1]
    return {"after": last, "shown": f"{first}~{last}~{comments}~{notes}"}


def news(client, ticket, shown):
    return client.get(reverse("tickets:news", args=[ticket.pk]), shown, headers=HTMX).content.decode()


def merge(agent, ticket, minutes_ago):
    """Merge a ticket with a comment of then; returns the merge."""
    other = TicketFactory(requester=ticket.requester)
    comment(other, minutes_ago)
    return merge_tickets(actor=agent, target_id=ticket.pk, source_ids=[other.pk], of_others=True).merges[0]


def test_while_nothing_but_new_entries_come_nothing_is_said(client_for, agent, other_agent, ticket):
    client = client_for(agent)
    shown = shown_on(client, ticket)
    services.add_comment(actor=other_agent, ticket_id=ticket.pk, description="New.")
    services.add_comment(actor=other_agent, ticket_id=ticket.pk, description="Psst.", is_internal=True)
    html = news(client, ticket, shown)
    assert "New." in html
    assert NOTICE not in html


def test_what_a_merge_brings_among_the_others_is_told_with_a_link_that_shows_it(client_for, agent, other_agent, ticket):
    client = client_for(agent)
    shown = shown_on(client, ticket)
    made = merge(other_agent, ticket, 8)
    html = news(client, ticket, shown)
    assert NOTICE in html
    assert f'href="{ticket.get_absolute_url()}" hx-get="{reverse("tickets:news", args=[ticket.pk])}"' in html
    undo_merge(actor=other_agent, ticket_id=ticket.pk, merge_id=made.pk)
    assert NOTICE not in news(client, ticket, shown)


def test_the_link_loads_the_thread_anew_and_counts_as_seen(client_for, agent, other_agent, ticket):
    client = client_for(agent)
    before = client.get(ticket.get_absolute_url()).context["comment_form"]["seen"].value()
    merge(other_agent, ticket, 8)
    response = client.get(reverse("tickets:news", args=[ticket.pk]), headers=HTMX)
    html = response.content.decode()
    assert len(places(html)) >= 4
    assert NOTICE not in html
    seen = response.context["comment_form"]["seen"].value()
    assert seen != before
    assert f'id="comment_seen" value="{seen}" hx-swap-oob="true"' in html


def test_what_was_split_off_is_told(client_for, agent, other_agent, ticket):
    client = client_for(agent)
    shown = shown_on(client, ticket)
    last = ticket.comments.order_by("creation_date").last()
    split_ticket(actor=other_agent, ticket_id=ticket.pk, comment_id=last.pk, title="Two", description="Split")
    assert NOTICE in news(client, ticket, shown)


@pytest.mark.parametrize("persona", ["agent", "requester"])
def test_a_note_that_was_made_public_is_told_to_both_sides(request, client_for, ticket, persona):
    client = client_for(request.getfixturevalue(persona))
    shown = shown_on(client, ticket, *((3, 1) if persona == "agent" else (2, 0)))
    assert NOTICE not in news(client, ticket, shown)
    note = ticket.comments.get(is_internal=True)
    services.publish_note(actor=note.commented_by, ticket_id=ticket.pk, comment_id=note.pk)
    assert NOTICE in news(client, ticket, shown)


@pytest.mark.parametrize(("show", "comments", "notes"), [("conversation", 2, 0), ("notes", 1, 1), ("changes", 0, 0)])
def test_a_page_of_one_kind_is_told_of_that_kind(client_for, agent, other_agent, ticket, show, comments, notes):
    client = client_for(agent)
    shown = shown_on(client, ticket, comments, notes) | {"show": show}
    assert NOTICE not in news(client, ticket, shown)
    merge(other_agent, ticket, 8)
    assert (NOTICE in news(client, ticket, shown)) == (show == "conversation")


def test_what_comes_before_the_part_that_a_page_shows_is_not_told(client_for, agent, other_agent, ticket):
    client = client_for(agent)
    second = places(client.get(ticket.get_absolute_url()).content.decode())[-2]
    shown = shown_on(client, ticket, 2, 1, first=second)
    merge(other_agent, ticket, 8)
    assert NOTICE not in news(client, ticket, shown)
    merge(other_agent, ticket, 6)
    assert NOTICE in news(client, ticket, shown)


@pytest.mark.parametrize("persona", ["agent", "requester"])
def test_what_one_does_on_the_page_oneself_is_no_news(request, client_for, ticket, persona):
    client = client_for(request.getfixturevalue(persona))
    shown = shown_on(client, ticket, *((3, 1) if persona == "agent" else (2, 0)))
    for kind in ("reply", "note") if persona == "agent" else ("reply",):
        values = {"description": "Mine.", "kind": kind, "client_token": kind}
        answer = client.post(reverse("tickets:comment_add", args=[ticket.pk]), values | shown, headers=HTMX)
        assert "Mine." in answer.content.decode()
        assert NOTICE not in answer.content.decode()
        assert NOTICE not in news(client, ticket, shown)


def test_a_note_that_one_makes_public_oneself_is_shown_as_it_is_then(client_for, other_agent, ticket):
    client = client_for(other_agent)
    note = ticket.comments.get(is_internal=True)
    client.post(reverse("tickets:comment_publish", args=[ticket.pk, note.pk]), {"client_token": "one"})
    assert ticket.comments.filter(is_internal=True).count() == 0
    assert NOTICE not in news(client, ticket, shown_on(client, ticket, 3, 0))


@pytest.mark.parametrize("shown", ["", "x", "~~1~1", "~1.0.1~1", "~1.2.3~1~1", f"~{'9' * 18}.0.1~1~1", "~1.0.1~x~1"])
def test_what_names_nothing_differs_from_nothing(client_for, agent, ticket, shown):
    client = client_for(agent)
    assert NOTICE not in news(client, ticket, shown_on(client, ticket) | {"shown": shown})
