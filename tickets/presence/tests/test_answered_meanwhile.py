"""A reply stops when somebody answered meanwhile: their text is shown, mine is kept, and I may send it anyway."""

import pytest
from django.urls import reverse

from tickets import services
from tickets.factories import CommentFactory, TicketFactory
from tickets.merging.services import merge_tickets, undo_merge
from tickets.models import Comment

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def ticket(requester):
    ticket = TicketFactory(requester=requester)
    CommentFactory(ticket=ticket)
    return ticket


def form_of(client, ticket):
    """Return what the page's form would send, before anything is typed."""
    form = client.get(ticket.get_absolute_url()).context["comment_form"]
    return {name: form[name].value() for name in ("client_token", "seen") if name in form.fields}


def send(client, ticket, form, text="Mine.", **values):
    sent = form | {"description": text} | values
    headers = sent.pop("headers", {})
    return client.post(reverse("tickets:comment_add", args=[ticket.pk]), sent, headers=headers)


def texts(ticket):
    return list(Comment.objects.filter(ticket=ticket).order_by("pk").values_list("description", flat=True))[1:]


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_colleagues_answer_stops_mine_and_both_are_shown(client_for, agent, other_agent, ticket, headers):
    client = client_for(agent)
    form = form_of(client, ticket)
    services.add_comment(actor=other_agent, ticket_id=ticket.pk, description="Theirs.")
    response = send(client, ticket, form, headers=headers)
    html = response.content.decode()
    assert response.status_code == 409
    assert texts(ticket) == ["Theirs."]
    for words in ("Theirs.", "Mine.", "Send anyway", "Somebody answered while you were typing"):
        assert words in html


def test_sent_once_more_it_arrives(client_for, agent, other_agent, ticket):
    client = client_for(agent)
    form = form_of(client, ticket)
    services.add_comment(actor=other_agent, ticket_id=ticket.pk, description="Theirs.")
    shown = send(client, ticket, form).context["comment_form"]
    again = {name: shown[name].value() for name in ("client_token", "seen")}
    assert send(client, ticket, again).status_code == 302
    assert texts(ticket) == ["Theirs.", "Mine."]


def test_another_answer_between_the_two_stops_it_again(client_for, agent, other_agent, ticket):
    client = client_for(agent)
    form = form_of(client, ticket)
    services.add_comment(actor=other_agent, ticket_id=ticket.pk, description="One.")
    shown = send(client, ticket, form).context["comment_form"]
    services.add_comment(actor=other_agent, ticket_id=ticket.pk, description="Two.")
    response = send(client, ticket, {name: shown[name].value() for name in ("client_token", "seen")})
    assert response.status_code == 409
    assert [comment.description for comment in response.context["comment_form"].answers] == ["Two."]


def test_the_requesters_own_words_meanwhile_stop_the_desk_too(client_for, agent, requester, ticket):
    client = client_for(agent)
    form = form_of(client, ticket)
    services.add_comment(actor=requester, ticket_id=ticket.pk, description="It works again!")
    assert send(client, ticket, form).status_code == 409


def test_a_requester_is_never_stopped(client_for, agent, requester, ticket):
    client = client_for(requester)
    form = form_of(client, ticket)
    assert "seen" not in form
    services.add_comment(actor=agent, ticket_id=ticket.pk, description="Theirs.")
    assert send(client, ticket, form, seen="0").status_code == 302


def test_notes_stop_no_reply_and_no_note_is_stopped(client_for, agent, other_agent, ticket):
    client = client_for(agent)
    form = form_of(client, ticket)
    services.add_comment(actor=other_agent, ticket_id=ticket.pk, description="Psst.", is_internal=True)
    assert send(client, ticket, form).status_code == 302
    form = form_of(client, ticket)
    services.add_comment(actor=other_agent, ticket_id=ticket.pk, description="Theirs.")
    assert send(client, ticket, form, kind="note").status_code == 302


