"""What is exported and imported into a new database is the same again."""

import json
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import services as accounts
from accounts.actors import SYSTEM
from activity.models import ActivityLog
from tickets import services
from tickets.factories import picture, upload
from tickets.links import services as links
from tickets.links.kinds import LinkKind, Relation
from tickets.merging.services import merge_tickets, undo_merge
from tickets.models import Comment, SavedView, Ticket
from tickets.ratings.services import rate_ticket
from tickets.replies.services import create_reply
from tickets.sorting import services as sorting
from tickets.watching.services import watch
from tms_site.lib import batches
from tms_site.tests.statements import longest_insert

pytestmark = pytest.mark.django_db
NOW = timezone.now()


@pytest.fixture
def organisation(requester, other_requester, agent, other_agent, sysadmin):
    """Everything that TMS knows, at least once."""
    team = sorting.create_team(actor=sysadmin, name="Netz & Kabel", members=[agent, other_agent])
    category = sorting.create_category(actor=sysadmin, name="Network", default_team=team, default_priority="high")
    at = NOW - timedelta(days=9)
    first = services.create_ticket(
        actor=requester, title="=1+1 is broken", description="- It **burns**\n- 火", category=category,
        attachments=[upload()], at=at,
    ).ticket  # fmt: skip
    gone = services.create_ticket(actor=requester, title="Gone", description="Never mind").ticket
    second = services.create_ticket(actor=requester, title="Again", description="Still burns").ticket
    third = services.create_ticket(
        actor=agent, requester=other_requester, title="Phone", description="Rings", assigned_agent=other_agent,
        tags=["voice", "old-phone"],
    ).ticket  # fmt: skip
    services.delete_ticket(actor=sysadmin, ticket_id=gone.pk)
    say = services.add_comment
    answer = say(actor=agent, ticket_id=first.pk, description="Son", at=at + timedelta(hours=1)).comment
    services.edit_comment(actor=agent, ticket_id=first.pk, comment_id=answer.pk, description="Soon")
    say(actor=agent, ticket_id=first.pk, description="He's angry", is_internal=True, attachments=[picture()])
    say(actor=requester, ticket_id=second.pk, description="Hello?")
    links.add_link(actor=agent, ticket_id=third.pk, relation=Relation(LinkKind.BLOCKS), other_id=first.pk)
    services.update_ticket(actor=agent, ticket_id=second.pk, changes={"tags": ["smoke"]})
    watch(actor=sysadmin, ticket_id=second.pk)
    merge_tickets(actor=agent, target_id=first.pk, source_ids=[second.pk])
    services.update_ticket(actor=agent, ticket_id=first.pk, changes={"status": "resolved"})
    rate_ticket(actor=requester, ticket_id=first.pk, value="good", text="Thanks")
    # The rating stays with what it was about.
    services.update_ticket(actor=agent, ticket_id=first.pk, changes={"category": None, "team": None})
    watch(actor=other_agent, ticket_id=first.pk)
    create_reply(actor=agent, values={"name": "Hi", "body": "Dear {{ requester }}", "assigned_agent": other_agent,
                                      "assignment": "agent", "is_shared": True, "tags": ["hello"]})  # fmt: skip
    services.create_view(actor=agent, name="His", parameters=f"assigned_agent={other_agent.pk}&team={team.pk}&q=a")
    accounts.anonymise_user(actor=SYSTEM, user=other_requester)
    return first


