"""Operators' commands without a database that works, with options that can't be, and ended by who has started them."""

import os
import subprocess
import sys

import pytest
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command, get_commands, load_command_class
from django.db import InterfaceError, OperationalError, connection

from tickets.attachments import files
from tms_site import environment
from tms_site.environment import BASE_DIR

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "command",
    [
        ["seed"],
        ["check_integrity"],
        ["create_sysadmin", "--email", "new@example.com"],
        ["purge_activity", "--before", "2026-01-01"],
        ["rebuild_search_index"],
        ["empty_trash"],
        ["clean_attachments"],
        ["reassign_tickets", "--from", "a@example.com", "--unassign"],
    ],
)
def test_a_database_that_does_not_answer_is_one_clear_line(command, monkeypatch, settings, tmp_path):
    settings.LOCAL_MODE = True
    settings.STORAGES = {**settings.STORAGES, "attachments": environment.attachment_storage(tmp_path)}
    # Without any file nobody would ask the database whose it is.
    files.storage().save("aa/aa1", ContentFile(b"left over"))
    monkeypatch.setenv("TMS_SYSADMIN_PASSWORD", "Correct-horse-9")

    def away(*args):
        raise OperationalError(2006, "Server has gone away")

    with connection.execute_wrapper(away), pytest.raises(CommandError) as refusal:
        call_command(*command)
    expected = "The database doesn't work: Server has gone away. Is it there, and has `migrate` been run?"
    assert str(refusal.value) == expected


def test_nor_is_a_connection_that_was_lost_more_than_one_line():
    def lost(*args):
        raise InterfaceError(0, "connection already closed")

    with connection.execute_wrapper(lost), pytest.raises(CommandError, match="connection already closed"):
        call_command("empty_trash")


OURS = ("accounts", "tickets", "activity", "tms_site")


def our_commands():
    return sorted(name for name, app in get_commands().items() if app in OURS)


def command_line(*words):
    command = load_command_class(get_commands()[words[0]], words[0])
    command.run_from_argv(["manage.py", *words])


@pytest.mark.parametrize("name", our_commands())
def test_an_unknown_option_is_one_clear_line_that_says_how_to_get_help(name, capsys):
    needed = {
        "backup": ["tms.zip"],
        "export_all": ["somewhere"],
        "import_tickets": ["tickets.csv"],
        "purge_activity": ["--before", "2026-01-01"],
        "reassign_tickets": ["--from", "a@b.c", "--unassign"],
        "restore": ["tms.zip"],
    }
    with pytest.raises(SystemExit) as end:
        command_line(name, *needed.get(name, []), "--nonsense")
    assert end.value.code == 2
    said = capsys.readouterr()
    expected = f"manage.py {name}: unrecognized arguments: --nonsense. Help: manage.py {name} --help\n"
    assert (said.out, said.err) == ("", expected)


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["purge_activity"], "the following arguments are required: --before"),
        (["reassign_tickets", "--from", "a@b.c"], "one of the arguments --to --unassign is required"),
        (
            ["import_tickets", "a.csv", "--time-zone", "Moon"],
            "argument --time-zone: 'Moon' is not a time zone like Europe/Berlin",
        ),
        (["import_tickets", "a.csv", "--batch", "0"], "argument --batch: '0' is not a whole number from 1 to 10,000"),
        (["generate_tickets", "--tickets", "0"], "argument --tickets: '0' is not a whole number above zero"),
    ],
)
def test_a_missing_or_impossible_option_is_one_clear_line(words, reason, capsys):
    with pytest.raises(SystemExit) as end:
        command_line(*words)
    assert end.value.code == 2
    assert capsys.readouterr().err == f"manage.py {words[0]}: {reason}. Help: manage.py {words[0]} --help\n"


def test_a_command_called_from_python_raises_what_is_wrong_with_its_options():
    with pytest.raises(CommandError, match=r"\Athe following arguments are required: --before\Z"):
        call_command("purge_activity")


def test_ctrl_c_is_one_clear_line_and_the_status_of_shells(monkeypatch, capsys):
    def interrupted(*args):
        raise KeyboardInterrupt

    monkeypatch.setattr("tms_site.management.commands.doctor.EXAMINATIONS", (interrupted,))
    with pytest.raises(SystemExit) as end:
        command_line("doctor")
    assert end.value.code == 130
    assert capsys.readouterr().err == "CommandError: Interrupted before its end. To finish, run it again.\n"


def test_ctrl_c_ends_whoever_has_called_a_command_too(monkeypatch):
    def interrupted(*args):
        raise KeyboardInterrupt

    monkeypatch.setattr("tms_site.management.commands.doctor.EXAMINATIONS", (interrupted,))
    with pytest.raises(KeyboardInterrupt):
        call_command("doctor")


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_command_that_nobody_listens_to_any_more_ends_without_a_word(unbuffered, tmp_path):
    environment = os.environ | {
        "TMS_ENV_FILE": "", "TMS_LOCAL": "1", "DEBUG": "1", "SECRET_KEY": "for-pipes-" + "p" * 50,
        "DATA_DIR": str(tmp_path), "DATABASE_URL": f"sqlite:///{tmp_path}/tms.sqlite3",
        "DJANGO_SETTINGS_MODULE": "tms_site.settings", "PYTHONUNBUFFERED": unbuffered,
    }  # fmt: skip
    reader, writer = os.pipe()
    os.close(reader)
    command = [sys.executable, "manage.py", "doctor"]
    done = subprocess.run(command, cwd=BASE_DIR, env=environment, check=False, stdout=writer, stderr=subprocess.PIPE)  # noqa: S603 - our own
    os.close(writer)
    assert (done.returncode, done.stderr) == (141, b"")


def test_a_pipe_of_somebody_elses_that_breaks_is_not_hidden(monkeypatch, capsys):
    def broken():
        raise BrokenPipeError
        yield

    monkeypatch.setattr("tms_site.management.commands.doctor.EXAMINATIONS", (broken,))
    with pytest.raises(BrokenPipeError):
        command_line("doctor")
