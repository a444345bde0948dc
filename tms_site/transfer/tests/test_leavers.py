"""Open tickets of people who aren't at the desk: they come in unassigned, and the import says so."""

import pytest

from accounts import services as accounts
from accounts.models import User
from tickets.models import Ticket

AGENT = {"email": "ana@example.com", "name": "Ana", "role": "agent", "is_active": "true"}
JANE = {"email": "jane@example.com", "name": "Jane"}
TICKET = {
    "key": "1",
    "title": "Toner",
    "description": "Empty",
    "requester": "jane@example.com",
    "agent": "ana@example.com",
    "status": "in_progress",
}
WARNING = "unassigned, since its agent isn't an active agent or SysAdmin here"
GONE = [{"is_active": "false"}, {"role": "requester"}]


def tickets(*statuses):
    return [TICKET | {"key": str(number), "status": status} for number, status in enumerate(statuses, 1)]


@pytest.mark.parametrize("gone", GONE)
def test_open_tickets_of_leavers_come_in_unassigned_and_are_counted(write, bring, is_whole, gone):
    bring(write("users.jsonl", AGENT | gone, JANE))
    said = bring(write("tickets.jsonl", *tickets("in_progress", "waiting", "resolved", "open")))
    assert f"Otherwise than the file says, 3: {WARNING}." in said.splitlines()
    rows = Ticket.objects.order_by("pk").values_list("status", "assigned_agent__email")
    assert list(rows) == [("open", None), ("waiting", None), ("resolved", "ana@example.com"), ("open", None)]
    is_whole()


def test_tickets_of_who_is_at_the_desk_stay_theirs_and_nothing_is_said(write, bring, is_whole):
    bring(write("users.jsonl", AGENT, JANE))
    said = bring(write("tickets.jsonl", *tickets("in_progress", "resolved")))
    assert "Otherwise" not in said
    assert set(Ticket.objects.values_list("assigned_agent__email", flat=True)) == {"ana@example.com"}
    is_whole()


@pytest.mark.parametrize("gone", [{}, *GONE])
@pytest.mark.parametrize("batch", ["1", "200"])
def test_a_dry_run_of_a_whole_export_says_the_same_of_people_who_are_only_going_to_come(
    write, bring, export, forget_everything, gone, batch
):
    bring(write("users.jsonl", AGENT, JANE))
    bring(write("tickets.jsonl", *tickets("in_progress", "resolved")))
    # As nobody could leave the desk any more: before there was a rule.
    values = {name: value == "true" if name == "is_active" else value for name, value in gone.items()}
    User.objects.filter(email="ana@example.com").update(**{"is_active": True, **values})
    folder = export()
    forget_everything()
    said = bring(folder, "--dry-run", "--batch", batch)
    assert said.count(f"is new, {WARNING}") == bool(gone)
    assert (f"Otherwise than the file says, 1: {WARNING}." in said) == bool(gone)
    assert not Ticket.objects.exists()


def test_who_left_since_an_earlier_import_gets_nothing_by_a_later_one(write, bring, is_whole, sysadmin):
    bring(write("users.jsonl", AGENT, JANE))
    accounts.deactivate_user(actor=sysadmin, user=User.objects.get(email="ana@example.com"))
    assert WARNING in bring(write("tickets.jsonl", TICKET))
    assert Ticket.objects.get().assigned_agent is None
    is_whole()
