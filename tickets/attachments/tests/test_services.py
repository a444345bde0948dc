"""Files come with a comment or a ticket, and go with it: rows and bytes together."""

import hashlib
import stat

import pytest
from django.core.exceptions import ValidationError
from django.db import InterfaceError, OperationalError, connection, transaction
from django.utils import timezone

from activity.models import ActivityLog
from tickets import policies, services
from tickets.attachments import files, images, keeping
from tickets.attachments.models import Attachment
from tickets.factories import TicketFactory, picture, picture_bytes, upload
from tickets.models import Comment, Ticket
from tickets.trash import services as trash
from tms_site.lib.permissions import PermissionDeniedError

pytestmark = pytest.mark.django_db


def say(actor, ticket, *uploads, **kwargs):
    return services.add_comment(
        actor=actor, ticket_id=ticket.pk, description="Look", attachments=uploads, **kwargs
    ).comment


def entries():
    return list(ActivityLog.objects.filter(target_type="attachment").order_by("pk").values_list("details", flat=True))


def test_a_file_comes_with_its_comment_and_is_told_with_its_digest(ticket, requester, stored):
    comment = say(requester, ticket, upload("report.txt", b"All is well."), picture())
    report, screen = comment.attachments.all()
    assert (report.name, report.size, report.content_type) == ("report.txt", 12, "text/plain")
    assert report.sha256 == hashlib.sha256(b"All is well.").hexdigest()
    assert (report.ticket, report.uploaded_by) == (ticket, requester)
    assert (screen.width, screen.height, report.width) == (40, 30, None)
    assert stored() == 3  # the picture has a preview beside it
    entry = ActivityLog.objects.get(target_type="attachment", target_id=report.pk)
    assert entry.details == f"Attached “report.txt” to ticket #{ticket.pk}."
    assert entry.changes["sha256"] == [None, report.sha256]


def test_a_file_comes_with_a_new_ticket(requester, stored):
    ticket = services.create_ticket(actor=requester, title="T", description="D", attachments=[upload()]).ticket
    assert ticket.attachments.get().comment is None
    assert stored() == 1


