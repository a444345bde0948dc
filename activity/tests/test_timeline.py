"""A ticket's timeline: comments and changes in one order, to those who may see the ticket."""

from datetime import timedelta

import pytest
from django.template import Context, Template
from django.utils import timezone

from accounts.actors import SYSTEM
from activity.timeline import part_of
from tickets import services
from tickets.enums import Status
from tickets.models import Ticket
from tms_site.tests.xss_corpus import XSS, XSS_LINKS

pytestmark = pytest.mark.django_db
LONG_AGO = timezone.now() - timedelta(days=3)


@pytest.fixture
def ticket(requester, agent):
    opened = services.create_ticket(actor=requester, title="Printer", description="It burns.", at=LONG_AGO)
    return opened.ticket


def at(minutes):
    return LONG_AGO + timedelta(minutes=minutes)


def say(actor, ticket, text, minutes):
    return services.add_comment(actor=actor, ticket_id=ticket.pk, description=text, at=at(minutes)).comment


def change(actor, ticket, minutes, **changes):
    return services.update_ticket(actor=actor, ticket_id=ticket.pk, changes=changes, at=at(minutes))


def timeline(ticket, actor):
    return part_of(ticket, actor).events


def kinds(ticket, actor=SYSTEM):
    return [event.kind for event in timeline(Ticket.objects.get(pk=ticket.pk), actor)]


def render(rf, ticket, user):
    request = rf.get("/")
    request.user = user
    template = Template("{% load activity_timeline %}{% activity_timeline ticket %}")
    return template.render(Context({"request": request, "ticket": ticket}))


def test_comments_and_changes_stand_in_the_order_of_time(ticket, requester, agent):
    change(agent, ticket, 1, status=Status.IN_PROGRESS)
    say(agent, ticket, "On my way.", 2)
    change(agent, ticket, 3, priority="high")
    say(requester, ticket, "Thanks.", 4)
    assert kinds(ticket) == ["changed", "comment", "changed", "comment"]


def test_a_comment_stands_before_the_reopening_that_it_caused(ticket, requester, agent):
    change(agent, ticket, 1, status=Status.RESOLVED)
    say(requester, ticket, "Not yet.", 2)
    assert kinds(ticket) == ["changed", "comment", "changed"]


def test_views_and_a_comments_own_entries_are_not_told(ticket, requester):
    comment = say(requester, ticket, "Hello", 1)
    services.edit_comment(actor=requester, ticket_id=ticket.pk, comment_id=comment.pk, description="Hello!")
    services.note_viewed(actor=requester, ticket=ticket)
    assert kinds(ticket) == ["comment"]


def test_a_deleted_comment_leaves_a_line(ticket, requester, sysadmin):
    comment = say(requester, ticket, "Secret", 1)
    services.delete_comment(actor=sysadmin, ticket_id=ticket.pk, comment_id=comment.pk, at=at(2))
    assert kinds(ticket) == ["removed"]


def test_that_an_agent_opened_the_ticket_for_somebody_is_told(agent, requester, rf):
    ticket = services.create_ticket(actor=agent, title="T", description="D", requester=requester).ticket
    assert kinds(ticket) == ["opened"]
    assert "opened this ticket for Jane Doe" in render(rf, ticket, agent)


def test_another_tickets_events_are_not_told(ticket, requester):
    other = services.create_ticket(actor=requester, title="Other", description="D").ticket
    say(requester, other, "There", 1)
    assert kinds(ticket) == []


def test_only_its_author_and_sysadmins_get_the_link_to_edit_and_only_sysadmins_that_to_delete(
    ticket, requester, agent, other_agent, sysadmin
):
    say(agent, ticket, "Hello", 1)
    rights = {
        actor.username: (event.may_edit, event.may_delete)
        for actor in (requester, agent, other_agent, sysadmin)
        for event in timeline(ticket, actor)
    }
    assert rights == {
        "Jane Doe": (False, False),
        "John Smith": (True, False),
        "Alex Johnson": (False, False),
        "Admin": (True, True),
    }


def test_the_tag_shows_cards_with_role_and_markdown_and_lines_with_old_and_new_values(ticket, agent, rf):
    comment = say(agent, ticket, "**Soon**", 1)
    change(agent, ticket, 2, status=Status.IN_PROGRESS)
    html = render(rf, ticket, agent)
    assert f'id="comment-{comment.pk}"' in html
    assert "<strong>Soon</strong>" in html
    assert "Helpdesk Agent" in html
    assert "changed the status from Open to In progress" in html
    assert f"/tickets/{ticket.pk}/comments/{comment.pk}/edit/" in html
    assert f"/tickets/{ticket.pk}/comments/{comment.pk}/delete/" not in html
    assert "edited" not in html


def test_an_edited_comment_says_so(ticket, agent, rf):
    comment = say(agent, ticket, "Son", 1)
    services.edit_comment(actor=agent, ticket_id=ticket.pk, comment_id=comment.pk, description="Soon")
    assert "edited" in render(rf, ticket, agent)


def test_every_entry_of_the_timeline_has_an_address_of_its_own(ticket, requester, agent):
    for minute in range(3):
        say(requester, ticket, "Hello", minute)
        change(agent, ticket, minute, title=f"Printer {minute}")
    anchors = [event.anchor for event in timeline(ticket, agent)]
    assert len(set(anchors)) == len(anchors) == 6


def test_stored_text_is_inert(ticket, requester, agent, rf):
    for text in (*XSS, *XSS_LINKS):
        say(requester, ticket, f"x {text}", 1)
        change(agent, ticket, 2, title=f"x {text}"[:255])
    html = render(rf, ticket, agent).lower()
    for tag in ("<script", "<img", "<iframe", "<object", "<embed", "<style", "<form", "<svg on", "<math", "<base"):
        assert tag not in html
    assert '<a href="javascript' not in html


@pytest.mark.parametrize("count", [1, 3, 50])
def test_the_timeline_asks_four_queries_whatever_its_length(
    ticket, requester, agent, rf, count, django_assert_num_queries
):
    for minute in range(count):
        say(requester, ticket, f"Hello {minute}", minute)
        change(agent, ticket, minute, title=f"Printer {minute}")
    fresh = Ticket.objects.with_people().get(pk=ticket.pk)
    with django_assert_num_queries(4):
        render(rf, fresh, agent)
