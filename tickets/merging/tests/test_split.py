"""Splitting a conversation into two tickets."""

import pytest
from django.urls import reverse

from accounts import services as accounts
from accounts.enums import Role
from activity.models import ActivityLog
from tickets import services
from tickets.enums import Priority, Status
from tickets.merging import views
from tickets.merging.services import split_ticket, undo_merge
from tickets.merging.services.merge import merge_tickets
from tickets.models import Comment, Ticket
from tms_site.lib.errors import ServiceError
from tms_site.lib.permissions import PermissionDeniedError
from tms_site.tests.integrity import findings

pytestmark = pytest.mark.django_db
TEXT = {"title": "Dragons", "description": "About those."}


@pytest.fixture
def comments(agent, requester, target):
    """The first comment of the ticket, an answer to it, a note and a last one."""
    services.add_comment(actor=agent, ticket_id=target.pk, description="Coming.")
    services.add_comment(actor=agent, ticket_id=target.pk, description="Is it a dragon?", is_internal=True)
    services.add_comment(actor=requester, ticket_id=target.pk, description="There's a dragon, too.")
    return list(Comment.objects.order_by("pk"))


def split(actor, ticket, comment, **kwargs):
    return split_ticket(actor=actor, ticket_id=ticket.pk, comment_id=comment.pk, **TEXT, **kwargs)


def texts(ticket):
    return list(Comment.objects.filter(ticket=ticket).order_by("pk").values_list("description", flat=True))


def address(ticket, comment):
    return reverse("tickets:split", args=[ticket.pk, comment.pk])


def test_a_comment_and_all_after_it_become_a_ticket(agent, requester, target, comments):
    services.update_ticket(
        actor=agent, ticket_id=target.pk, changes={"assigned_agent": agent, "priority": Priority.HIGH}
    )
    new = split(agent, target, comments[2]).ticket
    assert texts(target) == ["Please hurry.", "Coming."]
    assert texts(new) == ["Is it a dragon?", "There's a dragon, too."]
    assert (new.requester, new.created_by, new.assigned_agent) == (requester, agent, agent)
    assert (new.priority, new.status, new.title) == (Priority.HIGH, Status.OPEN, "Dragons")
    assert Comment.objects.get(description="Is it a dragon?").is_internal
    assert set(Comment.objects.filter(ticket=new).values_list("moved_from", flat=True)) == {target.pk}
    assert findings() == []


@pytest.mark.parametrize("how", ["deactivated", "anonymised"])
def test_the_conversation_of_somebody_who_left_is_split_too(sysadmin, agent, requester, target, comments, how):
    leave = accounts.deactivate_user if how == "deactivated" else accounts.anonymise_user
    leave(actor=sysadmin, user=requester)
    assert split(agent, target, comments[2]).ticket.requester == requester
    assert findings() == []


def test_an_agent_who_left_does_not_get_what_was_split_off(sysadmin, agent, other_agent, target, comments):
    changes = {"assigned_agent": agent, "status": Status.RESOLVED}
    services.update_ticket(actor=agent, ticket_id=target.pk, changes=changes)
    accounts.change_user(actor=sysadmin, user=agent, changes={"role": Role.REQUESTER})
    assert split(other_agent, target, comments[2]).ticket.assigned_agent is None


def test_first_responses_follow_the_answers(agent, target, comments):
    new = split(agent, target, comments[1]).ticket
    target.refresh_from_db()
    new.refresh_from_db()
    assert target.first_response_at is None
    assert new.first_response_at == comments[1].creation_date
    assert findings() == []


def test_what_was_split_off_may_be_deleted_or_merged_back(sysadmin, target, comments):
    new = split(sysadmin, target, comments[2]).ticket
    (made,) = merge_tickets(actor=sysadmin, target_id=target.pk, source_ids=[new.pk]).merges
    assert texts(target) == [comment.description for comment in comments]
    undo_merge(actor=sysadmin, ticket_id=target.pk, merge_id=made.pk)
    services.delete_ticket(actor=sysadmin, ticket_id=new.pk)
    assert findings() == []