def content(folder):
    files = {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    manifest = json.loads(files.pop(folder.joinpath("manifest.json").relative_to(folder)))
    return manifest | {"made_at": ""}, files


def test_an_export_that_is_imported_and_exported_again_gives_equal_files(
    organisation, export, bring, forget_everything, is_whole
):
    before = export("before")
    forget_everything()
    said = bring(before)
    assert "Wrote 5 users, 1 teams, 1 categories, 3 tickets, 3 comments, 2 attachments, 1 links, 1 merges" in said
    is_whole()
    assert content(export("after")) == content(before)
    assert all(about["rows"] for about in content(before)[0]["tables"].values())


def test_importing_an_export_again_changes_nothing_and_says_so(organisation, export, bring, forget_everything):
    before = export("before")
    forget_everything()
    bring(before)
    entries = ActivityLog.objects.count()
    assert "Nothing new: 23 rows were here already." in bring(before)
    assert ActivityLog.objects.count() == entries
    assert content(export("after")) == content(before)


def test_a_dry_run_of_a_whole_export_finds_nothing_to_complain_of(organisation, export, bring, forget_everything):
    folder = export()
    forget_everything()
    tried = bring(folder, "--dry-run", "--batch", "2").splitlines()[-1]
    assert not Ticket.objects.exists()
    done = bring(folder).splitlines()[-1]
    assert tried.split(";")[0] == done.split(";")[0].replace("Wrote", "Would write")


def test_what_was_imported_can_be_worked_on(organisation, export, bring, forget_everything, is_whole, client_for):
    folder = export("before")
    forget_everything()
    bring(folder)
    second = Ticket.objects.get(title="Again")
    agent = second.merges_into.get().merged_by
    first = second.merged_into
    undo_merge(actor=agent, ticket_id=first.pk, merge_id=second.merges_into.get().pk)
    assert (first.tags, second.tags) == ([], ["smoke"])
    assert set(first.watchers.values_list("user__username", flat=True)) == {"Alex Johnson"}
    services.add_comment(actor=agent, ticket_id=second.pk, description="Yes?")
    assert second.comments.count() == 2
    is_whole()
    page = client_for(agent).get(second.get_absolute_url()).content.decode()
    assert "Hello?" in page
    view = SavedView.objects.get()
    assert f"assigned_agent={Ticket.objects.get(title='Phone').assigned_agent_id}" in view.parameters


def test_an_internal_note_stays_one(organisation, export, bring, forget_everything, client_for):
    folder = export("before")
    forget_everything()
    bring(folder)
    note = Comment.objects.get(description="He's angry")
    assert note.is_internal
    page = client_for(note.ticket.requester).get(note.ticket.get_absolute_url()).content.decode()
    assert "Soon" in page
    assert "angry" not in page


def test_passwords_stay_behind_unless_asked_for(organisation, export, bring, forget_everything, requester):
    plain, hashed = export("plain"), export("hashed", "--with-password-hashes")
    assert "password" not in (plain / "users.jsonl").read_text()
    forget_everything()
    bring(plain)
    assert not type(requester).objects.with_email(requester.email).get().has_usable_password()
    forget_everything()
    bring(hashed, "--with-password-hashes")
    assert type(requester).objects.with_email(requester.email).get().check_password("Hello123.")
    assert content(export("again", "--with-password-hashes")) == content(hashed)


def test_a_new_organisation_without_anything_is_exported_too(db, export, bring):
    assert bring(export()) == "Nothing to import: there are no lines in it.\n"


def test_the_log_tells_of_both(organisation, export, bring, forget_everything):
    folder = export()
    assert ActivityLog.objects.get(details="Exported everything.").user_label == "System"
    forget_everything()
    bring(folder)
    entry = ActivityLog.objects.get(activity_type="import")
    assert entry.details.startswith("Imported from “old”: 5 users, 1 teams")


def test_check_integrity_itself_is_content(organisation, export, bring, forget_everything):
    folder = export()
    forget_everything()
    bring(folder, "--batch", "1")
    call_command("check_integrity", verbosity=0)


def test_who_was_anonymised_elsewhere_is_in_nobodys_way(bring, write, requester):
    bring(write("users.csv", {"email": f"removed-{requester.pk}@removed.invalid"}))
    accounts.anonymise_user(actor=SYSTEM, user=requester)
    requester.refresh_from_db()
    assert requester.email.startswith(f"removed-{requester.pk}-")


def test_long_texts_are_written_in_statements_that_a_server_takes(bring, write, requester, monkeypatch):
    monkeypatch.setattr(batches, "WRITTEN_AT_ONCE", 4_000)
    row = {"title": "Long", "description": "x" * 1_000, "requester": requester.email}
    path = write("tickets.csv", *[row | {"key": str(number)} for number in range(9)])
    with CaptureQueriesContext(connection) as queries:
        bring(path, "--source", "old")
    assert Ticket.objects.filter(description="x" * 1_000).count() == 9
    assert 1_000 < longest_insert(queries, Ticket) < 8_000
