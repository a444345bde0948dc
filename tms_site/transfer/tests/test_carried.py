"""Each column of what is exported is carried, or it's said why not: a new one can't be forgotten."""

import pytest
from django.apps import apps

from tms_site.transfer.tables import TABLES

# By model: the table, the columns of the model that are called otherwise there, and those that stay behind.
OWN = {"id", "version", "client_token"}
CARRIED = {
    "accounts.User": (
        "users",
        {"username": "name", "date_joined": "joined", "password": "password_hash"},
        # What TMS makes of the address, and when somebody was here last.
        {"email_key", "last_login"},
    ),
    "tickets.Team": ("teams", {}, {"name_key"}),
    "tickets.Category": ("categories", {}, {"name_key"}),
    "tickets.Ticket": (
        "tickets",
        {"assigned_agent": "agent", "creation_date": "created", "updated_at": "updated", "resolution_date": "resolved"},
        # Made of the others; where a merged ticket goes on the table of merges says.
        {"status_rank", "priority_rank", "is_unresolved", "first_response_at", "merged_into"},
    ),
    "tickets.Comment": (
        "comments",
        {
            "commented_by": "author",
            "description": "text",
            "creation_date": "created",
            "edited_at": "edited",
            "moved_from": "written_on",
        },
        set(),
    ),
    "tickets.Attachment": (
        "attachments",
        {"storage_name": "file", "creation_date": "created"},
        # Found out from the file again.
        {"content_type", "width", "height"},
    ),
    "tickets.TicketLink": ("links", {"created_at": "created"}, set()),
    # What moved stands in columns of its own; a merge that was undone is history.
    "tickets.Merge": (
        "merges",
        {"merged_at": "merged", "resolution_date": "resolved", "moved": "comments"},
        {"undone_at"},
    ),
    "tickets.Rating": ("ratings", {"rated_at": "rated"}, {"month"}),
    "tickets.TicketWatcher": ("watchers", {}, set()),
    "tickets.CannedReply": ("replies", {"assigned_agent": "agent"}, set()),
    "tickets.SavedView": ("views", {}, set()),
}


@pytest.mark.parametrize("name", CARRIED)
def test_each_column_of_a_model_is_carried_or_known_to_stay(name):
    table, renamed, stays = CARRIED[name]
    columns = {field.name for field in apps.get_model(name)._meta.concrete_fields}
    assert stays <= columns
    assert {renamed.get(column, column) for column in columns - stays - OWN} <= set(TABLES[table].names)


def test_each_table_is_one_of_a_model():
    assert sorted(table for table, _renamed, _stays in CARRIED.values()) == sorted(TABLES)
