"""The doctor names what is wrong, says what to do, and ends with a status that a monitor understands."""

import os
import socket
import subprocess
import sys
import threading
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from activity.outbox.models import OutboxMessage
from tickets.models import Ticket
from tms_site.doctor import database, surroundings
from tms_site.doctor.findings import Level
from tms_site.environment import BASE_DIR
from tms_site.lib.indexes import Missing

pytestmark = pytest.mark.django_db


def worst(examination):
    return max(examination(), key=lambda finding: finding.level)


def expect(examination, level, words):
    finding = worst(examination)
    assert (finding.level, words in finding.text) == (level, True), finding
    assert bool(finding.advice) == (level > Level.FINE)


EXAMINATIONS = [
    database.restoring,
    database.migrations,
    database.indexes,
    database.clock,
    surroundings.shared_cache,
    surroundings.disk,
    surroundings.mail,
    surroundings.outbox,
]


@pytest.mark.parametrize("examination", EXAMINATIONS, ids=lambda each: each.__name__)
def test_where_nothing_is_wrong_nothing_is_found(examination):
    assert worst(examination).level == Level.FINE


def test_the_server_is_named_whatever_it_is():
    found = worst(database.server)
    assert found.level < Level.PROBLEM
    assert found.text


@pytest.mark.mysql
def test_a_server_that_refuses_long_statements_is_told_how_long_they_are(monkeypatch):
    monkeypatch.setattr(database, "PACKET_LEAST", 1 << 40)
    # Whatever else may be said of the server that the tests run on.
    found = [each for each in database.server() if f"a single long row may need {database.LONGEST_ROW}" in each.text]
    assert [each.level for each in found] == [Level.WARNING]


def test_the_report_names_each_thing_and_its_status_is_the_worst(capsys, settings, tmp_path):
    settings.STATIC_ROOT = tmp_path
    with pytest.raises(SystemExit) as end:
        call_command("doctor")
    assert end.value.code == Level.PROBLEM
    report = capsys.readouterr().out
    assert "ok       migrations: all done" in report
    assert "PROBLEM  files: static files aren't collected" in report
    assert "→ Run `manage.py collectstatic`." in report


def test_with_integrity_it_checks_that_too(capsys, monkeypatch):
    monkeypatch.setattr("tms_site.management.commands.doctor.EXAMINATIONS", (surroundings.disk,))
    call_command("doctor", integrity=True)
    assert "ok       integrity" in capsys.readouterr().out
    # Without its entry in the log.
    ticket_behind_the_back()
    with pytest.raises(SystemExit):
        call_command("doctor", integrity=True)
    assert "PROBLEM  integrity" in capsys.readouterr().out


def ticket_behind_the_back():
    from tickets.factories import TicketFactory  # noqa: PLC0415 - only here

    return TicketFactory()


def test_a_database_that_is_away_is_one_line_and_the_end(capsys, monkeypatch):
    def away():
        raise OperationalError(2002, "Can't connect")
        yield

    monkeypatch.setattr("tms_site.management.commands.doctor.EXAMINATIONS", (away,))
    with pytest.raises(SystemExit):
        call_command("doctor")
    assert "the database doesn't answer: Can't connect" in capsys.readouterr().out


def test_migrations_that_wait_or_come_from_elsewhere_are_named():
    recorder = MigrationRecorder(connection)
    recorder.record_applied("tickets", "9999_from_tomorrow")
    expect(database.migrations, Level.WARNING, "tickets.9999_from_tomorrow")
    recorder.record_unapplied("tickets", "9999_from_tomorrow")
    last = recorder.migration_qs.filter(app="usersessions").latest("pk").name
    recorder.record_unapplied("usersessions", last)
    expect(database.migrations, Level.PROBLEM, last)


@pytest.mark.django_db(transaction=True)
def test_an_index_that_somebody_dropped_is_named_and_made_again_when_told_so(capsys, monkeypatch):
    monkeypatch.setattr("tms_site.management.commands.doctor.EXAMINATIONS", (database.indexes,))
    index = next(index for index in Ticket._meta.indexes if index.name == "ticket_resolved")
    with connection.schema_editor() as editor:
        editor.remove_index(Ticket, index)
    try:
        with pytest.raises(SystemExit):
            call_command("doctor")
        told = "PROBLEM  indexes: 1 missing: ticket_resolved\n         → Run `manage.py doctor --mend-indexes`"
        assert told in capsys.readouterr().out
    finally:
        call_command("doctor", mend_indexes=True)
    assert capsys.readouterr().out == "Made the index ticket_resolved.\nok       indexes: all there\n"


@pytest.mark.django_db(transaction=True)
def test_what_is_there_twice_and_may_not_be_is_named_where_its_index_is_to_be_made(monkeypatch):
    monkeypatch.setattr("tms_site.management.commands.doctor.EXAMINATIONS", ())

    def refuse(editor, model, index):
        raise IntegrityError(1062, "Duplicate entry '1-1'")

    index = next(index for index in Ticket._meta.indexes if index.name == "ticket_resolved")
    with connection.schema_editor() as editor:
        editor.remove_index(Ticket, index)
    with monkeypatch.context() as patch:
        patch.setattr(connection.SchemaEditorClass, "add_index", refuse)
        with pytest.raises(CommandError) as refusal:
            call_command("doctor", mend_indexes=True)
    call_command("doctor", mend_indexes=True)
    told = "ticket_resolved can't be made, since rows have the same twice: Duplicate entry '1-1'."
    assert str(refusal.value) == f"{told} Take one of each two away, and run the command again."