def test_files_are_for_the_account_of_tms_alone_under_names_that_say_nothing(ticket, requester, folder):
    attachment = say(requester, ticket, upload("../../etc/passwd.txt")).attachments.get()
    path = folder / attachment.storage_name
    assert attachment.name == "passwd.txt"
    assert "passwd" not in str(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert {stat.S_IMODE(each.stat().st_mode) for each in (folder, path.parent)} == {0o700}


def test_the_same_form_twice_is_one_set_of_files(ticket, requester, stored):
    first = say(requester, ticket, upload(), client_token="t")
    second = say(requester, ticket, upload(), client_token="t")
    assert (first, Attachment.objects.count(), stored()) == (second, 1, 1)


def test_a_form_that_comes_again_with_other_files_is_another_one(ticket, requester, stored):
    comment = say(requester, ticket, upload(), client_token="t")
    for sent, same in (((upload(),), True), ((upload(content=b"?"),), False), ((), False)):
        say(requester, ticket, *sent, client_token="t")
        assert services.was_written_with(comment, "Look", is_internal=False, attachments=sent) == same
    assert stored() == 1


@pytest.mark.parametrize("failing", ["the comment", "the second file", "the log"])
def test_what_fails_leaves_no_file(ticket, requester, stored, failing, monkeypatch):
    def refuse(*args, **kwargs):
        raise RuntimeError

    target = {
        "the comment": "tickets.models.Comment.save",
        "the second file": "tickets.attachments.services.files.store",
        "the log": "activity.receivers.attachments.record",
    }[failing]
    real = files.store
    if failing == "the second file":
        done = []
        monkeypatch.setattr(target, lambda *file: done.append(file) or (refuse() if done[1:] else real(*file)))
    else:
        monkeypatch.setattr(target, refuse)
    with pytest.raises(RuntimeError):
        say(requester, ticket, upload(), picture())
    assert (stored(), Comment.objects.count(), Attachment.objects.count()) == (0, 0, 0)


def test_only_some_of_many_large_pictures_have_a_preview_but_all_are_kept(ticket, requester, monkeypatch):
    large = picture_bytes(10, 10)
    monkeypatch.setattr(images, "DECODED_TOGETHER", 250)
    comment = say(requester, ticket, *(upload(f"{number}.png", large) for number in range(3)))
    assert [each.width for each in comment.attachments.order_by("pk")] == [10, 10, None]
    assert say(requester, ticket, upload("next.png", large), client_token="t").attachments.get().width == 10


def test_who_may_not_comment_leaves_no_file(ticket, other_requester, requester, stored):
    with pytest.raises(Ticket.DoesNotExist):
        say(other_requester, ticket, upload())
    with pytest.raises(PermissionDeniedError):
        say(requester, ticket, upload(), is_internal=True)
    assert stored() == 0


@pytest.mark.django_db(transaction=True)
def test_a_file_stays_while_the_database_cannot_say_whether_a_row_names_it(ticket, requester, stored):
    gone = False

    def leave(execute, sql, params, many, context):
        nonlocal gone
        if gone:
            # What drivers say of a connection that's known to be lost.
            raise InterfaceError(0, "")
        gone = sql.replace("`", '"').startswith('INSERT INTO "tickets_attachment"')
        if gone:
            raise OperationalError(2006, "server has gone away")
        return execute(sql, params, many, context)

    with pytest.raises(OperationalError), connection.execute_wrapper(leave):
        say(requester, ticket, upload())
    assert (stored(), Attachment.objects.count()) == (1, 0)
    # The command clean_attachments looks again later.
    assert len(list(keeping.orphans(timezone.now()))) == 1


def test_a_refused_file_refuses_the_comment(ticket, requester, stored):
    with pytest.raises(ValidationError) as refusal:
        say(requester, ticket, upload("run.exe"))
    assert list(refusal.value.message_dict) == ["attachments"]
    assert (stored(), Comment.objects.count()) == (0, 0)


@pytest.mark.django_db(transaction=True)
def test_bytes_go_once_a_row_is_gone_for_good(ticket, requester, stored):
    attachment = say(requester, ticket, picture()).attachments.get()
    with transaction.atomic():
        services.remove_attachment(actor=requester, ticket_id=ticket.pk, attachment_id=attachment.pk)
        transaction.set_rollback(True)
    assert stored() == 2
    services.remove_attachment(actor=requester, ticket_id=ticket.pk, attachment_id=attachment.pk)
    assert stored() == 0


@pytest.mark.django_db(transaction=True)
def test_files_go_with_their_comment(ticket, requester, sysadmin, stored):
    comment = say(requester, ticket, upload())
    services.delete_comment(actor=sysadmin, ticket_id=ticket.pk, comment_id=comment.pk)
    assert (stored(), Attachment.objects.count()) == (0, 0)


@pytest.mark.django_db(transaction=True)
def test_the_trash_keeps_a_tickets_files_until_it_goes_for_good(ticket, requester, sysadmin, stored, client_for):
    kept, lost = say(requester, ticket, upload()), TicketFactory(requester=requester)
    say(requester, lost, picture())
    for number in (ticket.pk, lost.pk):
        services.delete_ticket(actor=sysadmin, ticket_id=number)
    assert (stored(), Attachment.objects.count()) == (3, 0)
    trash.restore_ticket(actor=sysadmin, ticket_id=ticket.pk)
    trash.remove_for_good(actor=sysadmin, ticket_id=lost.pk)
    assert stored() == 1
    response = client_for(requester).get(Attachment.objects.get(comment=kept).get_absolute_url())
    assert b"".join(response.streaming_content) == b"All is well."


@pytest.mark.django_db(transaction=True)
def test_bytes_stay_as_long_as_something_that_can_bring_a_row_back_keeps_them(
    ticket, requester, sysadmin, stored, monkeypatch
):
    keepers = [keeping.of_rows]
    monkeypatch.setattr(keeping, "_keepers", keepers)
    attachment = say(requester, ticket, upload()).attachments.get()
    keeping.keeper(lambda names: {attachment.storage_name} & set(names))
    services.delete_comment(actor=sysadmin, ticket_id=ticket.pk, comment_id=attachment.comment_id)
    assert stored() == 1
    keepers.clear()
    keeping.remove_unkept([attachment.storage_name])
    assert stored() == 0


def test_only_sysadmins_and_who_attached_a_file_remove_it(ticket, requester, agent, other_agent, sysadmin):
    for actor, may in ((agent, True), (sysadmin, True), (other_agent, False), (requester, False)):
        attachment = say(agent, ticket, upload()).attachments.get()
        remove = {"actor": actor, "ticket_id": ticket.pk, "attachment_id": attachment.pk}
        if may:
            services.remove_attachment(**remove)
        else:
            with pytest.raises(PermissionDeniedError):
                services.remove_attachment(**remove)
        assert Attachment.objects.filter(pk=attachment.pk).exists() != may
    assert f"Removed the file “report.txt” from ticket #{ticket.pk}." in entries()


@pytest.mark.parametrize("active", [True, False])
@pytest.mark.parametrize("persona", ["requester", "other_requester", "agent", "sysadmin"])
def test_who_sees_a_file_is_who_the_policy_lets_and_nobody_removes_what_they_do_not_see(
    ticket, requester, agent, request, persona, active
):
    actor = request.getfixturevalue(persona)
    own = services.create_ticket(actor=requester, title="T", description="D", attachments=[upload()]).ticket
    for owner, place, values in ((requester, own, {}), (agent, ticket, {}), (agent, ticket, {"is_internal": True})):
        say(owner, place, upload(), **values)
    actor.is_active = active
    seen = set(Attachment.objects.visible_to(actor))
    assert {each for each in Attachment.objects.all() if policies.can_view_attachment(actor, each)} == seen
    assert len(seen) == ({"requester": 3, "other_requester": 0}.get(persona, 4) if active else 0)
    assert {each for each in Attachment.objects.all() if policies.can_delete_attachment(actor, each)} <= seen


def test_a_file_is_as_internal_as_its_comment(ticket, requester, agent):
    note = say(agent, ticket, upload(), is_internal=True)
    attachment = note.attachments.get()
    assert attachment.is_internal
    assert not Attachment.objects.visible_to(requester).exists()
    assert entries() == [f"Attached “report.txt” to an internal note on ticket #{ticket.pk}."]
    services.publish_note(actor=agent, ticket_id=ticket.pk, comment_id=note.pk)
    assert Attachment.objects.visible_to(requester).get() == attachment
