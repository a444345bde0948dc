"""What the tests of merging share."""

import pytest
from django.db.models import QuerySet

from tickets import services
from tickets.enums import Status
from tickets.models import Comment, SearchDocument, Ticket


@pytest.fixture
def target(requester, agent):
    """Jane's ticket, answered."""
    ticket = services.create_ticket(actor=requester, title="Printer", description="It burns.").ticket
    services.add_comment(actor=requester, ticket_id=ticket.pk, description="Please hurry.")
    return ticket


@pytest.fixture
def source(requester, agent):
    """The same again, by Jane: waiting, with an answer that was edited and a note."""
    ticket = services.create_ticket(actor=requester, title="Fire!", description="The printer, again.").ticket
    changes = {"assigned_agent": agent, "status": Status.WAITING}
    services.update_ticket(actor=agent, ticket_id=ticket.pk, changes=changes)
    comment = services.add_comment(actor=agent, ticket_id=ticket.pk, description="Watr.").comment
    services.edit_comment(actor=agent, ticket_id=ticket.pk, comment_id=comment.pk, description="Water.")
    services.add_comment(actor=agent, ticket_id=ticket.pk, description="A dragon?", is_internal=True)
    return Ticket.objects.get(pk=ticket.pk)


@pytest.fixture
def foreign(other_requester, agent):
    """Michael's ticket."""
    ticket = services.create_ticket(actor=other_requester, title="Smoke", description="From the printer.").ticket
    services.add_comment(actor=other_requester, ticket_id=ticket.pk, description="My secret.")
    return ticket


@pytest.fixture
def state():
    """Return a function that gives what an undone merge must leave as it was."""
    passing = {"version", "updated_at"}

    def now():
        found = {}
        for model in (Ticket, Comment, SearchDocument):
            rows = QuerySet(model).order_by("pk").values()
            found[model] = [{name: row[name] for name in row if name not in passing} for row in rows]
        return found

    return now
