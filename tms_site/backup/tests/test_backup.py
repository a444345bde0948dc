"""A backup that was made while people work can be put back, whole, on either engine."""

import errno
import json
import os
import zipfile
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tms_site.backup import saving
from tms_site.tests.programs import MAKE_THE_DEMO

WHOLE = {"format": 1, "made_at": "", "migrations": [], "next_numbers": {}, "models": {}, "files": 0, "vanished": []}
SHELL = ("shell", "--no-imports", "-c")
# Makes the database, with more texts than a statement can be long on the server, and opens tickets until it's told to
# stop; says each number once it's written. SQLite has no such limit.
WORK = (
    MAKE_THE_DEMO
    + """
from django.db import connection
from accounts.models import User
from tickets import services
jane = User.objects.get(email="jane.doe@example.com")
long = services.create_ticket(actor=jane, title="Long", description="As long as can be.").ticket
for _each in range(45 if connection.vendor == "mysql" else 1):
    services.add_comment(actor=jane, ticket_id=long.pk, description="\N{GRINNING FACE}" * 100_000)
for number in range(100_000):
    ticket = services.create_ticket(actor=jane, title=f"Again {number}", description="It's back.").ticket
    services.add_comment(actor=jane, ticket_id=ticket.pk, description="Yes, it is.")
    print(ticket.pk, flush=True)
"""
)
# Looks at what was put back: the numbers of its tickets, the next one, a log-in, and whether all agrees.
LOOK = """
from django.core.management import call_command
from django.test import Client
from accounts.models import User
from tickets import services
from tickets.models import Ticket
print(*Ticket.objects.order_by("pk").values_list("pk", flat=True))
client = Client(headers={"host": "127.0.0.1"})
sent = {"login": "jane.doe@example.com", "password": "Hello123."}
assert client.post("/accounts/login/", sent).status_code == 302
assert "Again" in client.get("/tickets/?q=Again").content.decode()
jane = User.objects.get(email="jane.doe@example.com")
print(services.create_ticket(actor=jane, title="New", description="New").ticket.pk)
call_command("check_integrity")
"""


def next_number(process):
    line = process.stdout.readline()
    assert line, process.stderr.read()
    return int(line)


@contextmanager
def people_at_work(manage, name):
    """Let somebody work meanwhile; gives the numbers of the tickets that were acknowledged, as they come."""
    process = manage.start(name, *SHELL, WORK)
    try:
        acknowledged = [next_number(process) for _ in range(3)]
        yield acknowledged
    finally:
        process.kill()
        rest, errors = process.communicate()
    acknowledged += [int(line) for line in rest.splitlines()]
    assert errors == ""


@pytest.mark.django_db
@pytest.mark.usefixtures("old_database")
def test_a_backup_made_under_load_is_put_back_whole(manage, tmp_path):
    kept = tmp_path / "old" / "attachments" / "ab" / "kept"
    kept.parent.mkdir(parents=True)
    kept.write_bytes(b"\x00\xff")
    backup = tmp_path / "tms.zip"
    with people_at_work(manage, "old") as acknowledged:
        before = list(acknowledged)
        assert "rows and 1 files in" in manage("old", "backup", backup)
    assert backup.stat().st_mode & 0o077 == 0

    assert "are back" in manage("new", "restore", backup)
    restored, new, *_checked = manage("new", *SHELL, LOOK).splitlines()
    numbers = [int(each) for each in restored.split()]
    # What was acknowledged before it began is in it; it's one moment, so that no number is missing in between.
    assert set(before) <= set(numbers)
    assert numbers == list(range(1, len(numbers) + 1))
    # It goes on with a number that nobody has had; MariaDB has given one away to what was under way.
    assert int(new) > numbers[-1]
    assert (tmp_path / "new" / "attachments" / "ab" / "kept").read_bytes() == b"\x00\xff"


BACK = """
from tms_site.backup.state import applied, migrate_to
early = [("accounts", "0001_initial"), ("accounts", "0002_user_version")]
user = migrate_to(early).get_model("accounts", "User")
print(hasattr(user, "version"), hasattr(user, "shortcuts"), applied() == early)
"""


@pytest.mark.django_db
def test_a_backup_from_among_squashed_migrations_finds_the_tables_of_its_time(manage):
    assert manage("early", *SHELL, BACK).split() == ["True", "False", "True"]


