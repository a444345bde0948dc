"""The pages of canned replies, and the menu below a ticket."""

import pytest
from django.urls import reverse

from activity.models import ActivityLog
from tickets.models import Comment, Ticket
from tickets.replies.models import CannedReply

pytestmark = pytest.mark.django_db
LIST, NEW = "/tickets/replies/", "/tickets/replies/new/"
VALUES = {"name": "Thanks", "body": "Dear {{ requester }}", "status": "resolved", "is_shared": "on"}


def text(response):
    return response.content.decode()


def insert(client, ticket, **data):
    return client.post(reverse("tickets:reply_insert", args=[ticket.pk]), data)


def typed_in(page):
    return page.partition('name="description"')[2].partition(">")[2].partition("</textarea>")[0].strip()


def test_a_reply_is_kept_found_changed_and_deleted(client_for, agent):
    client = client_for(agent)
    assert "No canned replies yet" in text(client.get(LIST))
    assert client.post(NEW, VALUES).status_code == 302
    reply = CannedReply.objects.get()
    assert (reply.shortcut, reply.is_shared, reply.owner) == ("thanks", True, agent)
    assert "sets the status to Resolved" in text(client.get(f"{LIST}?q=dear"))
    assert "No canned reply has these words." in text(client.get(f"{LIST}?q=zeppelin"))
    edited = VALUES | {"shortcut": "/Ta", "version": "1"}
    assert client.post(f"{LIST}{reply.pk}/edit/", edited).status_code == 302
    assert CannedReply.objects.get().shortcut == "ta"
    assert client.post(f"{LIST}{reply.pk}/edit/", edited).status_code == 302
    assert CannedReply.objects.get().version == 2
    stale = client.post(f"{LIST}{reply.pk}/edit/", edited | {"name": "Other"})
    assert (stale.status_code, "meanwhile" in text(stale)) == (409, True)
    asked = f"Nobody at the helpdesk can use “{reply.name}” any more."
    assert asked in text(client.get(f"{LIST}{reply.pk}/delete/"))
    assert client.post(f"{LIST}{reply.pk}/delete/").status_code == 302
    assert not CannedReply.objects.exists()


def test_another_reply_by_the_same_form_is_not_lost_and_can_be_kept_too(client_for, agent):
    client, sent = client_for(agent), VALUES | {"client_token": "abc"}
    assert client.post(NEW, sent).status_code == 302
    refused = client.post(NEW, sent | {"body": "Hello"})
    assert refused.status_code == 422
    assert "This form has become the canned reply “Thanks” before, which says something else." in text(refused)
    assert typed_in(text(refused).replace('name="body"', 'name="description"')) == "Hello"
    assert CannedReply.objects.get().body == VALUES["body"]
    token = refused.context["form"]["client_token"].value()
    assert client.post(NEW, sent | {"body": "Hello", "client_token": token}).status_code == 302
    assert sorted(reply.body for reply in CannedReply.objects.all()) == ["Dear {{ requester }}", "Hello"]


