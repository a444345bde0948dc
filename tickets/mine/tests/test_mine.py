"""A requester's own page: what needs an answer first, what goes on, what is done; and nobody else's tickets."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from activity.models import ActivityLog
from tickets import services
from tickets.enums import Status
from tickets.factories import CommentFactory, TicketFactory
from tickets.models import Comment, Ticket
from tickets.navigation import OF_THE_DESK
from tickets.ratings.services import rate_ticket

pytestmark = pytest.mark.django_db
MINE = reverse("tickets:mine")


def page(client):
    response = client.get(MINE)
    assert response.status_code == 200
    return response.context["mine"], response.content.decode()


def numbers(cards):
    return [card.ticket.pk for card in cards]


def resolved(**fields):
    return TicketFactory(status=Status.RESOLVED, resolution_date=timezone.now() - timedelta(days=1), **fields)


def test_requesters_land_here_and_the_desk_at_its_tickets(client_for, requester, agent):
    assert client_for(requester).get("/")["Location"] == MINE
    assert client_for(agent).get("/")["Location"] == OF_THE_DESK[0].url


def test_tickets_stand_in_the_order_in_which_they_matter(client_for, requester, other_requester):
    going_on = [TicketFactory(requester=requester, status=status) for status in (Status.OPEN, Status.IN_PROGRESS)]
    waiting = TicketFactory(requester=requester, status=Status.WAITING)
    done = resolved(requester=requester)
    TicketFactory(requester=other_requester, title="Of Michael")
    mine, html = page(client_for(requester))
    assert numbers(mine.waiting) == [waiting.pk]
    assert numbers(mine.going_on) == [ticket.pk for ticket in reversed(going_on)]
    assert numbers(mine.resolved) == [done.pk]
    assert "Of Michael" not in html
    assert html.index("Waiting for your answer") < html.index("Going on") < html.index("Resolved lately")


def test_the_desks_last_answer_stands_at_what_waits_and_never_a_note(client_for, requester, agent):
    ticket = TicketFactory(requester=requester, status=Status.WAITING)
    CommentFactory(ticket=ticket, commented_by=agent, description="An older question")
    CommentFactory(ticket=ticket, commented_by=agent, description="Which <b>room</b> is it?")
    CommentFactory(ticket=ticket, commented_by=requester, description="My own words")
    CommentFactory(ticket=ticket, commented_by=agent, description="Difficult customer", is_internal=True)
    mine, html = page(client_for(requester))
    assert mine.waiting[0].answer.description == "Which <b>room</b> is it?"
    assert "Which &lt;b&gt;room&lt;/b&gt; is it?" in html
    Comment.objects.filter(description__startswith="Which").update(
        description="- **Which** room & [floor](https://x.example)?"
    )
    assert "Which room &amp; floor?" in page(client_for(requester))[1]
    assert "Difficult customer" not in html
    assert f'href="{ticket.get_absolute_url()}#composer"' in html


@pytest.mark.parametrize(
    ("status", "assigned", "words"),
    [
        ("open", False, "The helpdesk has it and will take it up;"),
        ("open", True, "John Smith has it and will take it up"),
        ("in_progress", False, "The helpdesk is working on it."),
        ("in_progress", True, "John Smith is working on it."),
        ("waiting", True, "The helpdesk is waiting for your answer."),
    ],
)
def test_what_happens_next_is_said_in_plain_words_here_and_on_the_ticket(
    client_for, requester, agent, status, assigned, words
):
    ticket = TicketFactory(requester=requester, status=status, assigned_agent=agent if assigned else None)
    assert words in page(client_for(requester))[1]
    assert words in client_for(requester).get(ticket.get_absolute_url()).content.decode()
    assert words not in client_for(agent).get(ticket.get_absolute_url()).content.decode()


def test_a_resolved_ticket_can_be_rated_and_says_until_when_it_is_reopened(client_for, requester, settings):
    settings.REOPEN_DAYS = 14
    ticket = resolved(requester=requester)
    client = client_for(requester)
    mine, html = page(client)
    assert mine.resolved[0].may_rate
    assert reverse("tickets:rate", args=[ticket.pk]) in html
    assert "Still not right? A comment until" in html
    rate_ticket(actor=requester, ticket_id=ticket.pk, value="good")
    mine, html = page(client)
    assert (mine.resolved[0].may_rate, mine.resolved[0].rating.value) == (False, "good")
    Ticket.objects.update(resolution_date=timezone.now() - timedelta(days=15))
    assert "Still not right? A comment until" not in page(client)[1]


def test_somebody_new_is_told_what_belongs_here(client_for, requester):
    mine, html = page(client_for(requester))
    assert mine.is_empty
    assert "asked anything yet" in html
    assert reverse("tickets:create") in html


def test_when_all_is_resolved_the_page_says_so(client_for, requester):
    resolved(requester=requester)
    assert "everything that you have asked is resolved" in page(client_for(requester))[1]


def test_an_agents_page_holds_what_they_asked_for_themselves(client_for, agent, requester):
    own = TicketFactory(requester=agent)
    TicketFactory(requester=requester, assigned_agent=agent)
    assert numbers(page(client_for(agent))[0].going_on) == [own.pk]


def test_a_new_ticket_is_answered_with_its_number_and_what_happens_next(client_for, requester):
    data = {"title": "Projector is dead", "description": "No light.", "priority": "low"}
    response = client_for(requester).post(reverse("tickets:create"), data, follow=True)
    html = response.content.decode()
    assert f"Your ticket is #{Ticket.objects.get().pk}." in html
    assert "The helpdesk has it and will take it up" in html


def test_looking_is_noted_in_the_log_like_any_list(client_for, requester):
    page(client_for(requester))
    assert ActivityLog.objects.filter(user=requester, target_type="tickets").count() == 1


@pytest.mark.parametrize("rows", [1, 3, 50])
def test_the_page_takes_as_many_queries_however_much_there_is(
    client_for, requester, agent, rows, django_assert_num_queries
):
    for _number in range(rows):
        for status in (Status.OPEN, Status.WAITING):
            ticket = TicketFactory(requester=requester, status=status, assigned_agent=agent)
            CommentFactory(ticket=ticket, commented_by=agent)
        ticket = resolved(requester=requester, assigned_agent=agent)
        rate_ticket(actor=requester, ticket_id=ticket.pk, value="good")
    client = client_for(requester)
    page(client)
    # Session, visitor, the log, three kinds of tickets, their people, the last answers, and the rail's views.
    with django_assert_num_queries(9):
        mine, html = page(client)
    shown = len(mine.waiting), len(mine.going_on), len(mine.resolved)
    assert shown == (min(rows, 20), min(rows, 20), min(rows, 5))
    assert ("See all that is open" in html) == (rows > 20)


def test_the_page_shows_no_description(client_for, requester):
    made = services.create_ticket(actor=requester, title="Printer", description="Whole story", priority="low").ticket
    html = page(client_for(requester))[1]
    assert made.title in html
    assert "Whole story" not in html