def test_a_note_that_came_with_an_answer_is_shown_beside_it(client_for, agent, other_agent, ticket):
    client = client_for(agent)
    form = form_of(client, ticket)
    services.add_comment(actor=other_agent, ticket_id=ticket.pk, description="Psst.", is_internal=True)
    services.add_comment(actor=other_agent, ticket_id=ticket.pk, description="Theirs.")
    answers = send(client, ticket, form).context["comment_form"].answers
    assert [comment.description for comment in answers] == ["Psst.", "Theirs."]


def test_ones_own_comment_from_another_tab_stops_nothing(client_for, agent, ticket):
    client = client_for(agent)
    form = form_of(client, ticket)
    services.add_comment(actor=agent, ticket_id=ticket.pk, description="Mine too.")
    assert send(client, ticket, form).status_code == 302


@pytest.fixture
def answered(other_agent, requester, ticket):
    """Another ticket, whose answer is older than the newest comment of the first one."""
    other = TicketFactory(requester=requester)
    services.add_comment(actor=other_agent, ticket_id=other.pk, description="Theirs, before.")
    CommentFactory(ticket=ticket)
    return other


def merge(actor, ticket, *others):
    numbers = [other.pk for other in others]
    return merge_tickets(actor=actor, target_id=ticket.pk, source_ids=numbers, of_others=True).merges


def test_an_answer_that_a_merge_has_brought_stops_mine_once(client_for, agent, other_agent, ticket, answered):
    client = client_for(agent)
    form = form_of(client, ticket)
    merge(other_agent, ticket, answered)
    refused = send(client, ticket, form)
    assert refused.status_code == 409
    shown = refused.context["comment_form"]
    assert [comment.description for comment in shown.answers] == ["Theirs, before."]
    again = {name: shown[name].value() for name in ("client_token", "seen")}
    assert send(client, ticket, again).status_code == 302


def test_what_was_merged_before_the_page_was_made_stops_nothing(client_for, agent, other_agent, ticket, answered):
    merge(other_agent, ticket, answered)
    client = client_for(agent)
    assert send(client, ticket, form_of(client, ticket)).status_code == 302


def test_a_merge_that_was_undone_or_brought_no_answer_stops_nothing(
    client_for, agent, other_agent, requester, ticket, answered
):
    noted = TicketFactory(requester=requester)
    services.add_comment(actor=other_agent, ticket_id=noted.pk, description="Psst.", is_internal=True)
    services.add_comment(actor=agent, ticket_id=noted.pk, description="Mine, elsewhere.")
    CommentFactory(ticket=ticket)
    client = client_for(agent)
    form = form_of(client, ticket)
    undone, _stands = merge(other_agent, ticket, answered, noted)
    undo_merge(actor=other_agent, ticket_id=ticket.pk, merge_id=undone.pk)
    assert send(client, ticket, form).status_code == 302


def test_a_page_of_before_that_names_no_merge_is_sent_as_before(client_for, agent, other_agent, ticket, answered):
    client = client_for(agent)
    form = form_of(client, ticket)
    newest = Comment.objects.filter(ticket=ticket).latest("pk").pk
    merge(other_agent, ticket, answered)
    assert send(client, ticket, form | {"seen": str(newest)}).status_code == 302


@pytest.mark.parametrize(
    "seen", ["x", "-1", str(2**63), "1" * 5000, "1.x", "1.-1", f"1.{2**63}", "1.2.3", "1.", "\u0661"]
)
def test_a_number_that_is_none_is_refused_and_the_text_kept(client_for, agent, ticket, seen):
    client = client_for(agent)
    response = send(client, ticket, form_of(client, ticket) | {"seen": seen})
    assert response.status_code == 422
    assert "Mine." in response.content.decode()


def test_a_form_without_it_is_sent_as_before(client_for, agent, other_agent, ticket):
    client = client_for(agent)
    form = form_of(client, ticket)
    services.add_comment(actor=other_agent, ticket_id=ticket.pk, description="Theirs.")
    assert send(client, ticket, form, seen="").status_code == 302