def test_a_merge_whose_comments_were_split_off_is_not_undone(agent, target, source, comments):
    (made,) = merge_tickets(actor=agent, target_id=target.pk, source_ids=[source.pk]).merges
    new = split(agent, target, Comment.objects.get(description="Water.")).ticket
    with pytest.raises(ServiceError, match=rf"moved on to #{new.pk} since"):
        undo_merge(actor=agent, ticket_id=target.pk, merge_id=made.pk)


def test_history_tells_it_on_both(client_for, requester, agent, target, comments):
    last = ActivityLog.objects.latest("pk").pk
    new = split(agent, target, comments[2]).ticket
    assert ActivityLog.objects.filter(pk__gt=last).count() == 2  # the new ticket, and the split
    client = client_for(requester)
    assert f"a part of the conversation is #{new.pk} now" in client.get(target.get_absolute_url()).content.decode()
    page = client.get(new.get_absolute_url()).content.decode()
    assert f"split this ticket off #{target.pk}" in page
    assert f"from #{target.pk}" in page
    assert "Is it a dragon?" not in page


def test_the_same_form_twice_splits_once(client_for, agent, target, comments):
    client, form = client_for(agent), {**TEXT, "client_token": "abc"}
    first, second = (client.post(address(target, comments[2]), form) for _time in range(2))
    assert first["Location"] == second["Location"]
    assert Ticket.objects.count() == 2


def test_back_and_with_another_text_the_form_says_where_the_comments_are_and_loses_nothing(
    client_for, agent, target, comments
):
    client, form = client_for(agent), {**TEXT, "client_token": "abc"}
    client.post(address(target, comments[2]), form)
    new = Ticket.objects.latest("pk")
    page = client.post(address(target, comments[2]), {**form, "title": "Two dragons"})
    assert page.status_code == 409
    words = page.content.decode()
    assert f"These comments are a part of #{new.pk} by now." in words
    assert f'href="{new.get_absolute_url()}"' in words
    assert 'value="Two dragons"' in words
    assert Ticket.objects.count() == 2


def test_comments_that_a_colleague_has_split_off_meanwhile_are_not_split_again_and_the_text_is_kept(
    client_for, agent, other_agent, target, comments
):
    new = split(other_agent, target, comments[2]).ticket
    client = client_for(agent)
    page = client.post(address(target, comments[2]), {"title": "Two dragons", "description": "In the yard."})
    assert page.status_code == 409
    assert f"These comments are a part of #{new.pk} by now." in page.content.decode()
    assert "In the yard.</textarea>" in page.content.decode()
    assert client.post(address(target, comments[2]), {"title": "", "description": "Yard."}).status_code == 422
    assert Ticket.objects.count() == 2


def test_the_page_shows_what_goes_along(client_for, agent, target, comments):
    page = client_for(agent).get(address(target, comments[2])).content.decode()
    assert "Is it a dragon?" in page
    assert "dragon, too." in page
    assert "Coming." not in page
    assert "Internal note" in page
    # The title of a note would be read by everybody.
    assert 'value="Printer"' in page
    page = client_for(agent).get(address(target, comments[3])).content.decode()
    assert 'value="There&#x27;s a dragon, too."' in page


def test_what_is_missing_is_said(client_for, agent, target, comments):
    response = client_for(agent).post(address(target, comments[2]), {"title": "", "description": "x"})
    assert response.status_code == 422
    assert Ticket.objects.count() == 1


def test_requesters_split_nothing(client_for, requester, other_requester, target, comments):
    with pytest.raises(PermissionDeniedError):
        split(requester, target, comments[0])
    assert client_for(requester).get(address(target, comments[0])).status_code == 403
    assert client_for(other_requester).get(address(target, comments[0])).status_code == 404
    assert client_for(requester).get(address(target, comments[2])).status_code == 404


def test_a_comment_of_another_ticket_is_not_there(agent, target, source, comments):
    with pytest.raises(Comment.DoesNotExist):
        split(agent, source, comments[0])
    assert Ticket.objects.count() == 2