@pytest.fixture
def no_backup(tmp_path):
    """Make a file that looks like a backup, with a manifest of one's choice."""

    def make(manifest):
        path = tmp_path / "backup.zip"
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("manifest.json", json.dumps(manifest))
        return path

    return make


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("manifest", "reason"),
    [({"format": 99}, "this release reads 1"), (WHOLE | {"migrations": [["tickets", "9999_x"]]}, "newer release")],
)
def test_a_backup_of_another_kind_is_refused_in_one_line(no_backup, manifest, reason):
    with pytest.raises(CommandError, match=reason):
        call_command("restore", no_backup(manifest))


@pytest.mark.django_db
def test_what_holds_something_is_not_written_over_unless_told_to(no_backup, requester):
    backup = no_backup({"format": 1, "migrations": []})
    with pytest.raises(CommandError, match="isn't empty"):
        call_command("restore", backup)
    requester.refresh_from_db()


@pytest.mark.django_db
def test_what_is_no_backup_is_refused_in_one_line(tmp_path, no_backup):
    with pytest.raises(CommandError, match="There is no file"):
        call_command("restore", tmp_path / "nothing.zip")
    (tmp_path / "text.zip").write_text("Dear diary")
    with pytest.raises(CommandError, match="no backup of TMS"):
        call_command("restore", tmp_path / "text.zip")
    broken = no_backup({"format": 1, "migrations": [], "padding": "x" * 2000})
    content = bytearray(broken.read_bytes())
    content[200] ^= 0xFF
    broken.write_bytes(content)
    with pytest.raises(CommandError, match="damaged"):
        call_command("restore", broken)


@pytest.mark.django_db
def test_a_backup_is_not_written_over_nor_left_half_done(tmp_path):
    taken = tmp_path / "taken.zip"
    taken.write_text("mine")
    with pytest.raises(CommandError, match="exists already"):
        call_command("backup", taken)
    with pytest.raises(CommandError, match="can't be written"):
        call_command("backup", tmp_path / "no" / "where.zip")
    assert [path.name for path in Path(tmp_path).iterdir()] == ["taken.zip"]


@pytest.mark.django_db
@pytest.mark.usefixtures("old_database")
def test_what_is_attached_and_cannot_be_read_is_named_and_nothing_is_saved(manage, tmp_path):
    manage("old", "migrate", "--verbosity=0")
    folder = tmp_path / "old" / "attachments" / "ab"
    folder.mkdir(parents=True)
    # A link to itself even root can't follow.
    (folder / "kept").symlink_to("kept")
    (tmp_path / "saved").mkdir()
    process = manage.start("old", "backup", tmp_path / "saved" / "tms.zip")
    said = process.communicate()[1]
    assert said.startswith("CommandError: Nothing is saved. The folder ab of attached files can't be read: ")
    assert (process.returncode, list((tmp_path / "saved").iterdir())) == (1, [])


@pytest.fixture
def meanwhile(monkeypatch):
    """Let backups have nothing in them, and something happen once while the first one is written."""
    happenings = []

    def write(archive, tell):
        if happenings:
            happenings.pop()()
        return {"format": saving.FORMAT, "models": {}, "files": 0}

    monkeypatch.setattr(saving, "_write", write)
    return happenings.append


@pytest.mark.django_db
def test_of_two_backups_to_one_name_the_second_says_so_and_harms_neither(tmp_path, meanwhile):
    path = tmp_path / "tms.zip"
    meanwhile(lambda: call_command("backup", path))
    with pytest.raises(CommandError, match="exists already"):
        call_command("backup", path)
    assert [each.name for each in tmp_path.iterdir()] == ["tms.zip"]
    with zipfile.ZipFile(path) as archive:
        assert archive.namelist() == ["manifest.json"]


@pytest.mark.django_db
def test_where_a_file_can_have_one_name_only_a_backup_gets_it_and_overwrites_nothing(tmp_path, meanwhile, monkeypatch):
    def refuse(source, target):
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    path, taken = tmp_path / "tms.zip", tmp_path / "taken.zip"
    call_command("backup", path)
    assert zipfile.is_zipfile(path)
    meanwhile(lambda: taken.write_text("mine"))
    with pytest.raises(CommandError, match="exists already"):
        call_command("backup", taken)
    assert taken.read_text() == "mine"
    assert {each.name for each in tmp_path.iterdir()} == {"tms.zip", "taken.zip"}
