"""Each thing that people do writes exactly one entry, in their name, with the change or not at all."""

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.cache import cache
from django.core.management import call_command
from django.db import OperationalError, connection
from django.test import Client
from django.utils import timezone

from accounts import services as accounts
from accounts.actors import SYSTEM
from accounts.enums import Role
from accounts.factories import PASSWORD, UserFactory
from accounts.models import User
from accounts.tests.totp import code_of
from activity import receivers
from activity.models import ActivityLog
from activity.receivers import people
from activity.seals import is_intact
from tickets import services
from tickets.enums import Status
from tickets.factories import CommentFactory, TicketFactory
from tickets.models import Comment, Ticket
from tickets.signals import ticket_created, ticket_updated

pytestmark = pytest.mark.django_db


class RefusalError(Exception):
    """The log can't be written."""


def the_entry(entries):
    assert len(entries) == 1, [str(entry) for entry in entries]
    assert is_intact(entries[0])
    return entries[0]


def told(entry):
    return entry.activity_type, entry.target_type, entry.target_id


def write_for(actor, **fields):
    ticket = {"title": "Printer", "description": "It burns."} | fields
    return services.create_ticket(actor=actor, **ticket).ticket


# --- tickets ---------------------------------------------------------------------------------------------------------


def test_opening_a_ticket_writes_one_entry_with_the_values_that_it_began_with(written, requester):
    written()
    ticket = write_for(requester, priority="high")
    entry = the_entry(written())
    assert told(entry) == ("create", "ticket", ticket.pk)
    assert (entry.user, entry.user_label, entry.ticket_id) == (requester, "Jane Doe", ticket.pk)
    assert entry.details == f"Opened ticket #{ticket.pk} “Printer”."
    assert entry.changes == {
        "title": [None, "Printer"],
        "description": [None, "It burns."],
        "category": [None, None],
        "status": [None, "open"],
        "priority": [None, "high"],
        "requester": [None, {"id": requester.pk, "label": "Jane Doe"}],
        "team": [None, None],
        "assigned_agent": [None, None],
        "resolution_date": [None, None],
        "tags": [None, []],
    }


def test_opening_a_ticket_for_somebody_is_the_agents_entry(written, agent, requester):
    write_for(agent, requester=requester)
    assert the_entry(written()).user == agent


def test_the_same_submission_sent_twice_is_told_once(written, requester):
    write_for(requester, client_token="once")
    write_for(requester, client_token="once")
    the_entry(written())


def test_a_change_of_several_fields_is_one_entry_with_old_and_new_values(written, agent):
    ticket = TicketFactory()
    changes = {"status": Status.IN_PROGRESS, "assigned_agent": agent}
    services.update_ticket(actor=agent, ticket_id=ticket.pk, changes=changes)
    entry = the_entry(written())
    assert told(entry) == ("update", "ticket", ticket.pk)
    assert entry.user == agent
    assert entry.changes == {
        "status": ["open", "in_progress"],
        "assigned_agent": [None, {"id": agent.pk, "label": "John Smith"}],
    }
    assert entry.details == (
        f"Ticket #{ticket.pk}: changed the status from Open to In progress, assigned it to John Smith."
    )


def test_saving_without_a_change_writes_nothing(written, agent):
    ticket = TicketFactory()
    services.update_ticket(actor=agent, ticket_id=ticket.pk, changes={"status": Status.OPEN})
    assert written() == []


def test_deleting_a_ticket_says_how_many_comments_went_with_it(written, sysadmin):
    ticket = TicketFactory(title="Old")
    CommentFactory.create_batch(2, ticket=ticket)
    services.delete_ticket(actor=sysadmin, ticket_id=ticket.pk)
    entry = the_entry(written())
    assert told(entry) == ("delete", "ticket", ticket.pk)
    assert entry.details == f"Deleted ticket #{ticket.pk} “Old” with 2 comments."


