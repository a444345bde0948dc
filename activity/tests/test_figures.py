"""check_integrity compares the figures with the tickets."""

import pytest

from activity.integrity import Progress, figures
from activity.integrity.figures import check_figures
from tickets import services as tickets
from tickets.factories import CommentFactory, TicketFactory
from tickets.figures import services
from tickets.figures.models import FigureState, RollUp

pytestmark = pytest.mark.django_db


@pytest.fixture
def busy_desk(requester, agent):
    for number, priority in enumerate(("low", "medium", "high", "urgent", "low")):
        ticket = tickets.create_ticket(actor=requester, title="Printer", description="Ink", priority=priority).ticket
        tickets.add_comment(actor=agent, ticket_id=ticket.pk, description="Hi")
        status = ("open", "in_progress", "waiting", "resolved", "resolved")[number]
        tickets.update_ticket(actor=agent, ticket_id=ticket.pk, changes={"status": status, "assigned_agent": agent})


def found():
    return list(check_figures(Progress(lambda line: None)))


def test_figures_that_are_right_are_no_finding(busy_desk):
    assert found() == []
    services.fold()
    assert found() == []


def test_a_sum_that_was_changed_behind_tms_is_named(busy_desk):
    services.fold()
    row = RollUp.objects.filter(figure=1, person=0).first()
    RollUp.objects.filter(pk=row.pk).update(amount=row.amount + 5)
    [line] = found()
    assert line.startswith(f"Figure open of everybody on 1970-01-01 (status {row.status}, ")
    assert f"is {row.amount + 5} instead of {row.amount}" in line


def test_a_first_response_that_nobody_noted_is_named(agent):
    CommentFactory(ticket=TicketFactory(), commented_by=agent)
    services.rebuild()
    assert any(line.startswith("Figure first_response of everybody") for line in found())


def test_many_findings_are_summed_up(busy_desk, monkeypatch):
    monkeypatch.setattr(figures, "MOST_LINES", 3)
    services.fold()
    RollUp.objects.all().delete()
    lines = found()
    assert len(lines) == 4
    assert lines[-1].endswith("more of them are wrong")


def test_figures_that_lack_older_tickets_are_one_finding(busy_desk):
    services.fold()
    FigureState.objects.update(is_complete=False)
    assert len(found()) == 1
