"""Folding differences into sums, and making the sums anew: nothing is lost, nothing is counted twice."""

import threading
from contextlib import contextmanager

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import F
from django.utils import timezone

from tickets import services as tickets
from tickets.factories import CommentFactory, TicketFactory
from tickets.figures import services
from tickets.figures.direct import direct_figures
from tickets.figures.models import FigureDelta, FigureState, Histogram, RollUp
from tickets.figures.reading import all_figures, is_complete
from tickets.figures.tests.conftest import assert_exact
from tickets.models import Ticket


class RefusedError(Exception):
    """The database refused a write."""


@contextmanager
def failing(number):
    """Fail the n-th write of what's inside."""
    seen = 0

    def wrapper(execute, sql, params, many, context):
        nonlocal seen
        if sql.lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE")):
            seen += 1
            if seen == number:
                raise RefusedError
        return execute(sql, params, many, context)

    with connection.execute_wrapper(wrapper):
        yield


@pytest.mark.django_db
@pytest.mark.parametrize("limit", [1, 7, 10_000])
def test_folding_changes_no_figure(busy_desk, limit):
    before, waiting = all_figures(), FigureDelta.objects.count()
    folded = 0
    while some := services.fold(limit):
        folded += some
        assert all_figures() == before
    assert folded == waiting
    assert not FigureDelta.objects.exists()
    assert_exact()


@pytest.mark.django_db
def test_changes_after_a_fold_are_folded_on_top(busy_desk, agent, other_agent):
    services.fold()
    for ticket in Ticket.objects.unresolved():
        tickets.update_ticket(actor=agent, ticket_id=ticket.pk, changes={"assigned_agent": other_agent})
        tickets.update_ticket(actor=agent, ticket_id=ticket.pk, changes={"status": "resolved"})
    assert_exact()
    services.fold()
    assert_exact()


@pytest.mark.django_db
@pytest.mark.parametrize("number", range(1, 10))
def test_a_fold_that_dies_at_any_write_changes_nothing(busy_desk, number):
    services.fold(20)
    rows = (list(RollUp.objects.values()), list(Histogram.objects.values()), list(FigureDelta.objects.values()))
    try:
        with failing(number):
            services.fold()
    except RefusedError:
        after = (list(RollUp.objects.values()), list(Histogram.objects.values()), list(FigureDelta.objects.values()))
        assert after == rows
    services.fold()
    assert_exact()


@pytest.mark.django_db(transaction=True)
def test_two_who_fold_at_once_count_everything_once(busy_desk):
    expected = direct_figures()
    start, problems = threading.Barrier(2), []

    def run():
        try:
            start.wait()
            for _time in range(30):
                services.fold(5)
        except Exception as error:  # noqa: BLE001 - shown below, where the test can fail
            problems.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _each in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    while services.fold():
        pass
    assert all_figures() == expected


@pytest.mark.django_db
def test_rebuilding_makes_the_same_sums(busy_desk):
    before = all_figures()
    services.fold(30)
    assert services.rebuild() == 11
    assert not FigureDelta.objects.exists()
    assert all_figures() == before


@pytest.mark.django_db
def test_what_was_written_past_the_services_is_counted_by_a_rebuild(agent, capsys):
    ticket = TicketFactory()
    CommentFactory(ticket=ticket)
    CommentFactory(ticket=ticket, commented_by=agent, is_internal=True)
    reply = CommentFactory(ticket=ticket, commented_by=agent)
    call_command("rollup", "--rebuild")
    ticket.refresh_from_db()
    assert ticket.first_response_at == reply.creation_date
    assert_exact()
    assert "Figures of 1 ticket in" in capsys.readouterr().out


@pytest.mark.django_db
def test_a_rebuild_that_was_stopped_before_the_sums_leaves_figures_that_say_so(busy_desk, agent):
    services.rebuild()
    CommentFactory(ticket=TicketFactory(), commented_by=agent)
    services.fill_first_responses()
    assert not is_complete()
    call_command("rollup", "--rebuild")
    assert is_complete()
    assert_exact()


@pytest.mark.django_db
def test_where_no_first_response_was_missing_the_figures_stay_complete(busy_desk):
    TicketFactory()
    services.rebuild()
    services.fill_first_responses()
    assert is_complete()


@pytest.mark.django_db
def test_a_rebuild_that_others_notes_of_first_responses_overtook_changes_nothing(busy_desk, agent):
    CommentFactory(ticket=TicketFactory(), commented_by=agent)
    with pytest.raises(services.OvertakenError):
        services.rebuild(lambda tickets_read: services.fill_first_responses())
    assert not is_complete()


@pytest.mark.django_db
def test_the_command_says_what_stays_when_somebody_overtakes_it(busy_desk):
    def overtake(execute, sql, params, many, context):
        if FigureDelta._meta.db_table in sql:
            FigureState.objects.update(generation=F("generation") + 1)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(overtake), pytest.raises(CommandError, match="The sums are as they were") as caught:
        call_command("rollup", "--rebuild")
    assert str(caught.value).endswith("Run it again.")


@pytest.mark.django_db
def test_nobody_folds_while_somebody_rebuilds(busy_desk):
    services.fold(1)
    FigureState.objects.update(rebuilding_since=timezone.now())
    assert services.fold() == 0
    FigureState.objects.update(rebuilding_since=timezone.now() - services.REBUILD_MOST)
    assert services.fold() > 0


@pytest.mark.django_db
def test_a_rebuild_that_somebody_overtook_changes_nothing(busy_desk):
    services.fold(1)

    def overtake(tickets_read):
        FigureState.objects.update(rebuilding_since=None)
        services.fold(5)

    before = all_figures()
    with pytest.raises(services.OvertakenError):
        services.rebuild(overtake)
    assert all_figures() == before
    assert FigureState.objects.get().rebuilding_since is None


@pytest.mark.django_db(transaction=True)
def test_what_is_changed_during_a_rebuild_is_not_lost(busy_desk, agent, open_ticket):
    def write(tickets_read):
        thread = threading.Thread(target=write_elsewhere)
        thread.start()
        thread.join()

    def write_elsewhere():
        try:
            open_ticket()
            ticket = Ticket.objects.unresolved().first()
            tickets.update_ticket(actor=agent, ticket_id=ticket.pk, changes={"priority": "urgent", "status": "waiting"})
        finally:
            connection.close()

    services.rebuild(write)
    assert FigureDelta.objects.exists()
    assert_exact()
    services.fold()
    assert_exact()


@pytest.mark.django_db
def test_the_command_folds_everything(busy_desk, capsys):
    waiting = FigureDelta.objects.count()
    call_command("rollup", "--batch", "50")
    assert f"{waiting} differences folded" in capsys.readouterr().out
    assert not FigureDelta.objects.exists()


@pytest.mark.django_db
def test_a_batch_of_nothing_is_refused():
    with pytest.raises(CommandError, match="above zero"):
        call_command("rollup", "--batch", "0")


@pytest.mark.django_db
def test_each_hundredth_ticket_folds(requester, django_capture_on_commit_callbacks):
    TicketFactory(pk=99).delete()
    with django_capture_on_commit_callbacks(execute=True):
        while True:
            ticket = tickets.create_ticket(actor=requester, title="Printer", description="Ink").ticket
            if ticket.pk % 100 == 0:
                break
    assert not FigureDelta.objects.exists()
    assert_exact()
