"""`manage.py reassign_tickets`: an agent's unresolved tickets go to another, or to nobody."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from tickets import services
from tickets.enums import Status
from tickets.factories import TicketFactory
from tickets.workflow import WorkflowError
from tms_site.tests.rivals import rival

pytestmark = pytest.mark.django_db


def run(*arguments):
    out = StringIO()
    call_command("reassign_tickets", *arguments, stdout=out)
    return out.getvalue()


@pytest.fixture
def tickets(agent):
    return [TicketFactory(assigned_agent=agent, status=status) for status in (Status.OPEN, Status.WAITING)]


def agents_of(tickets):
    for ticket in tickets:
        ticket.refresh_from_db()
    return [ticket.assigned_agent for ticket in tickets]


def test_the_tickets_go_to_the_other_agent(tickets, agent, other_agent):
    out = run("--from", agent.email, "--to", "ALEX.JOHNSON@example.com")
    assert agents_of(tickets) == [other_agent, other_agent]
    assert f"#{tickets[0].pk} {tickets[0].title} → Alex Johnson" in out
    assert "2 tickets of John Smith handed over to Alex Johnson." in out


def test_the_tickets_go_to_nobody(tickets, agent):
    assert "2 tickets of John Smith handed over to nobody." in run("--from", agent.email, "--unassign")
    assert agents_of(tickets) == [None, None]


def test_resolved_tickets_and_those_of_others_stay(agent, other_agent):
    resolved = TicketFactory(assigned_agent=agent, status=Status.RESOLVED, resolution_date=timezone.now())
    others = TicketFactory(assigned_agent=other_agent)
    assert "0 tickets" in run("--from", agent.email, "--unassign")
    assert agents_of([resolved, others]) == [agent, other_agent]


def test_a_ticket_that_is_deleted_meanwhile_is_left_out(tickets, agent, other_agent, sysadmin):
    def delete():
        services.delete_ticket(actor=sysadmin, ticket_id=tickets[0].pk)

    with rival(delete, before='SELECT "tickets_ticket"."id", '):
        out = run("--from", agent.email, "--to", other_agent.email)
    assert "1 ticket of John Smith handed over to Alex Johnson." in out
    assert agents_of(tickets[1:]) == [other_agent]


def test_one_ticket_is_counted_in_the_singular(agent):
    TicketFactory(assigned_agent=agent)
    assert "1 ticket of John Smith" in run("--from", agent.email, "--unassign")


def test_a_second_run_finds_nothing_left_to_do(tickets, agent):
    run("--from", agent.email, "--unassign")
    assert "0 tickets" in run("--from", agent.email, "--unassign")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--from", "who@example.com", "--unassign"], "There is no user with the e-mail address who@example.com."),
        (["--from", "john.smith@example.com", "--to", "who@example.com"], "There is no user with the e-mail address"),
        (
            ["--from", "john.smith@example.com", "--to", "jane.doe@example.com"],
            "doe@example.com: Choose an active",
        ),
        (["--from", "john.smith@example.com", "--to", "John.Smith@example.com"], "name the same person"),
        (["--from", "john.smith@example.com"], "one of the arguments --to --unassign is required"),
        (["--unassign"], "the following arguments are required: --from"),
        (["--from", "john.smith@example.com", "--to", "x@example.com", "--unassign"], "not allowed with argument"),
    ],
)
def test_bad_input_is_one_clear_line_and_changes_nothing(tickets, agent, requester, arguments, message):
    with pytest.raises(CommandError) as refusal:
        run(*arguments)
    assert message in str(refusal.value)
    assert "\n" not in str(refusal.value)
    assert agents_of(tickets) == [agent, agent]


def test_a_deactivated_agent_gets_no_tickets(tickets, agent, other_agent):
    other_agent.is_active = False
    other_agent.save()
    with pytest.raises(CommandError, match="Choose an active agent"):
        run("--from", agent.email, "--to", other_agent.email)


def test_a_run_that_is_stopped_says_how_far_it_came(tickets, agent, monkeypatch):
    def stopping(**arguments):
        yield tickets[0]
        raise WorkflowError("No more.")

    monkeypatch.setattr(services, "reassign_tickets", stopping)
    with pytest.raises(CommandError, match=r"Stopped after 1 tickets: No more\."):
        run("--from", agent.email, "--unassign")
