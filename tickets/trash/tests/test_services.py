"""Deleting moves a ticket to the trash; restoring brings the very same rows back."""

from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import services as accounts
from accounts.models import User
from activity.enums import ActivityType
from activity.models import ActivityLog
from tickets import policies, services
from tickets.enums import Status
from tickets.factories import CommentFactory, TicketFactory
from tickets.merging.services import merge_tickets
from tickets.models import Comment, SearchDocument, Ticket
from tickets.trash.keeping import kept_values
from tickets.trash.models import TrashedPerson, TrashedRow, TrashedTicket
from tickets.trash.rows import MADE_AGAIN, models_of_tickets
from tickets.trash.services import empty_trash, remove_for_good, restore_ticket
from tickets.watching import services as watching
from tickets.watching.models import TicketWatcher
from tms_site.lib import batches
from tms_site.lib.errors import ServiceError
from tms_site.lib.permissions import PermissionDeniedError
from tms_site.tests.integrity import findings
from tms_site.tests.rivals import elsewhere, rival
from tms_site.tests.statements import longest_insert

pytestmark = pytest.mark.django_db


def delete(sysadmin, ticket, **kwargs):
    services.delete_ticket(actor=sysadmin, ticket_id=ticket.pk, **kwargs)


def test_restoring_writes_the_very_same_rows_again(sysadmin, ticket, everything):
    before = everything()
    delete(sysadmin, ticket)
    assert not Ticket.objects.exists()
    assert not Comment.objects.exists()
    assert not SearchDocument.objects.exists()
    assert findings() == []
    restored = restore_ticket(actor=sysadmin, ticket_id=ticket.pk)
    assert restored.pk == ticket.pk
    assert everything() == before
    assert not TrashedTicket.objects.exists()
    assert not TrashedRow.objects.exists()
    assert findings() == []


def test_a_ticket_can_be_deleted_and_restored_again_and_again(sysadmin, ticket, everything):
    before = everything()
    for _round in range(3):
        delete(sysadmin, ticket)
        restore_ticket(actor=sysadmin, ticket_id=ticket.pk)
    assert everything() == before
    assert findings() == []
    delete(sysadmin, ticket)
    assert findings() == []


def test_nothing_that_goes_with_a_ticket_is_forgotten(ticket, sysadmin):
    kept = {model._meta.label_lower for model in models_of_tickets()}
    with CaptureQueriesContext(connection) as queries:
        Ticket.objects.get(pk=ticket.pk).delete()
    deleted = {
        query["sql"].split("FROM")[1].split()[0].strip('`"') for query in queries if query["sql"].startswith("DELETE")
    }
    tables = {model._meta.db_table for model in models_of_tickets()} | {name.replace(".", "_") for name in MADE_AGAIN}
    assert deleted <= tables
    assert {"tickets.ticket", "tickets.comment", "tickets.ticketrevision", "tickets.commentrevision"} <= kept


def test_parents_come_before_their_children():
    models = models_of_tickets()
    places = {model: place for place, model in enumerate(models)}
    for model in models:
        for field in model._meta.concrete_fields:
            if field.related_model in places and field.related_model is not model:
                assert places[field.related_model] < places[model], (model, field.name)


def test_the_log_has_one_entry_for_each_step(sysadmin, ticket):
    last = ActivityLog.objects.latest("pk").pk
    delete(sysadmin, ticket)
    restore_ticket(actor=sysadmin, ticket_id=ticket.pk)
    delete(sysadmin, ticket)
    remove_for_good(actor=sysadmin, ticket_id=ticket.pk)
    told = ActivityLog.objects.filter(pk__gt=last).order_by("pk")
    assert [(entry.activity_type, entry.details) for entry in told] == [
        (ActivityType.DELETE, f"Deleted ticket #{ticket.pk} “Printer” with 2 comments."),
        (ActivityType.RESTORE, f"Restored ticket #{ticket.pk} “Printer” with 2 comments."),
        (ActivityType.DELETE, f"Deleted ticket #{ticket.pk} “Printer” with 2 comments."),
        (ActivityType.DELETE, f"Removed ticket #{ticket.pk} “Printer” from the trash for good."),
    ]
    assert {entry.ticket_id for entry in told} == {ticket.pk}