@pytest.mark.parametrize("rows", [1, 3, 60])
def test_the_page_takes_the_same_queries(client_for, agent, target, rows, django_assert_max_num_queries):
    for number in range(rows):
        services.add_comment(actor=agent, ticket_id=target.pk, description=f"Answer {number}")
    client = client_for(agent)
    with django_assert_max_num_queries(8):
        client.get(address(target, Comment.objects.earliest("pk")))


MOVED_PAGES = ("split", "comment_edit", "comment_delete", "comment_publish")


def page_of(name, ticket, comment):
    return reverse(f"tickets:{name}", args=[ticket.pk, comment.pk])


@pytest.mark.parametrize("name", MOVED_PAGES)
def test_back_to_a_page_of_a_comment_that_has_moved_leads_to_where_it_is_now(
    client_for, agent, requester, target, comments, name
):
    split(agent, target, comments[2])
    comment, note = Comment.objects.get(pk=comments[3].pk), Comment.objects.get(pk=comments[2].pk)
    response = client_for(agent).get(page_of(name, target, comment))
    assert (response.status_code, response["Location"]) == (302, comment.get_absolute_url())
    # Its requester sees the new ticket too, but no note on it.
    assert client_for(requester).get(page_of(name, target, comment))["Location"] == comment.get_absolute_url()
    assert client_for(requester).get(page_of(name, target, note)).status_code == 404


def test_where_the_comments_go_at_the_very_moment_is_said_too(
    client_for, agent, other_agent, target, comments, monkeypatch
):
    def beaten(**kwargs):
        split(other_agent, target, comments[2])
        return split_ticket(**kwargs)

    monkeypatch.setattr(views, "split_ticket", beaten)
    page = client_for(agent).post(address(target, comments[2]), TEXT)
    assert page.status_code == 409
    assert f"These comments are a part of #{Ticket.objects.latest('pk').pk} by now." in page.content.decode()


@pytest.mark.parametrize("typed", [TEXT, {"title": "", "description": ""}])
def test_whoever_may_not_split_sees_no_notes_of_comments_that_have_moved(
    client_for, agent, requester, target, comments, typed
):
    split(agent, target, comments[1])
    page = client_for(requester).post(address(target, comments[1]), typed)
    assert page.status_code == 403
    assert "Is it a dragon?" not in page.content.decode()


def test_a_comment_that_was_edited_while_it_moved_is_not_said_to_be_deleted_and_is_saved_where_it_is_now(
    client_for, agent, target, comments
):
    note = services.add_comment(actor=agent, ticket_id=target.pk, description="Ink.").comment
    new = split(agent, target, comments[2]).ticket
    client, typed = client_for(agent), {"description": "Black ink.", "version": "1"}
    page = client.post(page_of("comment_edit", target, note), typed)
    assert page.status_code == 409
    words = page.content.decode()
    assert f"This comment is on #{new.pk} by now, “{new.title}”. Nothing is saved yet: save it there?" in words
    assert "Black ink.</textarea>" in words
    place = page_of("comment_edit", new, note)
    assert f'action="{place}"' in words
    assert client.post(place, typed).status_code == 302
    assert Comment.objects.get(pk=note.pk).description == "Black ink."


@pytest.mark.parametrize("name", MOVED_PAGES)
def test_a_comment_that_has_moved_is_nothing_to_strangers_and_under_no_other_number(
    client_for, agent, other_requester, target, comments, name
):
    new = split(agent, target, comments[2]).ticket
    own = services.create_ticket(actor=other_requester, title="Kite", description="Wind").ticket
    for place in (target, new, own):
        assert client_for(other_requester).get(page_of(name, place, comments[3])).status_code == 404
    assert client_for(agent).get(page_of(name, own, comments[3])).status_code == 404


def test_only_a_look_is_led_on_and_no_part_of_a_page(client_for, agent, target, comments):
    split(agent, target, comments[2])
    client = client_for(agent)
    path = page_of("comment_publish", target, comments[2])
    assert client.post(path).status_code == 404
    assert client.get(path, headers={"HX-Request": "true"}).status_code == 404
    assert Comment.objects.get(pk=comments[2].pk).is_internal
