"""One transaction for each change, tried again when the database asks for it."""

import pytest
from django.db import IntegrityError, OperationalError, transaction

from accounts.factories import UserFactory
from accounts.models import User
from tms_site.lib import transactions
from tms_site.lib.transactions import LEAST_ATTEMPTS, RETRYABLE_CODES, TryAgain, write_transaction


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch):
    monkeypatch.setattr(transactions, "FIRST_PAUSE_SECONDS", 0)
    monkeypatch.setattr(transactions, "PATIENCE_SECONDS", 0)


def change_failing_with(*errors):
    """Return a service that writes a row and then fails with each of the errors in turn, and its attempts."""
    attempts = []

    @write_transaction
    def change(email):
        """Say hello."""
        attempts.append(email)
        user = UserFactory(email=email)
        if len(attempts) <= len(errors):
            raise errors[len(attempts) - 1]
        return user

    return change, attempts


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "error",
    [
        *(OperationalError(code, "try restarting transaction") for code in sorted(RETRYABLE_CODES)),
        OperationalError("database is locked"),
        IntegrityError(1452, "a foreign key constraint fails"),
        TryAgain(),
    ],
    ids=str,
)
def test_a_deadlock_is_not_the_users_problem_and_leaves_one_row(error):
    change, attempts = change_failing_with(error, error)
    assert change("jane@example.com") == User.objects.get()
    assert len(attempts) == 3


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "error",
    [OperationalError(2006, "server has gone away"), OperationalError(), IntegrityError(1062), ValueError("no")],
    ids=repr,
)
def test_other_errors_are_told_at_once_and_leave_nothing(error):
    change, attempts = change_failing_with(error)
    with pytest.raises(type(error)):
        change("jane@example.com")
    assert len(attempts) == 1
    assert not User.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_it_gives_up_after_some_attempts_and_leaves_nothing():
    change, attempts = change_failing_with(*[OperationalError(1213, "Deadlock found")] * 100)
    with pytest.raises(OperationalError):
        change("jane@example.com")
    assert len(attempts) == LEAST_ATTEMPTS
    assert not User.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_rivals_that_deadlock_quickly_get_as_many_attempts_as_fit_into_its_patience(monkeypatch):
    monkeypatch.setattr(transactions, "PATIENCE_SECONDS", 60)
    change, attempts = change_failing_with(*[OperationalError(1213, "Deadlock found")] * LEAST_ATTEMPTS)
    assert change("jane@example.com") == User.objects.get()
    assert len(attempts) == LEAST_ATTEMPTS + 1


@pytest.mark.django_db(transaction=True)
def test_inside_another_transaction_only_the_outer_one_is_tried_again():
    inner, inner_attempts = change_failing_with(OperationalError(1213, "Deadlock found"))
    outer_attempts = []

    @write_transaction
    def outer():
        outer_attempts.append(1)
        UserFactory(email="outer@example.com")
        inner("inner@example.com")

    outer()
    assert (len(outer_attempts), len(inner_attempts)) == (2, 2)
    assert set(User.objects.values_list("email", flat=True)) == {"outer@example.com", "inner@example.com"}


@pytest.mark.django_db(transaction=True)
def test_inside_a_plain_transaction_nothing_is_tried_again():
    change, attempts = change_failing_with(OperationalError(1213, "Deadlock found"))
    with pytest.raises(OperationalError), transaction.atomic():
        change("jane@example.com")
    assert len(attempts) == 1
    assert not User.objects.exists()


def test_a_wrapped_service_keeps_its_name_and_words():
    change, _attempts = change_failing_with()
    assert (change.__name__, change.__doc__) == ("change", "Say hello.")
