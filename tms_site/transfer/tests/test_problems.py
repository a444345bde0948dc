"""What's wrong with a file is told in a line that names file, line and column, and nothing of a bad batch is kept."""

import json
import os

import pytest
from django.core.management import CommandError
from django.db import IntegrityError, connection

from accounts.factories import UserFactory
from accounts.models import User
from activity.models import ActivityLog
from tickets.attachments import files
from tickets.attachments.models import Attachment
from tickets.external.models import ExternalKey
from tickets.models import Comment, Ticket
from tickets.watching.models import TicketWatcher

pytestmark = pytest.mark.django_db
JANE = {"email": "jane@example.com", "name": "Jane"}
TICKET = {"key": "7", "title": "Printer", "description": "It burns", "requester": "jane@example.com"}


@pytest.fixture
def jane(db):
    return UserFactory(email="jane@example.com")


@pytest.mark.parametrize(
    ("cells", "problem"),
    [
        ({"priority": "hgih"}, "priority: “hgih” is none of low, medium, high, urgent"),
        ({"title": ""}, "title: is missing"),
        ({"title": "x" * 256}, "title: Ensure this value has at most 255 characters (it has 256)."),
        ({"description": "x" * 100_001}, "description: Ensure this value has at most 100000 characters"),
        ({"title": "\u200b"}, "title: This field cannot be blank."),
        ({"title": "a\u202eb"}, "title: Remove the control characters or hidden direction marks from this text."),
        ({"requester": "nobody@example.com"}, "requester: “nobody@example.com” isn't among the users here"),
        ({"team": "Nobody"}, "team: “Nobody” isn't among the teams here or in earlier lines"),
        ({"created": "yesterday"}, "created: “yesterday” isn't a time like 2026-01-31T09:30:00Z"),
        ({"created": "2999-01-01T00:00:00Z"}, "created: “2999-01-01T00:00:00Z” lies before 1970 or in the future"),
        ({"resolved": "2020-01-01"}, "resolved: only a resolved ticket has this time"),
        ({"status": "resolved", "created": "2020-01-02", "resolved": "2020-01-01"}, "resolved: lies before the ticket"),
        ({"number": "-1"}, "number: “-1” begins like a formula"),
        ({"number": "99999999999"}, "number: “99999999999” isn't a whole number up to 2,000,000,000"),
        ({"tags": "x" * 41}, "tags: A tag has at most 40 characters"),
        ({"title": '=HYPERLINK("http://evil")'}, 'title: “=HYPERLINK("http://evil")” begins like a formula'),
        ({"description": "\t@SUM(1)"}, "description: “@SUM(1)” begins like a formula"),
    ],
)  # fmt: skip
def test_a_bad_value_is_named_by_file_line_and_column(cells, problem, write, refused, jane):
    lines = refused(write("tickets.csv", TICKET, TICKET | {"key": "8"} | cells))
    assert lines[0].startswith(f"tickets.csv, line 3, {problem}")
    assert lines[1:] == ["1 problem. Nothing was written."]
    assert not Ticket.objects.exists()
    assert not ExternalKey.objects.exists()
    assert not ActivityLog.objects.exists()


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "line 1: has no names of columns"),
        (b"name,name\n", "line 1: the column “name” stands there twice"),
        (b"name,description\n7\n", "line 2: has 1 cells, and the head 2"),
        (b'name,description\n7,"a\nb"\n\n8,c,d\n', "line 5: has 3 cells, and the head 2"),
        (b'name,description\n7,"never closed\n', "line 2: isn't CSV"),
        (b"name,description\n7,caf\xe9\n", "line 2: isn't UTF-8 (byte 6)"),
        ("name,description\n7,x\n".encode("utf-16"), "line 1: "),
        (b"name,description\n7,a\0b\n", "line 2: has a NUL character"),
        (b"name,description\n7," + b"x" * (2 << 20) + b"\n", "line 2: is longer than 2,097,152 bytes"),
    ],
)
def test_what_is_no_csv_is_refused(content, problem, write, refused):
    lines = refused(write("categories.csv", content))
    assert [line for line in lines if line.startswith(f"categories.csv, {problem}")]


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"[]", "isn't an object of JSON, between braces"),
        (b'{"key": "7"', "isn't JSON"),
        (b'{"key": "7", "key": "8"}', "isn't JSON: a name stands in it twice"),
        (b'{"key": NaN}', "isn't JSON: NaN isn't a number"),
        (b"[" * 100_000, "isn't JSON: too deep"),
        (b'{"key": ' + b"9" * 5_000 + b"}", "isn't JSON"),
        (b'{"key": "\xff"}', "isn't UTF-8"),
        (b'{"key": "7", "title": ["x"]}', "title: “['x']” isn't a text"),
        (b'{"key": "7", "title": "a\\u0000"}', "title: Remove the control characters"),
        (b'{"key": "\\ud800", "title": "a"}', "key: Remove the control characters"),
        (b'{"key": true, "title": "a"}', "key: “True” isn't a text"),
        (b'{"key": "7", "number": true}', "number: “True” isn't a whole number"),
    ],
)
def test_what_is_no_json_lines_is_refused(content, problem, write, refused):
    [first, *_rest] = refused(write("tickets.jsonl", content + b"\n"))
    assert first.startswith("tickets.jsonl, line 1")
    assert problem in first


