"""The one way in for changes of tickets and comments (docs/architecture.md, How a change flows).

Every function takes its `actor` as a required keyword, checks the policy, runs in one transaction and tells
what it did by a signal of tickets.signals, whose receivers write the activity log in the same transaction.
They raise PermissionDeniedError, ServiceError (WorkflowError, EditConflict), Django's ValidationError, or
DoesNotExist for what the actor may not see.
"""

from tickets.attachments.services import note_attachment_opened, remove_attachment
from tickets.services.assignment import assign_to_me, reassign_tickets, release_tickets, unassign
from tickets.services.attaching import AttachResult, add_attachment, is_that_file
from tickets.services.comments import (
    CommentResult,
    add_comment,
    change_comment,
    delete_comment,
    edit_comment,
    publish_note,
    was_written_with,
)
from tickets.services.meanwhile import AnsweredMeanwhile, Seen, arrived_since, seen_of
from tickets.services.noting import (
    note_everything_exported,
    note_exported,
    note_imported,
    note_listed,
    note_viewed,
)
from tickets.services.reading import changed_since
from tickets.services.reopening import resolve_again, resolved_before
from tickets.services.saved_views import (
    change_view,
    create_view,
    delete_view,
    move_view,
    normalised,
    set_default_view,
)
from tickets.services.tickets import (
    CreateResult,
    create_ticket,
    delete_ticket,
    first_values,
    ticket_of_form,
    was_opened_with,
)
from tickets.services.updates import UpdateResult, update_ticket

__all__ = [
    "AnsweredMeanwhile",
    "AttachResult",
    "CommentResult",
    "CreateResult",
    "Seen",
    "UpdateResult",
    "add_attachment",
    "add_comment",
    "arrived_since",
    "assign_to_me",
    "change_comment",
    "change_view",
    "changed_since",
    "create_ticket",
    "create_view",
    "delete_comment",
    "delete_ticket",
    "delete_view",
    "edit_comment",
    "first_values",
    "is_that_file",
    "move_view",
    "normalised",
    "note_attachment_opened",
    "note_everything_exported",
    "note_exported",
    "note_imported",
    "note_listed",
    "note_viewed",
    "publish_note",
    "reassign_tickets",
    "release_tickets",
    "remove_attachment",
    "resolve_again",
    "resolved_before",
    "seen_of",
    "set_default_view",
    "ticket_of_form",
    "unassign",
    "update_ticket",
    "was_opened_with",
    "was_written_with",
]
