"""A change and its log entry are one: whichever write of a service fails, nothing of it remains."""

import inspect
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from itertools import chain
from types import FunctionType

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.db import connection, transaction
from django.utils import timezone

from accounts import services as accounts
from accounts.factories import UserFactory
from accounts.services import second_factor
from activity import services as activity
from activity.enums import TargetType
from tickets import services as tickets
from tickets.enums import Status
from tickets.factories import CommentFactory, TicketFactory

pytestmark = pytest.mark.django_db

WRITES = ("INSERT", "UPDATE", "DELETE")
MOST_WRITES = 60


class InjectedFaultError(Exception):
    """The database refused a write."""


@dataclass
class FailingWrite:
    """Fails the n-th write statement, and remembers whether there was one."""

    number: int
    seen: int = 0

    def __call__(self, execute, sql, params, many, context):
        if sql.lstrip().upper().startswith(WRITES):
            self.seen += 1
            if self.seen == self.number:
                raise InjectedFaultError
        return execute(sql, params, many, context)


def snapshot():
    ours = (apps.get_app_config(app).get_models() for app in ("accounts", "tickets", "activity"))
    models = [*chain.from_iterable(ours), EmailAddress]
    return {model: list(model.objects.order_by("pk").values()) for model in models}


@contextmanager
def failing(number):
    fault = FailingWrite(number)
    with connection.execute_wrapper(fault):
        yield fault


def resolved_ticket(**fields):
    return TicketFactory(status=Status.RESOLVED, resolution_date=timezone.now() - timedelta(days=1), **fields)


def create_ticket(people):
    return lambda: tickets.create_ticket(
        actor=people["agent"],
        title="Printer",
        description="Fire",
        requester=people["requester"],
        assigned_agent=people["agent"],
        client_token="t",
    )


def update_ticket(people):
    ticket = TicketFactory()
    changes = {"title": "New", "status": Status.RESOLVED, "assigned_agent": people["agent"]}
    return lambda: tickets.update_ticket(actor=people["agent"], ticket_id=ticket.pk, changes=changes)


def assign_to_me(people):
    ticket = TicketFactory()
    return lambda: tickets.assign_to_me(actor=people["agent"], ticket_id=ticket.pk)


def unassign(people):
    ticket = TicketFactory(assigned_agent=people["agent"])
    return lambda: tickets.unassign(actor=people["agent"], ticket_id=ticket.pk)


def reassign_tickets(people):
    TicketFactory(assigned_agent=people["agent"])
    users = {"from_user": people["agent"], "to_user": people["sysadmin"]}
    return lambda: list(tickets.reassign_tickets(actor=people["sysadmin"], **users))


def note_viewed(people):
    ticket = TicketFactory()
    return lambda: tickets.note_viewed(actor=people["agent"], ticket=ticket)


def note_listed(people):
    return lambda: tickets.note_listed(actor=people["agent"])


def note_exported(people):
    # One write is a transaction by itself; inside a test's own, Django would take that for broken.
    note = transaction.atomic(tickets.note_exported)
    return lambda: note(actor=people["agent"], filters="status=open")


def release_tickets(people):
    TicketFactory(assigned_agent=people["agent"])
    TicketFactory(assigned_agent=people["agent"])
    return lambda: tickets.release_tickets(actor=people["sysadmin"], user=people["agent"], resolved_too=True)


def delete_ticket(people):
    comment = CommentFactory()
    return lambda: tickets.delete_ticket(actor=people["sysadmin"], ticket_id=comment.ticket_id)


def add_comment(people):
    ticket = TicketFactory()
    return lambda: tickets.add_comment(actor=people["agent"], ticket_id=ticket.pk, description="Hi", client_token="t")


def comment_that_reopens(people):
    ticket = resolved_ticket(requester=people["requester"])
    return lambda: tickets.add_comment(actor=people["requester"], ticket_id=ticket.pk, description="Again")


def edit_comment(people):
    comment = CommentFactory(commented_by=people["agent"])
    return lambda: tickets.edit_comment(
        actor=people["agent"], ticket_id=comment.ticket_id, comment_id=comment.pk, description="New"
    )


def publish_note(people):
    note = CommentFactory(commented_by=people["agent"], is_internal=True)
    return lambda: tickets.publish_note(actor=people["agent"], ticket_id=note.ticket_id, comment_id=note.pk)


def delete_comment(people):
    comment = CommentFactory()
    return lambda: tickets.delete_comment(actor=people["sysadmin"], ticket_id=comment.ticket_id, comment_id=comment.pk)


def saved_view(people, name="Mine"):
    return tickets.create_view(actor=people["agent"], name=name, parameters="status=open")


def create_view(people):
    return lambda: saved_view(people)


def change_view(people):
    view = saved_view(people)
    return lambda: tickets.change_view(actor=people["agent"], view_id=view.pk, changes={"name": "Ours"})


def move_view(people):
    saved_view(people)
    view = saved_view(people, "Another")
    return lambda: tickets.move_view(actor=people["agent"], view_id=view.pk, up=True)


def set_default_view(people):
    view = saved_view(people)
    return lambda: tickets.set_default_view(actor=people["agent"], view_id=view.pk)


