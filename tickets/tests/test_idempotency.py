"""The same form sent twice: double click, back, or a network that tries again."""

import pytest
from django.apps import apps
from django.urls import reverse

from activity.models import ActivityLog
from tickets import services
from tickets.drafts.models import Draft
from tickets.drafts.services import save_draft
from tickets.models import Comment, Ticket
from tms_site.lib.submissions import SubmissionField

NEW = reverse("tickets:create")
FIELDS = {"title": "No network", "description": "Since today.", "priority": "high", "client_token": "token-1"}


def answers(client, address, fields, times=3):
    return [client.post(address, fields, follow=True) for _time in range(times)]


def said(response):
    return [str(message) for message in response.context["messages"]]


def test_a_ticket_is_opened_once_and_the_answer_is_the_same(client_for, requester):
    responses = answers(client_for(requester), NEW, FIELDS)
    assert Ticket.objects.count() == 1
    assert len({str(response.redirect_chain) for response in responses}) == 1
    assert [said(response) for response in responses] == [said(responses[0])] * 3
    assert ActivityLog.objects.filter(activity_type="create", target_type="ticket").count() == 1


def test_a_comment_is_written_once_and_the_answer_is_the_same(client_for, requester, ticket):
    address = reverse("tickets:comment_add", args=[ticket.pk])
    responses = answers(client_for(requester), address, {"description": "Hello", "client_token": "token-1"})
    assert Comment.objects.count() == 1
    assert len({str(response.redirect_chain) for response in responses}) == 1
    assert [said(response) for response in responses] == [["Your comment is posted."]] * 3


def test_a_comment_sent_again_after_other_things_happened_says_how_things_stand(client_for, requester, agent, ticket):
    services.update_ticket(actor=agent, ticket_id=ticket.pk, changes={"status": "resolved"})
    address = reverse("tickets:comment_add", args=[ticket.pk])
    fields = {"description": "Not yet", "client_token": "token-1"}
    client = client_for(requester)
    assert said(client.post(address, fields, follow=True)) == ["Your comment is posted, and the ticket is open again."]
    for changes in ({"priority": "low"}, {"status": "resolved"}, {"status": "open"}):
        services.update_ticket(actor=agent, ticket_id=ticket.pk, changes=changes)
    assert said(client.post(address, fields, follow=True)) == ["Your comment is posted."]
    assert Comment.objects.count() == 1


def test_a_ticket_that_changed_since_is_still_the_same_submission(client_for, requester):
    client = client_for(requester)
    client.post(NEW, FIELDS)
    ticket = Ticket.objects.get()
    edit = {"title": "Changed", "description": "Since today.", "priority": "low", "version": 1}
    client.post(reverse("tickets:edit", args=[ticket.pk]), edit)
    assert client.post(NEW, FIELDS)["Location"] == ticket.get_absolute_url()
    assert Ticket.objects.get().title == "Changed"


def test_another_text_under_the_same_token_is_not_lost(client_for, requester):
    client = client_for(requester)
    client.post(NEW, FIELDS)
    response = client.post(NEW, FIELDS | {"title": "Something else"})
    assert response.status_code == 422
    assert f"it is ticket #{Ticket.objects.get().pk}" in response.content.decode()
    form = response.context["form"]
    again = {name: form[name].value() for name in form.fields}
    assert client.post(NEW, again).status_code == 302
    assert set(Ticket.objects.values_list("title", flat=True)) == {"No network", "Something else"}


def test_another_comment_under_the_same_token_is_not_lost(client_for, requester, ticket):
    client = client_for(requester)
    address = reverse("tickets:comment_add", args=[ticket.pk])
    client.post(address, {"description": "One", "client_token": "token-1"})
    response = client.post(address, {"description": "Two", "client_token": "token-1"})
    assert response.status_code == 422
    form = response.context["comment_form"]
    client.post(address, {name: form[name].value() for name in form.fields})
    assert list(Comment.objects.order_by("pk").values_list("description", flat=True)) == ["One", "Two"]


def test_the_same_token_of_two_people_is_two_tickets(client_for, requester, other_requester):
    for person in (requester, other_requester):
        client_for(person).post(NEW, FIELDS)
    assert Ticket.objects.count() == 2


def test_forms_without_a_token_are_each_meant(client_for, requester):
    fields = {name: value for name, value in FIELDS.items() if name != "client_token"}
    answers(client_for(requester), NEW, fields, times=2)
    assert Ticket.objects.count() == 2


@pytest.mark.parametrize("other", ["TOKEN-1", "t\u00f6ken-1"])
def test_forms_whose_names_differ_by_capitals_or_accents_are_two(client_for, requester, other):
    client = client_for(requester)
    for token in ("token-1", other, other):
        client.post(NEW, FIELDS | {"client_token": token})
    assert Ticket.objects.count() == 2


def test_a_draft_ends_with_what_it_was_sent_as_whatever_letters_that_name_has(agent, ticket):
    save_draft(actor=agent, ticket_id=ticket.pk, text="Hello", client_token="Token-1")
    services.add_comment(actor=agent, ticket_id=ticket.pk, description="Hello", client_token="Token-1")
    assert not Draft.objects.exists()
    save_draft(actor=agent, ticket_id=ticket.pk, text="Hello", client_token="Token-1")
    assert not Draft.objects.exists()


def test_each_name_of_a_submission_is_kept_so_that_no_database_takes_it_for_another():
    fields = [field for model in apps.get_models() for field in model._meta.fields if field.name == "client_token"]
    assert len(fields) >= 9
    assert {type(field) for field in fields} == {SubmissionField}
