"""A restore that didn't come to its end leaves a database that says so, and can be run again."""

import errno
import signal

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError

from tms_site.backup import mark, restoring
from tms_site.doctor import database
from tms_site.doctor.findings import Level

SHELL = ("shell", "--no-imports", "-c")
SOMEBODY = """
from django.core.management import call_command
call_command("migrate", verbosity=0)
call_command("createcachetable", verbosity=0)
from accounts.factories import UserFactory
UserFactory(requester=True, email="jane.doe@example.com", username="Jane Doe")
"""
LOOK = """
from django.core.management import call_command
call_command("migrate", verbosity=0)
call_command("createcachetable", verbosity=0)
from django.test import Client
from accounts.models import User
print(Client(headers={"host": "127.0.0.1"}).get("/readyz").content.decode().strip(), User.objects.count())
"""


@pytest.fixture
def unmarked(transactional_db):
    """Leave no mark behind; what is done to tables can't be rolled back on MySQL."""
    yield
    mark.take_away()


def restore_begun(manage, folder, line):
    """Return a backup of one person, and the process of its restore, which has said so much."""
    backup = folder / "tms.zip"
    manage("old", *SHELL, SOMEBODY)
    manage("old", "backup", backup)
    process = manage.start("new", "restore", backup)
    while line not in (said := process.stdout.readline()):
        assert said
    return backup, process


@pytest.mark.usefixtures("unmarked")
def test_half_a_database_is_not_saved_and_the_doctor_knows_it(tmp_path):
    mark.put()
    with pytest.raises(
        CommandError, match=r"a restore into it was interrupted, or still runs\. Run `manage.py restore FILE`"
    ):
        call_command("backup", tmp_path / "half.zip")
    assert list(tmp_path.iterdir()) == []
    (finding,) = database.restoring()
    assert (finding.level, finding.advice) == (Level.PROBLEM, "Run `manage.py restore FILE` again.")
    assert list(database.migrations()) == []


@pytest.mark.usefixtures("unmarked")
@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "No space left on device"),
        (OperationalError(1114, "The table is full"), "The table is full"),
        (restoring.RestoreError("Something is missing."), "Something is missing"),
    ],
)
def test_a_restore_that_breaks_off_says_so_in_one_line_and_leaves_its_mark(monkeypatch, error, reason):
    def break_off():
        raise error

    monkeypatch.setattr(restoring, "_empty_database", break_off)
    with pytest.raises(restoring.RestoreError) as refusal:
        restoring.restore(None, {"migrations": []}, lambda text: None)
    assert str(refusal.value).startswith("The restore broke off: ")
    assert str(refusal.value).endswith(
        f"{reason}. This database is incomplete now: mend what stood in the way, then run it again."
    )
    assert mark.is_there()


@pytest.mark.django_db
@pytest.mark.usefixtures("old_database")
def test_a_restore_that_was_killed_is_told_of_and_simply_run_again(manage, tmp_path):
    backup, process = restore_begun(manage, tmp_path, "accounts.User")
    process.kill()
    process.communicate()

    assert manage("new", *SHELL, LOOK).strip() == "restore unfinished 1"
    assert "are back" in manage("new", "restore", backup)
    assert manage("new", *SHELL, LOOK).strip() == "ready 1"


@pytest.mark.django_db
@pytest.mark.usefixtures("old_database")
def test_of_two_restores_into_a_database_the_second_is_refused_and_the_first_comes_to_its_end(manage, tmp_path):
    backup, first = restore_begun(manage, tmp_path, "Preparing the tables")
    first.send_signal(signal.SIGSTOP)

    second = manage.start("new", "restore", backup, "--overwrite")
    output, errors = second.communicate()
    assert (second.returncode, output) == (1, "")
    assert errors.startswith("CommandError: Another restore into ")
    assert errors.count("\n") == 1

    first.send_signal(signal.SIGCONT)
    output, errors = first.communicate()
    assert (first.returncode, errors) == (0, "")
    assert "are back" in output