def delete_view(people):
    view = saved_view(people)
    return lambda: tickets.delete_view(actor=people["agent"], view_id=view.pk)


def create_user(people):
    return lambda: accounts.create_user(
        actor=people["sysadmin"], email="new@example.com", username="New", password="Str0ng!pass"
    )


def register_user(people):
    return lambda: accounts.register_user(email="new@example.com", password="Str0ng!pass")


def update_profile(people):
    user = people["requester"]
    return lambda: accounts.update_profile(actor=user, user=user, changes={"username": "Renamed"})


def change_user(people):
    changes = {"email": "renamed@example.com", "role": "requester"}
    TicketFactory(assigned_agent=people["agent"])
    return lambda: accounts.change_user(actor=people["sysadmin"], user=people["agent"], changes=changes)


def deactivate_user(people):
    TicketFactory(assigned_agent=people["agent"])
    return lambda: accounts.deactivate_user(actor=people["sysadmin"], user=people["agent"])


def activate_user(people):
    user = UserFactory(is_active=False)
    return lambda: accounts.activate_user(actor=people["sysadmin"], user=user)


def delete_user(people):
    TicketFactory(assigned_agent=people["agent"])
    return lambda: accounts.delete_user(actor=people["sysadmin"], user=people["agent"])


def anonymise_user(people):
    CommentFactory(commented_by=people["agent"])
    return lambda: accounts.anonymise_user(actor=people["sysadmin"], user=people["agent"])


def set_password(people):
    user = people["requester"]
    return lambda: accounts.set_password(actor=user, user=user, password="An0ther!pass")


def record_password_change(people):
    user = people["requester"]
    return lambda: accounts.record_password_change(actor=user, user=user)


def record_second_factor(people):
    user = people["requester"]
    return lambda: second_factor.record_second_factor(actor=user, user=user, has_one=True)


def remove_second_factor(people):
    user = people["agent"]
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={})
    return lambda: accounts.remove_second_factor(actor=people["sysadmin"], user=user)


def record_read(people):
    target = activity.Target(TargetType.TICKETS, None, "Ticket list")
    now = timezone.now()
    return lambda: activity.record_read(actor=people["agent"], target=target, details="Viewed.", at=now)


def record_export(people):
    record = transaction.atomic(activity.record_export)  # as above
    return lambda: record(actor=people["sysadmin"], filters="")


def purge(people):
    tickets.create_ticket(actor=people["requester"], title="Old", description="Old")
    return lambda: activity.purge(actor=people["sysadmin"], before=timezone.now() + timedelta(minutes=1))


SERVICES: list[Callable] = [
    create_ticket,
    update_ticket,
    assign_to_me,
    unassign,
    reassign_tickets,
    release_tickets,
    delete_ticket,
    add_comment,
    comment_that_reopens,
    edit_comment,
    publish_note,
    delete_comment,
    create_view,
    change_view,
    move_view,
    set_default_view,
    delete_view,
    create_user,
    register_user,
    update_profile,
    change_user,
    deactivate_user,
    activate_user,
    delete_user,
    anonymise_user,
    set_password,
    remove_second_factor,
    purge,
]
# What only tells the log: the entry is all that it writes.
TELLERS: list[Callable] = [
    note_viewed,
    note_listed,
    note_exported,
    record_password_change,
    record_second_factor,
    record_read,
    record_export,
]
# These take an actor too, but write nothing.
READERS = {"changed_since"}


def acting_services():
    """The names of all public services that somebody acts by, and the one by which somebody becomes an actor."""
    for module in (accounts, second_factor, activity):
        for name, member in inspect.getmembers(module, inspect.isfunction):
            if member.__module__ == module.__name__ and not name.startswith("_") and acts(member):
                yield name
    yield from (name for name in tickets.__all__ if acts(getattr(tickets, name)))
    yield accounts.register_user.__name__


def acts(member):
    return isinstance(member, FunctionType) and "actor" in inspect.signature(member).parameters


def test_no_service_is_missing_here():
    tested = {prepare.__name__ for prepare in [*SERVICES, *TELLERS]}
    assert set(acting_services()) - READERS - tested == set()


@pytest.fixture
def people(requester, agent, sysadmin):
    UserFactory(sysadmin=True)
    return {"requester": requester, "agent": agent, "sysadmin": sysadmin}


@pytest.mark.parametrize("prepare", [*SERVICES, *TELLERS], ids=lambda service: service.__name__)
def test_a_service_whose_nth_write_fails_leaves_nothing_behind(prepare, people):
    call = prepare(people)
    before = snapshot()
    for number in range(1, MOST_WRITES):
        with failing(number) as fault:
            try:
                call()
            except InjectedFaultError:
                assert snapshot() == before, f"write {number} of {prepare.__name__} failed, but something remains"
                continue
        break
    else:
        pytest.fail(f"{prepare.__name__} writes more often than this test can tell")
    # At least the change itself and its log entry were there to fail.
    assert fault.seen == number - 1 >= (1 if prepare in TELLERS else 2)
    assert snapshot() != before