def test_an_object_of_json_with_an_unknown_name_is_told_by_its_line(write, refused, jane):
    lines = refused(write("tickets.jsonl", TICKET, TICKET | {"key": "8", "colour": "red"}))
    assert lines[0].startswith(
        "tickets.jsonl, line 2, “colour”: no column of tickets is called so. There are: key, number"
    )


def test_a_batch_is_kept_whole_or_not_at_all(write, refused, bring, jane):
    rows = [TICKET | {"key": str(number)} for number in range(5)]
    lines = refused(write("tickets.csv", *rows, TICKET | {"key": "9", "status": "x"}), "--batch", "4")
    assert lines[-1] == "1 problem. Kept of earlier batches: 4 tickets."
    assert Ticket.objects.count() == 4
    assert "Wrote 2 tickets; 4 were here already." in bring(write("tickets.csv", *rows, TICKET | {"key": "9"}))


def test_each_problem_of_a_batch_is_told(write, refused, jane):
    rows = [TICKET | {"key": "1", "status": "x"}, TICKET | {"key": "2", "priority": "x"}]
    assert [line.split(":")[0] for line in refused(write("tickets.csv", *rows))[:2]] == [
        "tickets.csv, line 2, status",
        "tickets.csv, line 3, priority",
    ]


def test_the_same_key_twice_is_a_mistake_in_whichever_batch(write, refused, jane):
    for batch in ("1", "2"):
        path = write("tickets.csv", TICKET | {"key": batch}, TICKET | {"key": batch, "title": "Another"})
        assert f"key: “{batch}” stands in an earlier line too" in refused(path, "--batch", batch)[0]


def test_a_number_that_is_taken_is_named_and_new_ones_can_be_asked_for(write, refused, bring, jane):
    Ticket.objects.create(pk=7, title="Mine", description="Mine", requester=jane)
    path = write("tickets.csv", TICKET | {"number": 7})
    assert "number: 7 is taken here. With --new-numbers" in refused(path)[0]
    bring(path, "--new-numbers")
    assert Ticket.objects.exclude(pk=7).get().title == "Printer"


