"""The conversation."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from tickets import services
from tickets.factories import CommentFactory, TicketFactory
from tickets.models import Comment, Ticket

HTMX = {"HX-Request": "true", "HX-Target": "composer"}


def add(client, ticket, text="A comment", headers=None, **extra):
    return client.post(reverse("tickets:comment_add", args=[ticket.pk]), {"description": text} | extra, headers=headers)


def said(response):
    return [str(message) for message in response.context["messages"]]


@pytest.mark.parametrize("persona", ["requester", "agent", "sysadmin"])
def test_the_requester_and_the_desk_comment(client_for, request, ticket, persona):
    person = request.getfixturevalue(persona)
    response = add(client_for(person), ticket)
    comment = Comment.objects.get()
    assert (response.status_code, response["Location"]) == (302, comment.get_absolute_url())
    assert (comment.commented_by, comment.description) == (person, "A comment")


def test_a_foreign_ticket_can_not_be_commented_on(client_for, requester, foreign_ticket):
    assert add(client_for(requester), foreign_ticket).status_code == 404
    assert not Comment.objects.exists()


@pytest.mark.parametrize("text", ["", " \n ", "\u200b", "x" * 100_001, "a\x00b", "a\u202eb"])
@pytest.mark.parametrize("headers", [None, HTMX], ids=["page", "htmx"])
def test_a_text_that_can_not_be_is_refused_and_kept(client_for, requester, ticket, text, headers):
    response = add(client_for(requester), ticket, text, headers)
    assert response.status_code == 422
    assert "description" in response.context["comment_form"].errors
    assert response.context["comment_form"]["description"].value() == text
    assert "<title>Error:" in response.content.decode()
    assert not Comment.objects.exists()


def test_htmx_gets_the_conversation_and_an_empty_form_with_a_new_token(client_for, requester, ticket):
    response = add(client_for(requester), ticket, headers=HTMX, client_token="first")
    page = response.content.decode()
    assert response.status_code == 200
    assert "<html" not in page
    assert 'id="thread" hx-swap-oob="true"' in page
    assert "A comment" in page
    assert "first" not in page
    assert "Your comment is posted." in page


def test_a_comment_reopens_ones_resolved_ticket_and_says_so(client_for, requester, ticket):
    Ticket.objects.update(status="resolved", resolution_date=timezone.now())
    client = client_for(requester)
    assert "Your comment reopens this ticket." in client.get(ticket.get_absolute_url()).content.decode()
    address = reverse("tickets:comment_add", args=[ticket.pk])
    fields = {"description": "Not yet", "client_token": "one"}
    for _time in range(2):
        response = client.post(address, fields, follow=True)
        assert said(response) == ["Your comment is posted, and the ticket is open again."]
    assert Ticket.objects.get().status == "open"
    assert Comment.objects.count() == 1


def test_a_ticket_that_was_resolved_long_ago_stays_resolved_and_the_reason_is_told(
    client_for, requester, ticket, settings
):
    settings.REOPEN_DAYS = 14
    Ticket.objects.update(status="resolved", resolution_date=timezone.now() - timedelta(days=15))
    response = client_for(requester).post(
        reverse("tickets:comment_add", args=[ticket.pk]), {"description": "Again"}, follow=True
    )
    assert "stays resolved" in said(response)[0]
    assert "more than 14 days ago" in said(response)[0]
    assert Ticket.objects.get().status == "resolved"


def test_the_desks_comment_leaves_a_resolved_ticket_resolved(client_for, agent, ticket):
    Ticket.objects.update(status="resolved", resolution_date=timezone.now())
    add(client_for(agent), ticket)
    assert Ticket.objects.get().status == "resolved"


def test_fields_of_others_do_nothing(client_for, requester, agent, ticket, foreign_ticket):
    others = {"commented_by": agent.pk, "ticket": foreign_ticket.pk, "version": 9, "id": 77, "description": "A comment"}
    client_for(requester).post(reverse("tickets:comment_add", args=[ticket.pk]), others)
    comment = Comment.objects.get()
    assert (comment.commented_by, comment.ticket, comment.version) == (requester, ticket, 1)
    assert comment.pk != 77


def test_an_author_edits_their_comment(client_for, requester, ticket):
    comment = CommentFactory(ticket=ticket, commented_by=requester)
    address = reverse("tickets:comment_edit", args=[ticket.pk, comment.pk])
    client = client_for(requester)
    assert comment.description.replace("'", "&#x27;") in client.get(address).content.decode()
    response = client.post(address, {"description": "Better", "version": 1})
    comment.refresh_from_db()
    assert response["Location"] == comment.get_absolute_url()
    assert comment.description == "Better"
    assert "edited" in client.get(ticket.get_absolute_url()).content.decode()


@pytest.mark.parametrize("method", ["get", "post"])
def test_somebody_elses_comment_is_not_edited(client_for, agent, requester, ticket, method):
    comment = CommentFactory(ticket=ticket, commented_by=requester)
    address = reverse("tickets:comment_edit", args=[ticket.pk, comment.pk])
    response = getattr(client_for(agent), method)(address, {"description": "Mine", "version": 1})
    assert response.status_code == 403
    assert "Only its author can edit a comment." in response.content.decode()
    assert Comment.objects.get().description == "I have a question."


def test_a_sysadmin_edits_every_comment(client_for, sysadmin, ticket):
    comment = CommentFactory(ticket=ticket)
    client_for(sysadmin).post(reverse("tickets:comment_edit", args=[ticket.pk, comment.pk]), {"description": "Calm"})
    assert Comment.objects.get().description == "Calm"


@pytest.mark.parametrize("text", ["", "x" * 100_001])
def test_an_edit_that_can_not_be_changes_nothing(client_for, requester, ticket, text):
    comment = CommentFactory(ticket=ticket, commented_by=requester)
    address = reverse("tickets:comment_edit", args=[ticket.pk, comment.pk])
    assert client_for(requester).post(address, {"description": text, "version": 1}).status_code == 422
    assert Comment.objects.get().version == 1


def test_a_comment_is_found_on_its_own_ticket_only(client_for, agent, ticket, foreign_ticket):
    comment = CommentFactory(ticket=foreign_ticket, commented_by=agent)
    for name in ("comment_edit", "comment_delete"):
        assert client_for(agent).get(reverse(f"tickets:{name}", args=[ticket.pk, comment.pk])).status_code == 404


def test_comments_on_a_foreign_ticket_are_not_there(client_for, requester, foreign_ticket):
    comment = CommentFactory(ticket=foreign_ticket)
    for name in ("comment_edit", "comment_delete"):
        address = reverse(f"tickets:{name}", args=[foreign_ticket.pk, comment.pk])
        assert client_for(requester).get(address).status_code == 404
        assert client_for(requester).post(address, {"description": "x"}).status_code == 404


@pytest.mark.parametrize("headers", [None, {"HX-Request": "true"}], ids=["page", "dialog"])
def test_a_sysadmin_is_asked_before_a_comment_is_deleted(client_for, sysadmin, ticket, headers):
    comment = CommentFactory(ticket=ticket)
    address = reverse("tickets:comment_delete", args=[ticket.pk, comment.pk])
    client = client_for(sysadmin)
    page = client.get(address, headers=headers).content.decode()
    assert "be undone" in page
    assert ('id="comment-delete-dialog"' in page) is (headers is not None)
    assert Comment.objects.exists()
    response = client.post(address)
    assert response["Location"] == ticket.get_absolute_url()
    assert not Comment.objects.exists()


@pytest.mark.parametrize("persona", ["requester", "agent"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_nobody_else_deletes_comments(client_for, request, ticket, persona, method):
    person = request.getfixturevalue(persona)
    comment = CommentFactory(ticket=ticket, commented_by=person)
    address = reverse("tickets:comment_delete", args=[ticket.pk, comment.pk])
    response = getattr(client_for(person), method)(address)
    assert response.status_code == 403
    assert "Only SysAdmins can do that." in response.content.decode()
    assert Comment.objects.exists()


def test_the_text_for_a_comment_that_was_deleted_meanwhile_is_offered_as_a_new_one(client_for, agent, sysadmin):
    comment = CommentFactory(commented_by=agent)
    path = f"{comment.ticket.get_absolute_url()}comments/{comment.pk}/edit/"
    services.delete_comment(actor=sysadmin, ticket_id=comment.ticket_id, comment_id=comment.pk)
    answer = client_for(agent).post(path, {"description": "It is the <b>toner</b>", "version": "1"})
    page = answer.content.decode()
    assert answer.status_code == 404
    assert "This comment was deleted meanwhile." in page
    assert "It is the &lt;b&gt;toner&lt;/b&gt;</textarea>" in page
    assert 'value="note" checked' in page
    assert not Comment.objects.exists()


def test_a_comment_that_may_not_be_seen_is_answered_like_one_that_is_gone(client_for, requester, other_requester):
    note = CommentFactory(ticket=TicketFactory(requester=requester), is_internal=True, description="Secret")
    path = f"{note.ticket.get_absolute_url()}comments/"
    answers = [
        client_for(requester).post(f"{path}{number}/edit/", {"description": "x"}) for number in (note.pk, note.pk + 1)
    ]
    assert [answer.status_code for answer in answers] == [404, 404]
    for answer in answers:
        assert "This comment was deleted meanwhile." in answer.content.decode()
        assert "Secret" not in answer.content.decode()
    stranger = client_for(other_requester).post(f"{path}{note.pk}/edit/", {"description": "x"})
    assert stranger.status_code == 404
    assert "deleted meanwhile" not in stranger.content.decode()


@pytest.mark.parametrize(("files", "words"), [(0, "."), (1, ": a file can&#x27;t go without one either.")])
def test_a_comment_without_a_word_is_told_that_a_file_needs_some_too_where_one_comes(
    client_for, agent, ticket, files, words
):
    data = {"description": " ", "attachments": [SimpleUploadedFile("a.txt", b"x")] * files}
    response = client_for(agent).post(reverse("tickets:comment_add", args=[ticket.pk]), data)
    assert response.status_code == 422
    assert f"<strong>Write a line of text{words}</strong>" in response.content.decode()
