"""Operators' commands without a database that works."""

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "command",
    [
        ["seed"],
        ["check_integrity"],
        ["create_sysadmin", "--email", "new@example.com"],
        ["purge_activity", "--before", "2026-01-01"],
        ["rebuild_search_index"],
        ["reassign_tickets", "--from", "a@example.com", "--unassign"],
    ],
)
def test_a_database_that_does_not_answer_is_one_clear_line(command, monkeypatch, settings):
    settings.LOCAL_MODE = True
    monkeypatch.setenv("TMS_SYSADMIN_PASSWORD", "Correct-horse-9")

    def away(*args):
        raise OperationalError(2006, "Server has gone away")

    with connection.execute_wrapper(away), pytest.raises(CommandError) as refusal:
        call_command(*command)
    expected = "The database doesn't work: Server has gone away. Is it there, and has `migrate` been run?"
    assert str(refusal.value) == expected
