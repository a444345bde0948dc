"""check_integrity: silent about what the services wrote, and one line for each thing that somebody else did."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts import services as accounts
from accounts.enums import Role
from accounts.factories import UserFactory
from activity.factories import EntryFactory
from activity.integrity import rows
from activity.models import ActivityLog
from activity.services import purge
from tickets import services
from tickets.enums import Status
from tickets.factories import CommentFactory, TicketFactory
from tickets.models import Comment, CommentRevision, Ticket, TicketRevision
from tms_site.tests.integrity import findings

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def at(days_ago):
    return NOW - timedelta(days=days_ago)


def found():
    # Who changes a row behind TMS leaves search index and figures behind too: their own tests look at that.
    return [line for line in findings() if "search index" not in line and not line.startswith("Figure")]


@pytest.fixture
def ticket(requester, agent):
    """Opened 9 days ago, taken on the 8th, answered on the 7th, the answer edited on the 6th, resolved on the 5th."""
    ticket = services.create_ticket(actor=requester, title="Printer", description="It burns.", at=at(9)).ticket
    change(agent, ticket, 8, assigned_agent=agent, status=Status.IN_PROGRESS)
    comment = services.add_comment(actor=agent, ticket_id=ticket.pk, description="Son", at=at(7)).comment
    services.edit_comment(actor=agent, ticket_id=ticket.pk, comment_id=comment.pk, description="Soon", at=at(6))
    change(agent, ticket, 5, status=Status.RESOLVED)
    return Ticket.objects.get()


def change(actor, ticket, days_ago, **changes):
    services.update_ticket(actor=actor, ticket_id=ticket.pk, changes=changes, at=at(days_ago))


@pytest.fixture
def comment(ticket):
    return Comment.objects.get()


def entries(target_type, activity_type):
    return ActivityLog.objects.filter(target_type=target_type, activity_type=activity_type).order_by("pk")


# --- what the services wrote -----------------------------------------------------------------------------------------


def test_an_empty_database_is_fine():
    assert found() == []


def test_everything_that_the_services_write_fits_together(ticket, requester, agent, other_agent, sysadmin):
    services.add_comment(actor=requester, ticket_id=ticket.pk, description="Not yet.", at=at(4))
    change(agent, ticket, 3, status=Status.RESOLVED, title="The printer", resolution_date=at(3.5))
    change(agent, ticket, 2, resolution_date=at(3.2))
    change(agent, ticket, 1, assigned_agent=other_agent)
    accounts.change_user(actor=sysadmin, user=other_agent, changes={"role": Role.SYSADMIN})
    accounts.anonymise_user(actor=sysadmin, user=other_agent)
    gone = services.create_ticket(actor=agent, title="T", description="D", requester=requester).ticket
    services.add_comment(actor=agent, ticket_id=gone.pk, description="Hello")
    services.delete_ticket(actor=sysadmin, ticket_id=gone.pk)
    services.note_viewed(actor=agent, ticket=ticket)
    comment = services.add_comment(actor=agent, ticket_id=ticket.pk, description="x").comment
    services.delete_comment(actor=sysadmin, ticket_id=ticket.pk, comment_id=comment.pk)
    assert findings() == []


def test_a_deleted_agents_tickets_still_fit(ticket, sysadmin):
    agent = UserFactory(agent=True)
    change(sysadmin, ticket, 1, assigned_agent=agent)
    accounts.delete_user(actor=sysadmin, user=agent)
    assert found() == []


# --- tickets ---------------------------------------------------------------------------------------------------------

COLUMNS = {
    "title": "Another",
    "description": "Another",
    "priority": "urgent",
    "status": "waiting",
    "assigned_agent": None,
    "resolution_date": at(4),
}


@pytest.mark.parametrize("field", COLUMNS)
def test_a_column_that_was_changed_behind_the_services_is_named(ticket, field):
    Ticket.objects.filter(pk=ticket.pk).update(**{field: COLUMNS[field]})
    lines = found()
    assert any(f"Ticket #{ticket.pk}: the {field} that activity" in line for line in lines), lines
    assert all(line.endswith("is not the stored value") or "resol" in line for line in lines)


def test_another_requester_is_named(ticket, other_requester):
    Ticket.objects.filter(pk=ticket.pk).update(requester=other_requester)
    assert len(found()) == 1
    assert "the requester that activity" in found()[0]


def test_a_resolved_ticket_without_a_date_is_named(ticket):
    Ticket.objects.filter(pk=ticket.pk).update(resolution_date=None)
    assert f"Ticket #{ticket.pk}: resolved without a resolution date" in found()


def test_an_unresolved_ticket_with_a_date_is_named(ticket):
    Ticket.objects.filter(pk=ticket.pk).update(status=Status.OPEN)
    assert f"Ticket #{ticket.pk}: a resolution date although it isn't resolved" in found()


def test_merged_tickets_that_lead_around_in_a_circle_are_named(ticket, requester):
    first, second, before = (
        services.create_ticket(actor=requester, title="T", description="D").ticket for _number in range(3)
    )
    for number, following in ((before.pk, first), (first.pk, second), (second.pk, first)):
        Ticket.objects.filter(pk=number).update(merged_into=following)
    assert found() == [
        f"Ticket #{first.pk}: merged into #{second.pk}, which leads back to it",
        f"Ticket #{second.pk}: merged into #{first.pk}, which leads back to it",
    ]


def test_a_ticket_without_a_create_entry_is_named():
    ticket = TicketFactory()
    assert found() == [f"Ticket #{ticket.pk}: 0 create entries in the log instead of one"]


def test_a_second_create_entry_is_named(ticket):
    create = entries("ticket", "create").get()
    EntryFactory(activity_type="create", target_type="ticket", target_id=ticket.pk, changes=create.changes)
    assert found() == [f"Ticket #{ticket.pk}: 2 create entries in the log instead of one"]


def test_a_removed_update_entry_shows_through_the_gap(ticket):
    entries("ticket", "update").first().delete()
    assert found() == [f"Ticket #{ticket.pk}: no update entry in the log for the change of version 1"]


def test_the_gap_is_named_rightly_also_between_equal_changes(ticket, agent):
    change(agent, ticket, 4, status=Status.OPEN)
    change(agent, ticket, 3, status=Status.RESOLVED)
    change(agent, ticket, 2, status=Status.OPEN)
    entries("ticket", "update")[2].delete()
    lines = found()
    assert f"Ticket #{ticket.pk}: no update entry in the log for the change of version 3" in lines


def test_a_made_up_update_entry_is_named(ticket):
    made_up = EntryFactory(
        activity_type="update", target_type="ticket", target_id=ticket.pk, changes={"title": ["x", "Printer"]}
    )
    assert f"Ticket #{ticket.pk}: activity {made_up.pk} tells of a change that its revisions don't know" in found()


def test_a_version_without_its_history_is_named(ticket):
    Ticket.objects.filter(pk=ticket.pk).update(version=4)
    assert found() == [f"Ticket #{ticket.pk}: version 4, but no revision of version 3"]


def test_a_version_that_was_set_back_is_named(ticket):
    Ticket.objects.filter(pk=ticket.pk).update(version=2)
    assert found() == [f"Ticket #{ticket.pk}: version 2, but a revision of version 2"]


def test_a_removed_revision_is_named(ticket):
    TicketRevision.objects.get(ticket=ticket, version=1).delete()
    assert f"Ticket #{ticket.pk}: version 3, but no revision of version 1" in found()


def test_a_changed_revision_is_named(ticket):
    TicketRevision.objects.filter(ticket=ticket, version=2).update(values={"status": "open", "resolution_date": None})
    taken, resolved = entries("ticket", "update")
    assert found() == [
        f"Ticket #{ticket.pk}: no update entry in the log for the change of version 2",
        f"Ticket #{ticket.pk}: activity {resolved.pk} tells of a change that its revisions don't know",
        f"Ticket #{ticket.pk}: the status that activity {taken.pk} logged is not what the change of version 2 found",
    ]


def test_a_ticket_that_the_log_says_was_deleted_is_named(ticket):
    entry = EntryFactory(activity_type="delete", target_type="ticket", target_id=ticket.pk)
    assert found() == [f"Ticket #{ticket.pk}: activity {entry.pk} says that it was deleted, but it exists"]


def test_a_ticket_that_was_deleted_behind_the_services_is_named(requester):
    ticket = services.create_ticket(actor=requester, title="T", description="D").ticket
    Ticket.objects.filter(pk=ticket.pk).delete()
    create = entries("ticket", "create").get()
    assert found() == [f"Activity {create.pk}: Ticket {ticket.pk} is gone, and no entry says who deleted it"]


# --- comments --------------------------------------------------------------------------------------------------------


def test_a_comments_text_that_was_changed_behind_the_services_is_named(comment):
    Comment.objects.update(description="Never")
    assert len(found()) == 1
    assert f"Comment {comment.pk} on ticket #{comment.ticket_id}: the description that activity" in found()[0]


def test_a_comment_without_entries_is_named():
    comment = CommentFactory()
    lines = [line for line in found() if line.startswith("Comment")]
    assert lines == [f"Comment {comment.pk} on ticket #{comment.ticket_id}: 0 create entries in the log instead of one"]


def test_a_comments_version_and_revisions_are_compared(comment):
    CommentRevision.objects.all().delete()
    assert any("version 2, but no revision of version 1" in line for line in found())


def test_a_comment_that_was_deleted_behind_the_services_is_named(comment):
    Comment.objects.all().delete()
    create = entries("comment", "create").get()
    assert found() == [f"Activity {create.pk}: Comment {comment.pk} is gone, and no entry says who deleted it"]


# --- the log ---------------------------------------------------------------------------------------------------------


def test_an_entry_that_was_changed_behind_tms_is_named(ticket):
    entry = entries("comment", "create").get()
    ActivityLog.objects.filter(pk=entry.pk).update(user_label="Somebody else")
    assert found() == [f"Activity {entry.pk} (Somebody else: {entry.details}) isn't what TMS wrote"]


@pytest.mark.parametrize("changes", [[], "x", 7, {"title": None}, {"title": ["a"]}, {"mood": [None, "good"]}])
@pytest.mark.parametrize("activity_type", ["create", "update"])
def test_changes_that_make_no_sense_are_named_and_stop_nothing(ticket, changes, activity_type):
    entry = entries("ticket", activity_type).last()
    ActivityLog.objects.filter(pk=entry.pk).update(changes=changes)
    assert f"Activity {entry.pk} ({entry}) isn't what TMS wrote" in found()


@pytest.mark.parametrize("values", [[], "x", {"mood": "good"}])
def test_revisions_that_make_no_sense_are_named_and_stop_nothing(ticket, values):
    TicketRevision.objects.filter(version=1).update(values=values)
    assert f"Ticket #{ticket.pk}: no update entry in the log for the change of version 1" in found()


# --- purges ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("days_ago", [10, 8.5, 7.5, 6.5, 5.5, 4, 0])
def test_after_a_purge_everything_still_fits(ticket, sysadmin, days_ago):
    purge(actor=sysadmin, before=at(days_ago))
    assert found() == []


@pytest.mark.parametrize("days_ago", [8.5, 6.5, 4])
@pytest.mark.parametrize("who", ["requester", "agent"])
def test_after_a_purge_of_one_person_everything_still_fits(ticket, sysadmin, request, who, days_ago):
    purge(actor=sysadmin, before=at(days_ago), user=request.getfixturevalue(who))
    assert found() == []


def test_work_goes_on_after_a_purge(ticket, agent, sysadmin):
    purge(actor=sysadmin, before=at(4))
    change(agent, ticket, 3, status=Status.OPEN)
    services.delete_comment(actor=sysadmin, ticket_id=ticket.pk, comment_id=Comment.objects.get().pk)
    assert found() == []
    services.delete_ticket(actor=sysadmin, ticket_id=ticket.pk)
    assert found() == []


def test_a_deletion_whose_entry_was_purged_is_excused(ticket, sysadmin):
    services.delete_ticket(actor=sysadmin, ticket_id=ticket.pk, at=at(4))
    purge(actor=sysadmin, before=at(3), user=sysadmin)
    assert found() == []


def test_a_purge_excuses_nothing_that_is_younger(ticket, sysadmin):
    purge(actor=sysadmin, before=at(8.5))
    entries("ticket", "update").last().delete()
    assert found() == [f"Ticket #{ticket.pk}: no update entry in the log for the change of version 2"]


def test_a_purge_of_somebody_else_does_not_excuse_a_missing_create_entry(ticket, sysadmin):
    purge(actor=sysadmin, before=at(1), user=sysadmin)
    entries("ticket", "create").delete()
    assert found() == [f"Ticket #{ticket.pk}: 0 create entries in the log instead of one"]


@pytest.mark.parametrize("changes", [{"before": at(1).isoformat(), "user": None}, {"before": "never"}, [], "x"])
def test_a_purge_that_somebody_made_up_excuses_nothing(ticket, changes):
    forged = EntryFactory(target_type="activity", activity_type="delete", changes=changes)
    ActivityLog.objects.filter(pk=forged.pk).update(seal="0" * 64)
    entries("ticket", "create").delete()
    assert f"Ticket #{ticket.pk}: 0 create entries in the log instead of one" in found()


# --- while TMS runs --------------------------------------------------------------------------------------------------


def test_a_ticket_that_changes_while_it_is_checked_is_looked_at_again(ticket, agent, monkeypatch):
    read_entries = rows._entries  # noqa: SLF001 - the seam between two queries
    calls = []

    def meanwhile(target_type, numbers):
        found = read_entries(target_type, numbers)
        if not calls:
            calls.append(numbers)
            change(agent, ticket, 1, status=Status.OPEN)
        return found

    monkeypatch.setattr(rows, "_entries", meanwhile)
    assert found() == []
    assert calls


def test_a_suspect_that_is_deleted_meanwhile_is_no_finding(ticket, sysadmin, monkeypatch):
    Ticket.objects.filter(pk=ticket.pk).update(title="Another")
    look_again = rows._look_again  # noqa: SLF001 - the seam between two queries

    def meanwhile(queryset, number, findings):
        services.delete_ticket(actor=sysadmin, ticket_id=ticket.pk)
        return look_again(queryset, number, findings)

    monkeypatch.setattr(rows, "_look_again", meanwhile)
    assert found() == []


def test_every_row_is_looked_at_also_in_small_batches(requester, monkeypatch):
    monkeypatch.setattr(rows, "BATCH", 2)
    tickets = [services.create_ticket(actor=requester, title=f"T{n}", description="D").ticket for n in range(5)]
    Ticket.objects.filter(pk=tickets[-1].pk).update(title="Another")
    assert len(found()) == 1