def test_deleting_a_personal_reply_concerns_nobody_else(client_for, agent, keep):
    reply = keep(agent)
    assert f"You can't use “{reply.name}” any more." in text(client_for(agent).get(f"{LIST}{reply.pk}/delete/"))


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"body": "{{ id }}"}, "There is no placeholder “id”."),
        ({"shortcut": "two words"}, "Use small letters, digits and hyphens."),
        ({"assignment": "agent"}, "Choose an active agent."),
        ({"name": " "}, "Enter a name."),
        ({"status": "gone"}, "Select a valid choice"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(client_for, agent, wrong, said):
    response = client_for(agent).post(NEW, VALUES | wrong)
    assert response.status_code == 422
    assert said in text(response)
    assert "Dear" in text(response) or "body" in wrong


def test_inserting_keeps_what_was_typed_and_writes_nothing(client_for, agent, ticket, keep):
    reply = keep(agent)
    page = text(insert(client_for(agent), ticket, reply=reply.pk, description="Hello.", kind="note"))
    assert typed_in(page) == "Hello.\n\nDear Jane Doe, thank you."
    assert 'value="note" checked' in page
    assert not Comment.objects.exists()


def test_inserting_goes_where_the_caret_stands(client_for, agent, ticket, keep):
    reply = keep(agent, body="there, my")
    for at, wanted in (("6", "Hello there, myAnn"), ("99", "Hello Ann\n\nthere, my"), ("-1", "Hello Ann\n\nthere, my")):
        page = text(insert(client_for(agent), ticket, reply=reply.pk, description="Hello Ann", at=at))
        assert typed_in(page) == wanted


@pytest.mark.parametrize("reply", ["", "x", "0", "9" * 40, "theirs"])
def test_a_reply_that_one_may_not_use_is_not_there(client_for, agent, other_agent, ticket, keep, reply):
    number = keep(other_agent).pk if reply == "theirs" else reply
    page = text(insert(client_for(agent), ticket, reply=number, description="Hello."))
    assert typed_in(page) == "Hello."
    assert "Choose a canned reply first." in page


def test_a_macro_goes_along_with_the_comment_unless_its_box_is_cleared(client_for, agent, ticket, keep):
    client, reply = client_for(agent), keep(agent, status="waiting", assignment="me")
    page = text(insert(client, ticket, reply=reply.pk, description=""))
    assert "sets the status to Waiting" in page
    assert f'name="macro" value="{reply.pk}"' in page
    address = reverse("tickets:comment_add", args=[ticket.pk])
    client.post(address, {"description": "Soon"})
    ticket.refresh_from_db()
    assert ticket.status == "open"
    client.post(address, {"description": "Soon", "macro": reply.pk})
    ticket.refresh_from_db()
    assert (ticket.status, ticket.assigned_agent) == ("waiting", agent)
    CannedReply.objects.all().delete()
    gone = client.post(address, {"description": "Again", "macro": reply.pk})
    assert (gone.status_code, "This canned reply isn&#x27;t there any more." in text(gone)) == (422, True)


def test_requesters_meet_no_canned_replies(client_for, requester, agent, ticket, keep):
    reply = keep(agent, is_shared=True, priority="urgent")
    client = client_for(requester)
    assert "Canned" not in text(client.get(ticket.get_absolute_url()))
    assert insert(client, ticket, reply=reply.pk).status_code == 403
    client.post(reverse("tickets:comment_add", args=[ticket.pk]), {"description": "Hi", "macro": reply.pk})
    ticket.refresh_from_db()
    assert (ticket.priority, ticket.comments.count()) == ("medium", 1)


@pytest.mark.parametrize("count", [1, 3, 50])
def test_the_list_takes_as_many_queries_whatever_its_length(client_for, agent, keep, count, django_assert_num_queries):
    for number in range(count):
        keep(agent, f"Reply {number}")
    client = client_for(agent)
    with django_assert_num_queries(4):
        client.get(LIST)


def test_the_form_says_which_tags_a_macro_adds_and_the_log_tells_of_them(client_for, agent, ticket):
    client = client_for(agent)
    client.post(NEW, {"name": "Toner", "body": "It's the toner.", "tags": "toner, floor 2"})
    reply = CannedReply.objects.get()
    assert reply.tags == ["floor-2", "toner"]
    assert "adds the tags floor-2, toner" in text(client.get(LIST))
    assert 'value="floor-2, toner"' in text(client.get(reply.get_absolute_url()))
    assert ActivityLog.objects.get(target_type="reply").changes["tags"] == [None, ["floor-2", "toner"]]
    values = {"name": "Toner", "body": "It's the toner.", "shortcut": "toner", "tags": "toner", "version": "1"}
    client.post(reply.get_absolute_url(), values)
    assert CannedReply.objects.get().tags == ["toner"]
    address = f"/tickets/{ticket.pk}/comments/"
    client.post(address, {"description": "It's the toner.", "macro": reply.pk})
    assert Ticket.objects.get(pk=ticket.pk).tags == ["toner"]