def test_a_long_title_is_cut_in_the_sentence_and_whole_in_the_changes(written, requester):
    title = "x" * 255
    write_for(requester, title=title)
    entry = the_entry(written())
    assert f"“{'x' * 79}…”" in entry.details
    assert entry.changes["title"] == [None, title]


# --- comments --------------------------------------------------------------------------------------------------------


def test_a_comment_writes_one_entry_that_belongs_to_its_ticket(written, requester):
    ticket = TicketFactory(requester=requester)
    comment = services.add_comment(actor=requester, ticket_id=ticket.pk, description="Hello?").comment
    entry = the_entry(written())
    assert told(entry) == ("create", "comment", comment.pk)
    assert (entry.user, entry.ticket_id) == (requester, ticket.pk)
    assert entry.changes == {"description": [None, "Hello?"]}


def test_a_comment_that_reopens_its_ticket_writes_one_entry_for_each_of_the_two(written, requester):
    ticket = TicketFactory(requester=requester, status=Status.RESOLVED, resolution_date=timezone.now())
    services.add_comment(actor=requester, ticket_id=ticket.pk, description="Not yet.")
    assert [told(entry)[:2] for entry in written()] == [("create", "comment"), ("update", "ticket")]


def test_editing_and_deleting_a_comment_write_one_entry_each(written, requester, sysadmin):
    comment = CommentFactory(ticket__requester=requester, description="Helo")
    where = {"ticket_id": comment.ticket_id, "comment_id": comment.pk}
    services.edit_comment(actor=requester, description="Hello", **where)
    edited = the_entry(written())
    assert told(edited) == ("update", "comment", comment.pk)
    assert edited.changes == {"description": ["Helo", "Hello"]}
    services.delete_comment(actor=sysadmin, **where)
    deleted = the_entry(written())
    assert told(deleted) == ("delete", "comment", comment.pk)
    assert (deleted.user, deleted.ticket_id) == (sysadmin, comment.ticket_id)


# --- people ----------------------------------------------------------------------------------------------------------


def test_creating_a_user_writes_one_entry_without_any_password(written, sysadmin):
    user = accounts.create_user(actor=sysadmin, email="ann@example.com", username="Ann", password=PASSWORD)
    entry = the_entry(written())
    assert told(entry) == ("create", "user", user.pk)
    assert entry.user == sysadmin
    assert PASSWORD not in str(entry.changes)
    assert user.password not in str(entry.changes)


def test_a_role_change_writes_one_entry_that_names_both_roles(written, sysadmin, requester):
    accounts.change_user(actor=sysadmin, user=requester, changes={"role": Role.AGENT})
    entry = the_entry(written())
    assert told(entry) == ("update", "user", requester.pk)
    assert entry.details == "User Jane Doe: changed the role from Requester to Helpdesk Agent."


def test_a_change_of_ones_own_profile_is_told_without_ones_name(written, requester):
    accounts.update_profile(actor=requester, user=requester, changes={"username": "Jane Roe"})
    assert the_entry(written()).details == "Changed the name from “Jane Doe” to “Jane Roe”."


def test_a_new_password_is_told_and_never_shown(written, requester):
    accounts.set_password(actor=requester, user=requester, password="Another123.")
    entry = the_entry(written())
    assert entry.details == "Changed the password."
    assert "Another123." not in str(entry.changes)


def test_an_agents_deactivation_writes_one_entry_and_one_for_each_ticket_that_is_unassigned(written, sysadmin, agent):
    TicketFactory.create_batch(2, assigned_agent=agent)
    accounts.deactivate_user(actor=sysadmin, user=agent)
    assert [told(entry)[:2] for entry in written()] == [("update", "ticket"), ("update", "ticket"), ("update", "user")]


def test_a_deleted_user_stays_in_the_log_by_name(written, sysadmin):
    user = UserFactory(username="Gone")
    accounts.update_profile(actor=user, user=user, changes={"theme": "dark"})
    accounts.delete_user(actor=sysadmin, user=user)
    own, deletion = written()
    assert (own.user, own.user_label) == (None, "Gone")
    assert is_intact(own)
    assert deletion.details == "Deleted user Gone."


