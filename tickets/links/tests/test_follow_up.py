"""A ticket that was resolved long ago is followed by a new one instead of being reopened."""

import pytest
from django.urls import reverse

from tickets import policies, services
from tickets.enums import Status
from tickets.links.models import TicketLink
from tickets.links.services import open_follow_up
from tickets.models import Ticket
from tms_site.lib.permissions import PermissionDeniedError
from tms_site.tests.integrity import findings

pytestmark = pytest.mark.django_db
TEXT = {"title": "It burns again", "description": "Since Monday."}


def address(ticket):
    return reverse("tickets:follow_up", args=[ticket.pk])


@pytest.mark.parametrize("persona", ["requester", "agent"])
def test_the_page_of_an_old_ticket_offers_it(client_for, request, persona, old_ticket):
    client = client_for(request.getfixturevalue(persona))
    assert address(old_ticket) in client.get(old_ticket.get_absolute_url()).content.decode()
    assert 'value="Printer"' in client.get(address(old_ticket)).content.decode()


def test_it_is_the_same_requesters_and_linked_to_the_old_one(client_for, requester, old_ticket):
    response = client_for(requester).post(address(old_ticket), TEXT, follow=True)
    new = Ticket.objects.latest("pk")
    assert response.redirect_chain == [(new.get_absolute_url(), 302)]
    assert (new.requester, new.title, new.status) == (requester, "It burns again", Status.OPEN)
    page = response.content.decode()
    assert "is a follow-up of" in page
    assert old_ticket.get_absolute_url() in page
    assert Ticket.objects.get(pk=old_ticket.pk).status == Status.RESOLVED
    assert findings() == []


def test_an_agent_opens_it_for_the_requester(agent, requester, old_ticket):
    new = open_follow_up(actor=agent, ticket_id=old_ticket.pk, **TEXT).ticket
    assert (new.requester, new.created_by) == (requester, agent)


def test_the_same_form_twice_opens_one(client_for, requester, old_ticket):
    client, form = client_for(requester), {**TEXT, "client_token": "abc"}
    first, second = client.post(address(old_ticket), form), client.post(address(old_ticket), form)
    assert first["Location"] == second["Location"]
    assert TicketLink.objects.count() == 1
    third = client.post(address(old_ticket), {**form, "title": "Another"})
    assert third.status_code == 422
    assert "another ticket with this form before" in third.content.decode()


def test_the_form_that_one_goes_back_to_says_which_ticket_it_has_become(client_for, requester, old_ticket):
    client, form = client_for(requester), {**TEXT, "client_token": "abc"}
    place = client.post(address(old_ticket), form)["Location"]
    page = client.get(address(old_ticket), {"form": "abc"})
    words = page.content.decode()
    assert f'You have opened <a href="{place}">' in words
    assert f'<a href="{address(old_ticket)}" data-cancel>Open another ticket</a>' in words
    shown = page.context["form"]
    assert {name: shown[name].value() for name in form} == form
    assert client.post(address(old_ticket), form)["Location"] == place
    again = client.post(address(old_ticket), {**form, "title": "Another"})
    assert f'You have opened <a href="{place}">' in again.content.decode()
    assert Ticket.objects.count() == 2


def test_a_fresh_form_says_what_was_opened_last_and_is_another_ticket(client_for, requester, old_ticket):
    client = client_for(requester)
    place = client.post(address(old_ticket), TEXT)["Location"]
    page = client.get(address(old_ticket))
    assert f'You have just opened <a href="{place}">' in page.content.decode()
    assert page.context["form"]["title"].value() == "Printer"
    client.post(address(old_ticket), TEXT)
    assert Ticket.objects.count() == 3


def test_what_is_missing_is_said_and_the_rest_kept(client_for, requester, old_ticket):
    response = client_for(requester).post(address(old_ticket), {"title": "", "description": "Since Monday."})
    assert response.status_code == 422
    assert "Since Monday." in response.content.decode()


def test_a_ticket_that_a_comment_reopens_is_not_followed_up(client_for, requester, agent, ticket):
    with pytest.raises(PermissionDeniedError, match="isn't resolved"):
        open_follow_up(actor=requester, ticket_id=ticket.pk, **TEXT)
    services.update_ticket(actor=agent, ticket_id=ticket.pk, changes={"status": Status.RESOLVED})
    with pytest.raises(PermissionDeniedError, match="a comment reopens it"):
        open_follow_up(actor=requester, ticket_id=ticket.pk, **TEXT)
    assert address(ticket) not in client_for(requester).get(ticket.get_absolute_url()).content.decode()


def test_a_strangers_old_ticket_is_not_there(client_for, other_requester, old_ticket):
    client = client_for(other_requester)
    assert client.get(address(old_ticket)).status_code == 404
    assert client.post(address(old_ticket), TEXT).status_code == 404
    assert Ticket.objects.count() == 1


def test_nobody_follows_a_ticket_that_they_do_not_see(other_requester, requester, agent, old_ticket):
    with pytest.raises(Ticket.DoesNotExist):
        open_follow_up(actor=other_requester, ticket_id=old_ticket.pk, **TEXT)
    assert not policies.can_open_follow_up(other_requester, old_ticket)
    requester.is_active = agent.is_active = False
    for actor in (requester, agent):
        assert str(policies.can_open_follow_up(actor, old_ticket).reason) == "Your account is deactivated."
