"""Leftovers are removed, and what's missing or changed is named."""

import os
import time

import pytest
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from django.db import connection

from activity.integrity import Progress
from activity.integrity.attachments import check_attachments
from activity.models import ActivityLog
from tickets import services
from tickets.attachments import files
from tickets.attachments.models import Attachment
from tickets.factories import TicketFactory, picture, upload
from tms_site.tests.integrity import findings as everything_found

pytestmark = pytest.mark.django_db
TWO_DAYS = 2 * 24 * 3600


@pytest.fixture
def attachment(ticket, requester, folder):
    return services.add_comment(
        actor=requester, ticket_id=ticket.pk, description="Look", attachments=[picture()]
    ).comment.attachments.get()


def orphan(folder, name, age=TWO_DAYS):
    files.storage().save(name, ContentFile(b"left over"))
    moment = time.time() - age
    os.utime(folder / name, (moment, moment))


def test_orphans_older_than_a_day_are_removed_and_nothing_else(folder, attachment, capsys):
    moment = time.time() - TWO_DAYS
    for path in folder.rglob("*"):
        os.utime(path, (moment, moment))
    orphan(folder, "aa/aa1")
    orphan(folder, "aa/aa1.preview")
    orphan(folder, "bb/bb1.preview")
    orphan(folder, "aa/aa2", age=3600)
    call_command("clean_attachments", "--dry-run")
    assert capsys.readouterr().out.splitlines()[-1] == "Would remove 2 files."
    call_command("clean_attachments")
    assert capsys.readouterr().out == "Removed 2 files.\n"
    left = sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())
    assert left == sorted(["aa/aa2", attachment.storage_name, f"{attachment.storage_name}.preview"])


def test_where_nothing_was_ever_attached_there_is_nothing_to_clean(folder, capsys):
    call_command("clean_attachments")
    assert capsys.readouterr().out == "Removed 0 files.\n"


def test_a_storage_that_cannot_be_read_is_one_clear_line(folder):
    # A link to itself even root can't follow.
    folder.symlink_to(folder)
    with pytest.raises(CommandError, match=r"^The storage of attachments doesn't work: .*Too many levels"):
        call_command("clean_attachments")


def findings():
    return list(check_attachments(Progress(lambda line: None)))


def test_files_as_they_were_attached_are_fine(attachment):
    assert findings() == []


@pytest.mark.parametrize(
    ("content", "problem"),
    [(None, "its file is gone"), (b"?", "its file has 1 bytes instead of"), ("same size", "isn't the one")],
)
def test_a_file_that_was_changed_behind_tms_is_named(attachment, folder, content, problem):
    path = folder / attachment.storage_name
    if content is None:
        path.unlink()
    else:
        path.write_bytes(b"x" * attachment.size if content == "same size" else content)
    (line,) = findings()
    assert line.startswith(f"Attachment {attachment.pk} on ticket #{attachment.ticket_id}: ")
    assert problem in line


def test_a_missing_preview_a_foreign_ticket_and_a_missing_entry_are_named(attachment, folder):
    (folder / f"{attachment.storage_name}.preview").unlink()
    ActivityLog.objects.filter(target_type="attachment").delete()
    Attachment.objects.update(ticket=TicketFactory())
    said = " ".join(findings())
    assert "its preview is gone" in said
    assert "no entry says who attached it" in said
    assert f"its comment is on ticket #{attachment.ticket_id}" in said


@pytest.mark.usefixtures("folder")
def test_files_that_went_with_their_comment_or_ticket_are_not_missed(requester, sysadmin):
    ticket = services.create_ticket(actor=requester, title="T", description="D", attachments=[upload()]).ticket
    for _time in range(2):
        services.add_comment(actor=requester, ticket_id=ticket.pk, description="Look", attachments=[upload()])
    services.delete_comment(actor=sysadmin, ticket_id=ticket.pk, comment_id=ticket.comments.first().pk)
    assert everything_found() == []
    services.delete_ticket(actor=sysadmin, ticket_id=ticket.pk)
    assert everything_found() == []


def test_a_file_that_vanished_from_the_database_is_missed(attachment):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM tickets_attachment")
    assert [line for line in everything_found() if f"Attachment {attachment.pk} is gone" in line]
