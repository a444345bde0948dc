"""What other systems give out becomes people, tickets and comments; what isn't for TMS is named."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.management import CommandError

from accounts.models import User
from tickets.attachments.models import Attachment
from tickets.models import Comment, Ticket
from tms_site.transfer.mappings.texts import address_of, plain

pytestmark = pytest.mark.django_db
SAMPLES = Path(__file__).parent / "samples"
HELPDESK = ("--mapping", "django-helpdesk", "--files", SAMPLES / "media")


def people():
    rows = User.objects.order_by("email").values_list("email", "username", "role", "is_active")
    return [" ".join(map(str, row)) for row in rows]


def comments(ticket):
    rows = ticket.comments.order_by("creation_date")
    return [(row.commented_by.username, row.description, row.is_internal) for row in rows]


@pytest.mark.parametrize("batch", ["1", "200"])
def test_django_helpdesk(batch, bring, is_whole):
    said = bring(SAMPLES / "helpdesk.jsonl", *HELPDESK, "--batch", batch)
    assert people() == [
        "helpdesk@imported.invalid Helpdesk agent False",
        "ines@example.org Ines Costa agent True",
        "root@imported.invalid root agent True",
        "rui@example.org rui requester True",
        "unknown@imported.invalid Unknown requester False",
    ]
    first, second = Ticket.objects.order_by("pk")
    assert (first.status, first.priority, first.category.name) == ("resolved", "high", "IT")
    assert (first.requester.email, first.assigned_agent.username) == ("rui@example.org", "Ines Costa")
    assert first.description == "It says *descale me*.\ufffd"
    assert first.resolution_date == datetime(2023, 2, 3, 10, tzinfo=UTC)
    assert first.first_response_at == datetime(2023, 2, 1, 9, 30, tzinfo=UTC)
    assert (second.status, second.priority, second.description) == ("waiting", "low", "No chairs")
    assert comments(first) == [
        ("Ines Costa", "Have you tried water?", False),
        ("rui", "I did.", False),
        ("Helpdesk", "Escalated by itself.", True),
        # Two accounts with one address are one person here.
        ("Ines Costa", "Descaled.", False),
    ]
    assert [(file.name, file.comment_id) for file in Attachment.objects.all()] == [
        ("manual.txt", Comment.objects.order_by("creation_date")[0].pk),
        ("again.txt", None),
    ]
    assert "Left out 1: files that end in .html." in said
    assert "Left out 1: follow-ups without a text." in said
    assert "Left out 1: helpdesk.kbcategory isn't carried." in said
    is_whole()
    assert "Nothing new" in bring(SAMPLES / "helpdesk.jsonl", *HELPDESK)


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ('{"pk": 1}', "line 1: isn't an object of dumpdata, with model, pk and fields"),
        ('{"model": "helpdesk.ticket", "pk": 1, "fields": {"queue": 9}}', "queue: 9 isn't a queue of an earlier line"),
        ('{"model": "helpdesk.ticket", "pk": 1, "fields": {"status": 9}}', "status: 9 is none of django-helpdesk's"),
        ('{"model": "helpdesk.followup", "pk": 1, "fields": {"ticket": 9, "comment": "x", "public": 1}}', "ticket: “9"),
    ],
)  # fmt: skip
def test_a_dump_that_does_not_fit_is_told_by_its_line(line, problem, bring, write):
    said = []
    with pytest.raises(CommandError):
        bring(write("dump.jsonl", f"{line}\n".encode()), *HELPDESK, said=said)
    assert problem in said[0]


def test_files_of_a_dump_need_a_folder(bring):
    said = []
    with pytest.raises(CommandError):
        bring(SAMPLES / "helpdesk.jsonl", "--mapping", "django-helpdesk", said=said)
    assert "line 13, file: say with --files where the files are" in said[0]


def test_a_dump_leads_to_no_file_elsewhere(bring, tmp_path):
    shutil.copytree(SAMPLES / "media", tmp_path / "media")
    manual = tmp_path / "media/helpdesk/attachments/it-12/31/manual.txt"
    manual.unlink()
    manual.symlink_to("/etc/passwd")
    with pytest.raises(CommandError, match="2 problems"):
        bring(SAMPLES / "helpdesk.jsonl", "--mapping", "django-helpdesk", "--files", tmp_path / "media")


OSTICKET = ("--mapping", "osticket", "--time-zone", "Europe/Oslo")
FILES = ("osticket-agents.jsonl", "osticket-users.csv", "osticket-tickets.csv", "osticket-threads.jsonl")


def test_osticket(bring, is_whole):
    said = [bring(SAMPLES / name, *OSTICKET) for name in FILES]
    assert people() == [
        "gone-long@imported.invalid Gone Long agent False",
        "otto@example.net Otto Berg requester True",
        "system@imported.invalid SYSTEM agent False",
        "vera@example.net Vera Lind agent True",
    ]
    first, second = Ticket.objects.order_by("pk")
    assert (first.title, first.status, first.priority) == ("-Stairs creak", "open", "urgent")
    assert (first.category.name, first.team.name) == ("Building / Stairs", "Carpenters")
    assert (first.assigned_agent.username, first.requester.username) == ("Vera Lind", "Otto Berg")
    assert first.creation_date == datetime(2024, 5, 1, 6, tzinfo=UTC)
    assert (second.status, second.priority, second.category.name) == ("resolved", "medium", "Support")
    assert second.resolution_date == datetime(2024, 5, 4, 5, tzinfo=UTC)
    assert second.assigned_agent.username == "Gone Long"
    assert comments(first) == [
        ("Otto Berg", "Each night,\nat three.\n\nA < B", False),
        ("Vera Lind", "Is <it> a ghost?", False),
        ("SYSTEM", "Assigned by a rule", True),
    ]
    assert comments(second) == [("Otto Berg", "Dark <<<b", False)]
    assert "Left out 1: entries of threads without a text." in said[-1]
    is_whole()
    assert all("Nothing new" in bring(SAMPLES / name, *OSTICKET) for name in FILES)


def test_what_is_no_file_of_osticket_is_told(bring, write):
    said = []
    with pytest.raises(CommandError):
        bring(write("tasks.csv", {"Task Number": "1"}), *OSTICKET, said=said)
    assert "tasks.csv, line 1: has none of the columns Ticket Number, Email, staff_id" in said[0]


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("a<br/>b", "a\nb"),
        ("<style>p{}</style>x<SCRIPT>y</SCRIPT>z", "xz"),
        ("&lt;b&gt; &amp;&nbsp;c", "<b> & c"),
        ("<!--" * 50_000, "<!--" * 50_000),
        ("<script>" * 50_000, ""),
        ("1 < 2 > 1", "1 1"),
    ],
)
def test_html_becomes_plain_text_whatever_it_is_like(html, text):
    assert plain(html) == text


def test_a_name_becomes_an_address_that_leads_nowhere():
    assert address_of("Zoë..Ärger ") == "zo-.-rger@imported.invalid"
    assert address_of("…") == "unknown@imported.invalid"