# --- logging in and out ----------------------------------------------------------------------------------------------


def test_logging_in_and_out_write_one_entry_each(written, requester):
    client = Client()
    client.post("/accounts/login/", {"login": requester.email, "password": PASSWORD})
    entry = the_entry(written())
    assert (told(entry), entry.user) == (("login", "user", requester.pk), requester)
    client.post("/accounts/logout/")
    entry = the_entry(written())
    assert (told(entry), entry.user) == (("logout", "user", requester.pk), requester)


def test_a_visitor_who_was_not_logged_in_leaves_nothing_when_logging_out(written):
    Client().logout()
    people.on_logged_out(None, user=None)
    assert written() == []


def test_a_failed_log_in_writes_one_entry_about_the_user_and_in_nobodys_name(written, requester):
    Client().post("/accounts/login/", {"login": "JANE.DOE@example.com", "password": "wrong"})
    entry = the_entry(written())
    assert told(entry) == ("login_failed", "user", requester.pk)
    assert (entry.user, entry.user_label) == (None, "Unknown visitor")
    assert "wrong" not in f"{entry.details}{entry.changes}"


def test_a_failed_log_in_as_nobody_is_about_nobody(written):
    Client().post("/accounts/login/", {"login": "who@example.com", "password": "wrong"})
    entry = the_entry(written())
    assert (entry.target_id, entry.target_label) == (None, "who@example.com")


@pytest.mark.parametrize(
    "trick", ["a@b.example\r\n2026-01-01 Admin: Logged in.", "a\x00b", "a\u2028b", "\u202egnp", "a\ud800"]
)
def test_an_address_with_line_breaks_stays_one_line(written, trick):
    people.on_login_failed(None, credentials={"email": trick})
    entry = written()[-1]
    assert entry.details.splitlines() == [entry.details]
    assert "\x00" not in entry.details
    entry.details.encode()


def test_a_failed_log_in_without_any_address_is_told_too(written):
    people.on_login_failed(None, credentials={})
    assert the_entry(written()).details == "Failed to log in as nobody."


def test_a_wrong_second_factor_is_a_failed_log_in(written, requester):
    TOTP.activate(requester, generate_totp_secret())
    client = Client()
    client.post("/accounts/login/", {"login": requester.email, "password": PASSWORD})
    written()
    client.post("/accounts/2fa/authenticate/", {"code": "000000"})
    entry = the_entry(written())
    assert told(entry) == ("login_failed", "user", requester.pk)
    assert (entry.user, entry.user_label) == (None, "Unknown visitor")
    assert entry.details == f"Failed to log in as {requester.email}: wrong second factor."


@pytest.fixture
def confirmed(requester):
    """A browser whose user has just said the password again."""
    client = Client(raise_request_exception=False)
    client.post("/accounts/login/", {"login": requester.email, "password": PASSWORD})
    client.post("/accounts/reauthenticate/?next=/accounts/2fa/totp/activate/", {"password": PASSWORD})
    return client


def good_code(client):
    secret = client.get("/accounts/2fa/totp/activate/").context["form"].secret
    return code_of(secret)


def test_setting_up_and_removing_ones_second_factor_is_told(written, requester, confirmed):
    client, code = confirmed, good_code(confirmed)
    written()
    client.post("/accounts/2fa/totp/activate/", {"code": code})
    entry = the_entry(written())
    assert (told(entry), entry.user) == (("update", "user", requester.pk), requester)
    assert (entry.details, entry.changes) == ("Set up a second factor.", {"second_factor": [False, True]})
    client.post("/accounts/2fa/recovery-codes/generate/")
    assert written() == []
    client.post("/accounts/2fa/totp/deactivate/")
    assert the_entry(written()).details == "Removed the second factor."