@pytest.mark.parametrize("persona", ["requester", "agent"])
def test_others_neither_restore_nor_remove(request, persona, sysadmin, ticket):
    delete(sysadmin, ticket)
    actor = request.getfixturevalue(persona)
    with pytest.raises(TrashedTicket.DoesNotExist):
        restore_ticket(actor=actor, ticket_id=ticket.pk)
    with pytest.raises(PermissionDeniedError, match="Only SysAdmins"):
        remove_for_good(actor=actor, ticket_id=ticket.pk)
    assert TrashedTicket.objects.exists()


def test_after_a_while_it_is_too_late(sysadmin, ticket, settings):
    settings.TRASH_DAYS = 30
    now = timezone.now()
    delete(sysadmin, ticket, at=now)
    with pytest.raises(PermissionDeniedError, match="more than 30 days ago"):
        restore_ticket(actor=sysadmin, ticket_id=ticket.pk, at=now + timedelta(days=30, minutes=1))
    assert restore_ticket(actor=sysadmin, ticket_id=ticket.pk, at=now + timedelta(days=30))


def test_who_is_named_in_a_deleted_ticket_cannot_be_deleted_away(sysadmin, ticket, requester, agent):
    delete(sysadmin, ticket)
    assert {person.user_id for person in TrashedPerson.objects.all()} == {requester.pk, agent.pk}
    for user in (requester, agent):
        with pytest.raises(accounts.UserHasHistory):
            accounts.delete_user(actor=sysadmin, user=user)
    remove_for_good(actor=sysadmin, ticket_id=ticket.pk)
    accounts.delete_user(actor=sysadmin, user=requester)


def test_who_watched_and_is_gone_stays_away_and_the_others_watch_on(sysadmin, ticket, agent, other_agent):
    for user in (agent, other_agent):
        watching.watch(actor=user, ticket_id=ticket.pk)
    delete(sysadmin, ticket)
    accounts.delete_user(actor=sysadmin, user=other_agent)
    restored = restore_ticket(actor=sysadmin, ticket_id=ticket.pk)
    assert [row.user for row in TicketWatcher.objects.filter(ticket=restored)] == [agent]


def test_a_name_that_was_removed_behind_the_trashs_back_stays_empty(sysadmin, requester, other_agent):
    ticket = services.create_ticket(
        actor=sysadmin, title="T", description="D", requester=requester, assigned_agent=other_agent
    ).ticket
    delete(sysadmin, ticket)
    TrashedPerson.objects.all().delete()
    QuerySet(User).filter(pk=other_agent.pk).delete()
    assert restore_ticket(actor=sysadmin, ticket_id=ticket.pk).assigned_agent is None


def test_what_is_removed_for_good_by_two_at_once_is_told_of_once(sysadmin, ticket):
    delete(sysadmin, ticket)
    last = ActivityLog.objects.latest("pk").pk
    removed = empty_trash(actor=sysadmin, days=0, at=timezone.now() + timedelta(days=1))
    with rival(lambda: remove_for_good(actor=sysadmin, ticket_id=ticket.pk), before="SAVEPOINT"):
        assert list(removed) == []
    assert not remove_for_good(actor=sysadmin, ticket_id=ticket.pk)
    assert ActivityLog.objects.filter(pk__gt=last).count() == 1


@pytest.mark.mysql
@pytest.mark.django_db(transaction=True)
def test_what_is_deleted_while_its_part_is_restored_is_missed_in_words(agent, sysadmin, ticket):
    part = TicketFactory(requester=ticket.requester)
    merge_tickets(actor=agent, target_id=ticket.pk, source_ids=[part.pk])
    delete(sysadmin, part)
    with (
        rival(lambda: elsewhere(lambda: delete(sysadmin, ticket)), before='INSERT INTO "tickets_ticket"'),
        pytest.raises(ServiceError, match="merged"),
    ):
        restore_ticket(actor=sysadmin, ticket_id=part.pk)
    assert not Ticket.objects.exists()


@pytest.mark.parametrize("persona", ["requester", "agent", "sysadmin"])
def test_a_deactivated_account_restores_and_removes_nothing(request, persona, sysadmin, ticket):
    delete(sysadmin, ticket)
    actor = request.getfixturevalue(persona)
    trashed = TrashedTicket.objects.get()
    assert bool(policies.can_restore(actor, trashed)) == (persona == "sysadmin")
    actor.is_active = False
    assert not policies.can_restore(actor, trashed)
    assert not policies.can_empty_trash(actor)