def test_before_the_first_migration_it_advises_just_that_and_the_table_of_the_cache(tmp_path):
    environment = os.environ | {
        "TMS_ENV_FILE": "", "TMS_LOCAL": "1", "DEBUG": "1", "SECRET_KEY": "for-doctors-" + "d" * 50,
        "DATA_DIR": str(tmp_path), "DATABASE_URL": f"sqlite:///{tmp_path}/tms.sqlite3",
        "DJANGO_SETTINGS_MODULE": "tms_site.settings",
    }  # fmt: skip
    command = [sys.executable, "manage.py", "doctor", "--no-color"]
    done = subprocess.run(command, cwd=BASE_DIR, env=environment, check=False, capture_output=True, text=True)  # noqa: S603 - our own command
    lines = done.stdout.splitlines()
    assert lines[lines.index("PROBLEM  cache: has no table tms_cache") + 1].endswith(
        "Run `manage.py createcachetable`."
    )
    assert [line for line in lines if "are waiting: " in line]
    assert not [line for line in lines if "indexes:" in line or "outbox:" in line]
    assert "DATABASE_URL" not in done.stdout


def test_an_index_that_may_be_what_waiting_migrations_make_is_not_called_missing(monkeypatch):
    monkeypatch.setattr(database, "missing_indexes", lambda: [Missing("ticket_new", make=str)])
    expect(database.indexes, Level.PROBLEM, "1 missing: ticket_new")
    monkeypatch.setattr(database, "waiting_migrations", lambda: ["tickets.0002_new"])
    assert list(database.indexes()) == []


def test_a_cache_without_its_table_is_told_what_makes_it(settings):
    backend = "django.core.cache.backends.db.DatabaseCache"
    settings.CACHES = {"default": {"BACKEND": backend, "LOCATION": "nowhere"}}
    expect(surroundings.shared_cache, Level.PROBLEM, "has no table nowhere")


def test_no_index_is_made_while_migrations_wait():
    recorder = MigrationRecorder(connection)
    recorder.record_unapplied("usersessions", recorder.migration_qs.filter(app="usersessions").latest("pk").name)
    with pytest.raises(CommandError, match="migrate` first"):
        call_command("doctor", mend_indexes=True)


def test_clocks_that_disagree_are_found(monkeypatch):
    later = timezone.now() + timedelta(minutes=3)
    monkeypatch.setattr(database, "timezone", SimpleNamespace(now=lambda: later))
    expect(database.clock, Level.WARNING, "180 s apart")


def test_a_cache_that_forgets_is_found(settings):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
    expect(surroundings.shared_cache, Level.PROBLEM, "forgets")


@pytest.mark.parametrize(("least", "level"), [("LEAST_FREE", Level.PROBLEM), ("LITTLE_FREE", Level.WARNING)])
def test_a_disk_that_fills_is_found(monkeypatch, least, level):
    monkeypatch.setattr(surroundings, least, 1 << 60)
    expect(surroundings.disk, level, "GiB free")


@pytest.mark.skipif(connection.vendor != "sqlite", reason="the disk of a server isn't seen from here")
def test_the_disk_of_sqlites_database_is_looked_at_where_it_is_another_one(monkeypatch, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    monkeypatch.setitem(connection.settings_dict, "NAME", tmp_path / "tms.sqlite3")
    assert len(list(surroundings.disk())) == 1
    monkeypatch.setitem(connection.settings_dict, "NAME", "/dev/tms.sqlite3")
    assert [finding.text.endswith("/dev") for finding in surroundings.disk()] == [True, False]


def test_debug_and_what_djangos_checks_say_are_found(settings):
    settings.DEBUG = True
    expect(surroundings.configuration, Level.PROBLEM, "DEBUG")
    settings.DEBUG = False
    settings.LOCAL_MODE = False
    found = [finding.text for finding in surroundings.configuration()]
    assert any(text.startswith("security.") for text in found), found


def test_what_everybody_may_read_is_found(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    os.chmod(tmp_path, 0o755)  # noqa: PTH101, S103 - this is what's to be found
    expect(surroundings.files, Level.PROBLEM, "may read")


@pytest.fixture
def mail_server():
    """A server that greets as mail servers do."""
    server = socket.create_server(("127.0.0.1", 0))

    def greet():
        talk, _ = server.accept()
        with talk:
            talk.sendall(b"220 mail.example.com ready\r\n")
            while line := talk.recv(1000):
                talk.sendall(b"221 bye\r\n" if line.startswith(b"QUIT") else b"250 mail.example.com\r\n")

    threading.Thread(target=greet, daemon=True).start()
    yield server.getsockname()[1]
    server.close()


def test_a_mail_server_is_asked_whether_it_is_there(settings, mail_server):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", mail_server
    expect(surroundings.mail, Level.FINE, "answers")
    settings.EMAIL_PORT = 1
    expect(surroundings.mail, Level.PROBLEM, "doesn't take it")


def test_an_outbox_that_nobody_empties_is_found():
    OutboxMessage.objects.create(kind="x", payload={}, is_dead=True)
    expect(surroundings.outbox, Level.WARNING, "1 given up")
    OutboxMessage.objects.create(kind="x", payload={}, available_at=timezone.now() - timedelta(minutes=7))
    expect(surroundings.outbox, Level.PROBLEM, "7 minutes")