@pytest.mark.django_db(transaction=True)
def test_a_second_factor_that_the_log_can_not_tell_of_is_not_set_up_and_not_removed(confirmed):
    def refuse(execute, sql, params, many, context):
        if sql.startswith("INSERT") and ActivityLog._meta.db_table in sql:
            raise OperationalError
        return execute(sql, params, many, context)

    code = good_code(confirmed)
    with connection.execute_wrapper(refuse):
        assert confirmed.post("/accounts/2fa/totp/activate/", {"code": code}).status_code >= 500
    assert not Authenticator.objects.exists()
    cache.clear()
    confirmed.post("/accounts/2fa/totp/activate/", {"code": good_code(confirmed)})
    before = list(Authenticator.objects.order_by("pk").values())
    assert len(before) == 2
    with connection.execute_wrapper(refuse):
        assert confirmed.post("/accounts/2fa/totp/deactivate/").status_code >= 500
    assert list(Authenticator.objects.order_by("pk").values()) == before


# --- entrances -------------------------------------------------------------------------------------------------------


def test_a_ticket_opened_on_the_page_is_told_once_with_the_request(written, client_for, requester):
    client = client_for(requester)
    written()
    response = client.post("/tickets/new/", {"title": "Printer", "description": "It burns.", "priority": "low"})
    entry = the_entry(written())
    assert (entry.activity_type, entry.user) == ("create", requester)
    assert entry.request_id == response["X-Request-ID"]


def test_a_user_changed_in_the_admin_is_told_once_in_the_sysadmins_name(written, client_for, sysadmin, requester):
    client = client_for(sysadmin)
    written()
    form = {"email": requester.email, "username": "Jane Roe", "role": "requester", "is_active": "on"}
    client.post(f"/admin/accounts/user/{requester.pk}/change/", form | {"time_zone": "UTC", "theme": "system"})
    entry = the_entry(written())
    assert (entry.user, entry.target_id) == (sysadmin, requester.pk)
    assert entry.changes == {"username": ["Jane Doe", "Jane Roe"]}


def test_a_command_writes_in_the_systems_name(written, agent):
    ticket = TicketFactory(assigned_agent=agent)
    call_command("reassign_tickets", "--from", agent.email, "--unassign", verbosity=0)
    entry = the_entry(written())
    assert (told(entry), entry.user, entry.user_label) == (("update", "ticket", ticket.pk), None, "System")
    assert entry.request_id == ""


# --- one with its change ---------------------------------------------------------------------------------------------


def refuse(sender, **kwargs):
    raise RefusalError


def test_a_ticket_that_can_not_be_logged_is_not_opened(written, requester):
    ticket_created.connect(refuse)
    try:
        with pytest.raises(RefusalError):
            write_for(requester)
    finally:
        ticket_created.disconnect(refuse)
    assert (Ticket.objects.count(), written()) == (0, [])


def test_a_change_that_can_not_be_logged_is_rolled_back(written, agent):
    ticket = TicketFactory()
    ticket_updated.connect(refuse)
    try:
        with pytest.raises(RefusalError):
            services.update_ticket(actor=agent, ticket_id=ticket.pk, changes={"status": Status.WAITING})
    finally:
        ticket_updated.disconnect(refuse)
    ticket.refresh_from_db()
    assert (ticket.status, ticket.version, ticket.revisions.count(), written()) == ("open", 1, 0, [])


def test_an_entry_carries_the_moment_that_the_service_was_given(written, requester):
    moment = timezone.now() - timedelta(days=3)
    write_for(requester, at=moment)
    assert the_entry(written()).activity_date == moment


def test_the_system_acts_without_a_user(written):
    accounts.create_user(actor=SYSTEM, email="ann@example.com", username="Ann")
    entry = the_entry(written())
    assert (entry.user, entry.user_label) == (None, "System")


def test_nothing_is_written_twice_because_receivers_connect_once(written, requester):
    receivers.connect()
    write_for(requester)
    the_entry(written())
    assert ActivityLog.objects.count() == 1
    assert (User.objects.count(), Comment.objects.count()) == (1, 0)
