"""What the tests of the trash share."""

import pytest
from django.apps import apps
from django.db.models import QuerySet

from tickets import services
from tickets.enums import Status
from tickets.models import Ticket
from tickets.trash.rows import models_of_tickets


@pytest.fixture
def ticket(requester, agent):
    """A ticket with a life: opened, taken, answered, a note, an answer that was edited, resolved."""
    ticket = services.create_ticket(
        actor=requester, title="Printer", description="It burns.", client_token="first"
    ).ticket
    services.update_ticket(
        actor=agent, ticket_id=ticket.pk, changes={"assigned_agent": agent, "status": Status.IN_PROGRESS}
    )
    comment = services.add_comment(actor=agent, ticket_id=ticket.pk, description="Son", client_token="c").comment
    services.edit_comment(actor=agent, ticket_id=ticket.pk, comment_id=comment.pk, description="Soon")
    services.add_comment(actor=agent, ticket_id=ticket.pk, description="A dragon?", is_internal=True)
    services.update_ticket(actor=agent, ticket_id=ticket.pk, changes={"status": Status.RESOLVED})
    return Ticket.objects.get(pk=ticket.pk)


@pytest.fixture
def everything():
    """Return a function that gives all rows that belong to tickets; tokens of forms don't count."""

    def rows():
        found = {model: list(QuerySet(model).order_by("pk").values()) for model in models_of_tickets()}
        found[apps.get_model("tickets.SearchDocument")] = list(
            apps.get_model("tickets.SearchDocument").objects.order_by("pk").values()
        )
        for row in (row for some in found.values() for row in some):
            row.pop("client_token", None)
        return found

    return rows