def test_a_bad_row_is_told_of_once_not_with_all_that_speaks_of_it(write, refused, export, bring, jane):
    folder = export()
    for name, rows in {
        "users": [JANE | {"role": "boss", "email": "new@example.com"}],
        "tickets": [TICKET | {"requester": "new@example.com"}],
        "comments": [{"key": "1", "ticket": "7", "author": "new@example.com", "text": "Hi"}],
        "ratings": [{"ticket": "7", "value": "good"}],
    }.items():
        (folder / f"{name}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    (folder / "manifest.json").unlink()
    seal(folder)
    lines = refused(folder)
    problem = "users.jsonl, line 1, role: “boss” is none of requester, agent, sysadmin"
    assert lines == [problem, "1 problem. Nothing was written."]


def seal(folder):
    """Give a folder a manifest that fits."""
    from hashlib import sha256  # noqa: PLC0415 - only here

    tables = {}
    for path in folder.glob("*.jsonl"):
        content = path.read_bytes()
        tables[path.stem] = {"rows": content.count(b"\n"), "sha256": sha256(content).hexdigest()}
    (folder / "manifest.json").write_text(json.dumps({"format": 1, "source": "x", "tables": tables}))


# --- Files and folders ---------------------------------------------------------------------------------------------


def test_what_is_no_file_or_none_of_ours_is_refused_in_one_line(tmp_path, write, refused):
    for nowhere in (tmp_path / "no.csv", tmp_path / "no"):
        assert refused(nowhere) == [f"There is no file or folder {nowhere}."]
    assert "ends in neither .csv nor .jsonl" in refused(write("users.csv.gz", b"\x1f\x8b"), "--table", "users")[0]
    assert "is the name of no table: say with --table" in refused(write("people.csv", b"email\n"))[0]
    (tmp_path / "pipe.csv").unlink(missing_ok=True)
    os.mkfifo(tmp_path / "pipe.csv")
    assert "There is no file" in refused(tmp_path / "pipe.csv", "--table", "users")[0]


def test_a_part_of_an_export_is_refused(export, refused, tmp_path):
    folder = export()
    (folder / "tickets.jsonl").write_text('{"key": "1"}\n')
    assert "tickets.jsonl isn't what the manifest says" in refused(folder)[0]
    (folder / "tickets.jsonl").unlink()
    assert "tickets.jsonl can't be read" in refused(folder)[0]
    (folder / "manifest.json").write_text('{"format": 2, "tables": {}}')
    assert "has the format 2; this release reads 1" in refused(folder)[0]
    (folder / "manifest.json").write_text("[]")
    assert "manifest.json can't be read" in refused(folder)[0]
    (folder / "manifest.json").unlink()
    assert "has no manifest.json: it's no export of TMS, or only a part of one" in refused(folder)[0]
    (folder / "manifest.json").symlink_to("/etc/passwd")
    assert "manifest.json can't be read" in refused(folder)[0]


FILE = {"key": "1", "ticket": "7", "name": "report.txt"}


@pytest.fixture
def ticket(write, bring, jane):
    bring(write("tickets.csv", TICKET))
    return Ticket.objects.get()


@pytest.mark.parametrize(
    ("cells", "problem"),
    [
        ({"file": "../secret.txt"}, "file: “../secret.txt” isn't a path within the folder"),
        ({"file": "/etc/passwd"}, "file: “/etc/passwd” isn't a path within the folder"),
        ({"file": "a\\..\\b"}, "isn't a path within the folder"),
        ({"file": "link.txt"}, "file: “link.txt”: "),
        ({"file": "way/report.txt"}, "file: “way/report.txt”: "),
        ({"file": "nothing.txt"}, "file: “nothing.txt”: there's no such file"),
        ({"file": "files"}, "file: “files” isn't a file"),
        ({"file": "files/pipe"}, "file: “files/pipe” isn't a file"),
        ({"file": "files/report.txt", "name": "run.exe"}, "file: “run.exe”: files that end in .exe aren't taken"),
        ({"file": "files/empty.txt"}, "file: “report.txt” is empty."),
        ({"file": "files/report.txt", "size": 1}, "size: the file has 4 bytes"),
        ({"file": "files/report.txt", "sha256": "0" * 64}, "sha256: the file is another one"),
        ({"file": "files/report.txt", "ticket": "8"}, "ticket: “8” isn't among the tickets here"),
    ],
)
def test_a_file_from_elsewhere_or_of_another_kind_is_refused(cells, problem, write, refused, ticket, tmp_path):
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "report.txt").write_text("fine")
    (folder / "empty.txt").touch()
    os.mkfifo(folder / "pipe")
    (tmp_path / "link.txt").symlink_to(folder / "report.txt")
    (tmp_path / "way").symlink_to(folder)
    assert problem in refused(write("attachments.jsonl", FILE | cells))[0]
    assert not Attachment.objects.exists()


def test_bytes_of_a_refused_batch_do_not_stay(write, refused, bring, ticket, tmp_path, is_whole):
    (tmp_path / "report.txt").write_text("fine")
    rows = [
        FILE | {"file": "report.txt"},
        FILE | {"file": "report.txt", "key": "2", "uploaded_by": "nobody@example.com"},
    ]
    before = stored()
    assert "uploaded_by: “nobody@example.com” isn't among the users" in refused(write("attachments.jsonl", *rows))[0]
    assert stored() == before
    bring(write("attachments.jsonl", rows[0]))
    assert files.digest_of(Attachment.objects.get().storage_name)[1] == 4
    is_whole()


def stored():
    storage = files.storage()
    folders = storage.listdir("")[0] if storage.exists("") else []
    return sorted(name for folder in folders for name in storage.listdir(folder)[1])


# --- What an operator may do ---------------------------------------------------------------------------------------


def test_a_dry_run_tells_of_each_line_and_writes_nothing(write, bring, refused, jane):
    path = write("tickets.csv", TICKET, TICKET | {"key": "8"})
    said = bring(path, "--dry-run").splitlines()
    assert said == [
        "tickets.csv, line 2: tickets: “7” is new",
        "tickets.csv, line 3: tickets: “8” is new",
        "Would write 2 tickets; 0 were here already.",
    ]
    assert not Ticket.objects.exists()
    bring(write("tickets.csv", TICKET))
    bad = write(
        "tickets.csv", TICKET, TICKET | {"key": "8", "status": "x"}, TICKET | {"key": "9"}, TICKET | {"key": "9"}
    )
    assert refused(bad, "--dry-run", "--batch", "1") == [
        "tickets.csv, line 2: tickets: “7” is here already",
        "tickets.csv, line 3, status: “x” is none of open, in_progress, waiting, resolved",
        "tickets.csv, line 4: tickets: “9” is new",
        "tickets.csv, line 5, key: “9” stands in an earlier line too",
        "2 problems. Nothing was written.",
    ]


