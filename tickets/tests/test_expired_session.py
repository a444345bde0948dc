"""What is sent after the session has ended: kept until its author has logged in again, for nobody else."""

import re

import pytest
from django.contrib.auth import SESSION_KEY
from django.test import Client

from accounts.factories import PASSWORD
from tickets import services
from tickets.factories import CommentFactory, TicketFactory
from tickets.models import Comment, Ticket
from tms_site.lib import unsent

pytestmark = pytest.mark.django_db
LOGIN = "/accounts/login/"
PROMISE = "What you typed before is kept."
PUT_BACK = "It isn&#x27;t sent yet."
NOT_SAVED = "You were logged out before this was saved: nothing was changed."


@pytest.fixture
def ticket(requester):
    return TicketFactory(requester=requester, title="Toner", description="Empty")


def fields_of(page: str) -> dict[str, str]:
    """Return the hidden fields that TMS has put into the form of a page that has one of ours."""
    form = next(each for each in re.findall(r"<form.*?</form>", page, re.DOTALL) if unsent.FIELD in each)
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form))


def send_too_late(client: Client, path: str, action: str = "", **typed: str):
    """Open a page, lose the session, send the page's form; returns the log-in page."""
    fields = fields_of(client.get(path).content.decode())
    del client.cookies["session"]
    answer = client.post(action or path, {**fields, **typed}, headers={"Referer": f"http://testserver{path}"})
    return client.get(answer.url)


def log_in(client: Client, user, page) -> str:
    """Log in at the log-in page; returns the page that one lands on."""
    data = {"login": user.email, "password": PASSWORD, "next": page.context["redirect_field_value"]}
    data |= {"unsaved": "1"} if 'name="unsaved"' in page.content.decode() else {}
    return client.post(LOGIN, data, follow=True).content.decode()


def test_a_comment_is_in_its_form_again_and_still_a_note(client_for, agent, ticket):
    client, path = client_for(agent), ticket.get_absolute_url()
    page = send_too_late(client, path, f"{path}comments/", description="It is <b>dry</b>", kind="note")
    assert PROMISE in page.content.decode()
    assert not Comment.objects.exists()
    page = log_in(client, agent, page)
    assert "It is &lt;b&gt;dry&lt;/b&gt;</textarea>" in page
    assert 'value="note" checked' in page
    assert PUT_BACK in page
    again = client.get(path).content.decode()
    assert "dry" not in again
    assert PUT_BACK not in again


def test_a_new_ticket_is_in_its_form_again(client_for, requester):
    client = client_for(requester)
    page = send_too_late(client, "/tickets/new/", title="Toner", description="Empty", priority="urgent")
    page = log_in(client, requester, page)
    assert 'value="Toner"' in page
    assert "Empty</textarea>" in page
    assert '<option value="urgent" selected>' in page
    assert not Ticket.objects.exists()


def test_what_replaces_an_older_draft_is_what_was_sent(client_for, requester, ticket):
    client, path = client_for(requester), ticket.get_absolute_url()
    client.post(f"{path}draft/", {"description": "An older draft", "client_token": "abc"})
    page = send_too_late(client, path, f"{path}comments/", description="The newest words")
    assert "The newest words</textarea>" in log_in(client, requester, page)


def test_an_edited_ticket_is_in_its_form_again_and_what_others_did_meanwhile_is_noticed(client_for, agent, ticket):
    client, path = client_for(agent), f"{ticket.get_absolute_url()}edit/"
    typed = {"title": "Toner is dry", "description": "Quite empty", "priority": "high"}
    page = send_too_late(client, path, **typed)
    services.update_ticket(actor=agent, ticket_id=ticket.pk, changes={"title": "Theirs"})
    page = log_in(client, agent, page)
    assert 'value="Toner is dry"' in page
    assert "Quite empty</textarea>" in page
    assert client.post(path, {**fields_of(page), **typed}).status_code == 409


def test_an_edited_comment_is_in_its_form_again(client_for, requester, ticket):
    comment = CommentFactory(ticket=ticket, commented_by=requester, description="Before")
    client, path = client_for(requester), f"{ticket.get_absolute_url()}comments/{comment.pk}/edit/"
    page = send_too_late(client, path, description="After")
    assert "After</textarea>" in log_in(client, requester, page)


def test_whoever_else_logs_in_at_the_computer_gets_nothing_of_it(client_for, agent, other_agent, ticket):
    client, path = client_for(agent), ticket.get_absolute_url()
    page = send_too_late(client, path, f"{path}comments/", description="Between us")
    page = log_in(client, other_agent, page)
    assert "Between us" not in page
    assert PUT_BACK not in page
    assert "Between us" not in str(dict(client.session.items()))
    client.force_login(agent)
    assert "Between us" not in client.get(path).content.decode()


@pytest.mark.parametrize("signed", ["", "1/comment/1", "1/comment/1:forged"])
def test_nothing_is_kept_of_what_no_page_of_ours_was_made_for(anonymous, ticket, signed):
    path = f"{ticket.get_absolute_url()}comments/"
    answer = anonymous.post(path, {unsent.FIELD: signed, "description": "x"})
    assert "session" not in anonymous.cookies
    page = anonymous.get(answer.url).content.decode()
    assert NOT_SAVED in page
    assert PROMISE not in page


def test_no_more_is_kept_than_a_session_should_hold(client_for, requester, ticket):
    client, path = client_for(requester), ticket.get_absolute_url()
    page = send_too_late(client, path, f"{path}comments/", description="x" * (unsent.MOST_CHARACTERS + 1))
    assert NOT_SAVED in page.content.decode()
    for number in range(unsent.MOST_FORMS + 1):
        name = unsent.name_of(f"comment/{number}", requester.pk)
        answer = client.post(f"{path}comments/", {unsent.FIELD: name, "description": "x"})
        assert ("unsaved" in answer.url) == (number == unsent.MOST_FORMS)


def test_a_change_that_is_not_kept_is_said_to_be_lost_before_and_after_the_log_in(client_for, agent, ticket):
    client, path = client_for(agent), ticket.get_absolute_url()
    del client.cookies["session"]
    answer = client.post(path, {"priority": "urgent"}, headers={"Referer": f"http://testserver{path}"})
    page = client.get(answer.url)
    assert NOT_SAVED in page.content.decode()
    assert PROMISE not in page.content.decode()
    refused = client.post(LOGIN, {"login": agent.email, "password": "wrong", "next": path, "unsaved": "1"})
    assert NOT_SAVED in refused.content.decode()
    assert NOT_SAVED in log_in(client, agent, refused)
    assert NOT_SAVED not in client.get(path).content.decode()


def test_whoever_only_opens_a_page_is_promised_nothing(anonymous, agent, ticket):
    page = anonymous.get(anonymous.get(ticket.get_absolute_url()).url)
    assert "Please log in to go on." in page.content.decode()
    assert PROMISE not in page.content.decode()
    assert NOT_SAVED not in log_in(anonymous, agent, page)
    assert SESSION_KEY in anonymous.session
