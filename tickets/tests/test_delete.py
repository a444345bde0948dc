"""Deleting a ticket."""

import pytest
from django.urls import reverse

from tickets.factories import CommentFactory
from tickets.models import Comment, Ticket


def address(ticket):
    return reverse("tickets:delete", args=[ticket.pk])


def test_a_sysadmin_is_asked_and_told_what_follows(client_for, sysadmin, ticket):
    page = client_for(sysadmin).get(address(ticket)).content.decode()
    assert "The printer is out of ink" in page
    assert "deleted with all its comments" in page
    assert Ticket.objects.exists()


def test_a_ticket_goes_with_its_comments(client_for, sysadmin, ticket):
    CommentFactory(ticket=ticket)
    response = client_for(sysadmin).post(address(ticket), follow=True)
    assert response.redirect_chain == [(reverse("tickets:list"), 302)]
    assert f"Ticket #{ticket.pk} is deleted." in response.content.decode()
    assert not Ticket.objects.exists()
    assert not Comment.objects.exists()


def test_a_second_deletion_finds_nothing(client_for, sysadmin, ticket):
    client = client_for(sysadmin)
    client.post(address(ticket))
    assert client.post(address(ticket)).status_code == 404


@pytest.mark.parametrize("persona", ["requester", "agent"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_nobody_else_deletes_tickets(client_for, request, ticket, persona, method):
    response = getattr(client_for(request.getfixturevalue(persona)), method)(address(ticket))
    assert response.status_code == 403
    assert "Only SysAdmins can do that." in response.content.decode()
    assert Ticket.objects.exists()


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_foreign_ticket_is_not_there(client_for, requester, foreign_ticket, method):
    assert getattr(client_for(requester), method)(address(foreign_ticket)).status_code == 404