def test_an_agent_who_left_meanwhile_does_not_get_an_open_ticket_back(sysadmin, requester, agent):
    ticket = services.create_ticket(
        actor=agent, title="T", description="D", requester=requester, assigned_agent=agent
    ).ticket
    services.update_ticket(actor=agent, ticket_id=ticket.pk, changes={"status": Status.IN_PROGRESS})
    delete(sysadmin, ticket)
    accounts.deactivate_user(actor=sysadmin, user=agent)
    assert restore_ticket(actor=sysadmin, ticket_id=ticket.pk).assigned_agent is None
    restored = Ticket.objects.get()
    assert (restored.assigned_agent, restored.status) == (None, Status.OPEN)
    assert findings() == []


def test_an_agent_who_left_meanwhile_stays_the_one_who_resolved_it(sysadmin, ticket, agent):
    delete(sysadmin, ticket)
    accounts.deactivate_user(actor=sysadmin, user=agent)
    restore_ticket(actor=sysadmin, ticket_id=ticket.pk)
    assert Ticket.objects.get().assigned_agent == agent


def test_the_same_form_sent_again_after_the_deletion_does_not_stand_in_the_way(sysadmin, ticket, requester):
    delete(sysadmin, ticket)
    services.create_ticket(actor=requester, title="Printer", description="It burns.", client_token="first")
    restore_ticket(actor=sysadmin, ticket_id=ticket.pk)
    assert Ticket.objects.count() == 2


def test_a_reopened_ticket_keeps_its_figures(sysadmin, ticket, requester):
    services.add_comment(actor=requester, ticket_id=ticket.pk, description="Still burning.")
    delete(sysadmin, ticket)
    restore_ticket(actor=sysadmin, ticket_id=ticket.pk)
    services.update_ticket(actor=sysadmin, ticket_id=ticket.pk, changes={"status": Status.RESOLVED})
    assert findings() == []


@pytest.mark.parametrize("comments", [1, 3, 50])
def test_a_long_conversation_costs_no_more_queries(sysadmin, comments, django_assert_max_num_queries):
    ticket = TicketFactory()
    CommentFactory.create_batch(comments, ticket=ticket)
    with django_assert_max_num_queries(26 + 2 * len(models_of_tickets())):
        delete(sysadmin, ticket)
    with django_assert_max_num_queries(20 + 8 * len(models_of_tickets())):
        restore_ticket(actor=sysadmin, ticket_id=ticket.pk)


def test_a_conversation_of_long_texts_goes_and_comes_in_statements_that_a_server_takes(sysadmin, monkeypatch):
    monkeypatch.setattr(batches, "WRITTEN_AT_ONCE", 4_000)
    ticket = TicketFactory()
    for _each in range(9):
        CommentFactory(ticket=ticket, description="x" * 1_000)
    with CaptureQueriesContext(connection) as queries:
        delete(sysadmin, ticket)
        restore_ticket(actor=sysadmin, ticket_id=ticket.pk)
    assert 1_000 < longest_insert(queries, TrashedRow) < 8_000
    assert 1_000 < longest_insert(queries, Comment) < 8_000
    assert Comment.objects.filter(ticket=ticket, description="x" * 1_000).count() == 9


def test_what_vanishes_after_it_was_restored_is_found(sysadmin, ticket):
    delete(sysadmin, ticket)
    restore_ticket(actor=sysadmin, ticket_id=ticket.pk)
    Ticket.objects.all().delete()
    lines = findings()
    assert any(f"Ticket {ticket.pk} is gone, and no entry says who deleted it" in line for line in lines)
    assert any("Comment" in line and "is gone" in line for line in lines)


def test_the_trash_says_which_values_it_keeps(sysadmin, ticket):
    """What lies outside the database, such as a file, stays as long as the row that names it may come back."""
    said = ["Soon", "A dragon?", "Never said"]
    assert kept_values("tickets.comment", "description", said) == set()
    delete(sysadmin, ticket)
    assert kept_values("tickets.comment", "description", said) == {"Soon", "A dragon?"}
    assert kept_values("tickets.ticket", "description", said) == set()
    remove_for_good(actor=sysadmin, ticket_id=ticket.pk)
    assert kept_values("tickets.comment", "description", said) == set()
