"""The outbox loses nothing, does each thing at least once, and lets one worker at a time have it."""

import threading
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import DataError, InterfaceError, OperationalError, connection, transaction
from django.utils import timezone

from activity.outbox import services
from activity.outbox.models import OutboxMessage
from activity.outbox.worker import Chore, Failed, Worker, do_now

pytestmark = pytest.mark.django_db


def failing(payload):
    raise Failed("the line is busy")


def breaking(payload):
    raise ZeroDivisionError


def too_long(payload):
    raise DataError("Data too long for column")


def test_what_is_put_in_goes_with_its_transaction():
    with transaction.atomic():
        services.enqueue("x", {})
        transaction.set_rollback(True)
    assert not OutboxMessage.objects.exists()


def test_things_are_done_in_the_order_in_which_they_came_and_are_gone_then():
    done = []
    for number in range(3):
        services.enqueue("x", {"number": number})
    assert Worker({"x": done.append}).work_off() == 3
    assert [each["number"] for each in done] == [0, 1, 2]
    assert not OutboxMessage.objects.exists()


def test_what_is_put_off_waits():
    services.enqueue("x", {}, at=timezone.now() + timedelta(hours=1))
    assert services.take_up() is None
    assert services.take_up(timezone.now() + timedelta(hours=2))


def test_a_leased_message_is_nobody_elses_until_the_lease_runs_out():
    services.enqueue("x", {})
    first = services.take_up()
    assert services.take_up() is None
    second = services.take_up(timezone.now() + services.LEASE * 2)
    assert second.message == first.message
    # The first worker was only slow; the message isn't its own any more.
    assert not services.finish(first)
    services.put_off(first, "late")
    assert services.finish(second)
    assert not OutboxMessage.objects.exists()


def test_a_failure_is_tried_again_after_growing_pauses_and_given_up_in_the_end():
    message = services.enqueue("x", {})
    pauses = []
    now = timezone.now()
    while not message.is_dead:
        lease = services.take_up(now)
        services.put_off(lease, "busy", now)
        message.refresh_from_db()
        pauses.append(message.available_at - now)
        now = message.available_at
    assert pauses[:3] == [timedelta(seconds=10), timedelta(seconds=20), timedelta(seconds=40)]
    assert pauses == sorted(pauses)
    assert max(pauses) == services.LONGEST_PAUSE
    assert len(pauses) == services.MOST_ATTEMPTS
    assert message.last_error == "busy"
    assert services.take_up(now + timedelta(days=365)) is None


@pytest.mark.parametrize(
    ("handlers", "reason"),
    [
        ({"x": failing}, "the line is busy"),
        ({"x": breaking}, "ZeroDivisionError"),
        ({"x": too_long}, "DataError"),
        ({}, "no handler"),
    ],
)
def test_one_thing_that_cannot_be_done_does_not_keep_the_others(handlers, reason):
    done = []
    services.enqueue("x", {})
    services.enqueue("good", {})
    assert Worker({"good": done.append, **handlers}).work_off() == 2
    assert done == [{}]
    assert reason in OutboxMessage.objects.get().last_error


@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
def test_when_the_database_is_away_the_lease_brings_the_message_back(error):
    def losing(payload):
        raise error("gone away")

    services.enqueue("x", {})
    with pytest.raises(error):
        Worker({"x": losing}).work_off()
    assert services.take_up(timezone.now() + services.LEASE * 2)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
def test_a_worker_outlives_an_outage_and_stops_when_told(error):
    worker = Worker({})
    seen = []

    def outage():
        seen.append(1)
        worker.stop.set()
        raise error("gone away")

    worker.chores = (Chore("x", timedelta(hours=1), outage),)
    worker.run()
    assert seen == [1]


@pytest.mark.django_db(transaction=True)
def test_a_worker_ends_when_it_is_no_longer_wanted():
    done, lives = [], iter([True, True, False])
    services.enqueue("x", {})
    worker = Worker({"x": done.append}, alive=lambda: next(lives))
    worker.stop.wait = lambda seconds: None
    worker.run()
    assert done == [{}]


@pytest.mark.parametrize("bad", [breaking, too_long])
def test_chores_are_done_when_they_are_due_and_a_failing_one_keeps_nobody(bad):
    done = []
    worker = Worker(
        {}, (Chore("bad", timedelta(0), lambda: bad({})), Chore("good", timedelta(hours=1), lambda: done.append(1)))
    )
    worker.do_chores()
    worker.do_chores()
    assert done == [1]


def test_something_can_be_done_at_once_unless_a_worker_has_it():
    done = []
    message = services.enqueue("x", {})
    assert do_now(message, {"x": done.append})
    assert done == [{}]
    assert not do_now(message, {"x": done.append})
    assert done == [{}]


def test_the_command_does_what_is_due_and_says_how_much(capsys):
    services.enqueue("nobody knows", {})
    services.enqueue("nobody knows", {}, at=timezone.now() + timedelta(hours=1))
    OutboxMessage.objects.create(kind="x", payload={}, is_dead=True)
    call_command("work", once=True)
    assert capsys.readouterr().out == "1 done or put off, 1 given up.\n"


@pytest.mark.django_db(transaction=True)
def test_several_workers_at_once_do_each_thing_once():
    done, lock, start = [], threading.Lock(), threading.Barrier(4)
    for number in range(20):
        services.enqueue("x", {"number": number})

    def note(payload):
        with lock:
            done.append(payload["number"])

    def work():
        try:
            start.wait()
            Worker({"x": note}).work_off()
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(done) == list(range(20))
    assert not OutboxMessage.objects.exists()