def test_a_dry_run_of_an_export_finds_what_earlier_lines_bring(export, bring, forget_everything, jane, ticket):
    folder = export()
    forget_everything()
    assert "Would write 1 users, 1 tickets" in bring(folder, "--dry-run", "--batch", "1")
    assert not User.objects.exists()


def test_what_was_deleted_here_does_not_come_back(write, bring, refused, ticket, sysadmin):
    from tickets import services  # noqa: PLC0415 - only here

    services.delete_ticket(actor=sysadmin, ticket_id=ticket.pk)
    assert "Nothing new: 1 rows were here already." in bring(write("tickets.csv", TICKET))
    late = write("comments.csv", {"key": "1", "ticket": "7", "author": "jane@example.com", "text": "Hi"})
    assert "ticket: “7” was imported, and has been deleted here since" in refused(late)[0]


def test_keys_of_two_sources_do_not_meet(write, bring, jane):
    path = write("tickets.csv", TICKET)
    bring(path, "--source", "north")
    assert "Wrote 1 tickets" in bring(path, "--source", "South")
    assert "Nothing new" in bring(path, "--source", "north")
    assert "Wrote 1 tickets" in bring(path, "--source", "south")


def test_comments_can_be_added_to_tickets_of_this_tms(write, bring, jane, ticket, is_whole):
    row = {"key": "1", "ticket": f"#{ticket.pk}", "author": "JANE@example.com", "text": "Hi", "is_internal": "no"}
    bring(write("comments.csv", row))
    assert Comment.objects.get().commented_by == jane
    assert is_there_already(bring(write("comments.csv", row)))


def is_there_already(said):
    return "Nothing new" in said


def test_times_without_a_zone_are_those_of_the_zone_that_was_said(write, bring, jane):
    bring(write("tickets.csv", TICKET | {"created": "2026-01-31 12:00"}), "--time-zone", "Europe/Berlin")
    assert Ticket.objects.get().creation_date.isoformat() == "2026-01-31T11:00:00+00:00"


def test_an_apostrophe_before_a_formula_is_taken_away_as_our_own_lists_have_it(write, bring, jane):
    bring(write("tickets.csv", TICKET | {"title": "'=1+1", "description": "- a list\n- of things"}))
    assert Ticket.objects.get().title == "=1+1"


def test_semicolons_and_a_byte_order_mark_are_as_good(write, bring, db):
    bring(write("users.csv", "\ufeffemail;name\njane@example.com;Jane Doe\n".encode()))
    user = User.objects.get()
    assert (user.username, user.role, user.has_usable_password()) == ("Jane Doe", "requester", False)


def test_nothing_is_exported_over_something(export, tmp_path):
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "mine").touch()
    with pytest.raises(CommandError, match="isn't an empty folder"):
        export("taken")
    (tmp_path / "way").symlink_to(tmp_path)
    with pytest.raises(CommandError, match="isn't an empty folder"):
        export("way")
    with pytest.raises(CommandError, match="can't be written"):
        export("no/where")
    (tmp_path / "empty").mkdir()
    export("empty")


def test_only_its_owner_reads_an_export(export, ticket, write, bring, tmp_path):
    (tmp_path / "report.txt").write_text("fine")
    bring(write("attachments.jsonl", FILE | {"file": "report.txt"}))
    folder = export()
    modes = {path: path.stat().st_mode & 0o777 for path in [folder, *folder.rglob("*")]}
    assert {mode for path, mode in modes.items() if path.is_dir()} == {0o700}
    assert {mode for path, mode in modes.items() if path.is_file()} == {0o600}


def test_an_export_that_breaks_off_leaves_nothing(export, tmp_path, ticket, monkeypatch):
    monkeypatch.setattr("tms_site.transfer.exporting.MANIFEST", "no/where.json")
    with pytest.raises(CommandError, match="can't be written"):
        export()
    assert [path.name for path in tmp_path.iterdir()] == ["tickets.csv"]


def test_what_the_database_refuses_is_one_line_too(write, refused, ticket, jane):
    def watch_meanwhile(execute, sql, params, many, context):
        if sql.startswith("INSERT") and TicketWatcher._meta.db_table in sql:
            raise IntegrityError("they watch it already")
        return execute(sql, params, many, context)

    path = write("watchers.jsonl", {"ticket": "7", "user": jane.email})
    with connection.execute_wrapper(watch_meanwhile):
        said = refused(path)
    assert "watchers.jsonl, line 1 to 1: the database refused them (they watch it already)" in said[0]
