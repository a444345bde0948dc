"""Somebody else is quicker, between two statements of a service: the races that threads can't be made to lose."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.db.models import F

from tickets import services
from tickets.factories import CommentFactory, TicketFactory
from tickets.leaving.services import deactivate_agents
from tickets.models import Category, Comment, Ticket
from tms_site.lib.transactions import TryAgain
from tms_site.tests.rivals import elsewhere, rival

pytestmark = pytest.mark.django_db


def submit_ticket(requester):
    return services.create_ticket(actor=requester, title="Mine", description="Mine", client_token="t")


def submit_comment(ticket):
    return services.add_comment(actor=ticket.requester, ticket_id=ticket.pk, description="Mine", client_token="t")


def test_a_ticket_that_was_opened_a_moment_ago_with_the_same_token_is_the_answer(requester):
    # The first savepoint is the service's own, the second stands before the row: between them, the other one commits.
    with rival(lambda: TicketFactory(requester=requester, client_token="t"), before="SAVEPOINT", passing=1):
        result = submit_ticket(requester)
    assert not result.created
    assert result.ticket == Ticket.objects.get()


def test_a_ticket_that_the_database_refuses_for_another_reason_is_an_error(requester):
    def vanishing():
        TicketFactory(requester=requester, client_token="t")

    with rival(vanishing, before='INSERT INTO "tickets_ticket"'), pytest.raises(IntegrityError):
        submit_ticket(requester)
    assert not Ticket.objects.exists()


def test_a_comment_that_was_written_a_moment_ago_with_the_same_token_is_the_answer():
    ticket = TicketFactory()
    with rival(lambda: CommentFactory(ticket=ticket, client_token="t"), before="SAVEPOINT", passing=1):
        result = submit_comment(ticket)
    assert not result.created
    assert result.comment == Comment.objects.get()


def test_a_comment_that_the_database_refuses_for_another_reason_is_an_error():
    ticket = TicketFactory()

    def vanishing():
        CommentFactory(ticket=ticket, client_token="t")

    with rival(vanishing, before='INSERT INTO "tickets_comment"'), pytest.raises(IntegrityError):
        submit_comment(ticket)
    assert not Comment.objects.exists()


@pytest.mark.parametrize("leave", ["release", "deactivate"])
def test_what_a_colleague_takes_from_a_leaver_a_moment_before_stays_theirs(agent, other_agent, sysadmin, leave):
    taken, left = TicketFactory.create_batch(2, assigned_agent=agent)

    def leaving():
        if leave == "release":
            return services.release_tickets(actor=sysadmin, user=agent, resolved_too=False)
        return deactivate_agents(actor=sysadmin, users=[agent], destination="nobody").given.total()

    def take():
        Ticket.objects.filter(pk=taken.pk).update(assigned_agent=other_agent)

    # Between the list of the numbers and the rows themselves.
    with rival(take, before='SELECT "tickets_ticket"."id", '):
        assert leaving() == 1
    agents = dict(Ticket.objects.values_list("pk", "assigned_agent"))
    assert agents == {taken.pk: other_agent.pk, left.pk: None}


@pytest.mark.parametrize("make", [TicketFactory, CommentFactory])
def test_a_change_under_a_version_that_is_no_more_is_not_made(make, sysadmin):
    row = make(description="Old")
    rows = type(row).objects.filter(pk=row.pk)

    def change():
        if isinstance(row, Ticket):
            services.update_ticket(actor=sysadmin, ticket_id=row.pk, changes={"description": "New"})
        else:
            services.edit_comment(actor=sysadmin, ticket_id=row.ticket_id, comment_id=row.pk, description="New")

    overtake = rival(lambda: rows.update(version=F("version") + 1), before=f'UPDATE "{row._meta.db_table}"')
    with overtake, pytest.raises(TryAgain):
        change()
    row.refresh_from_db()
    assert row.description == "Old"


@pytest.mark.mysql
@pytest.mark.django_db(transaction=True)
def test_a_category_that_is_deleted_while_a_ticket_is_opened_is_refused_in_words(requester):
    category = Category.objects.create(name="Printers")
    with (
        rival(lambda: elsewhere(category.delete), before='INSERT INTO "tickets_ticket"'),
        pytest.raises(ValidationError, match="category"),
    ):
        services.create_ticket(actor=requester, title="T", description="D", category=category)
    assert not Ticket.objects.exists()
