"""Who may do what to tickets and all that belongs to them: the only place that knows.

Each function returns `Allowed` or `Denied` with a reason for people. QuerySets answer the same question for
many rows (`visible_to`); a test compares the two for every persona and ticket.
"""

from accounts.policies import DEACTIVATED, ONLY_SYSADMINS
from tickets.policies.attachments import (
    NOT_YOUR_FILE,
    can_attach,
    can_delete_attachment,
    can_view_attachment,
)
from tickets.policies.bulk import can_act_in_bulk, can_delete_in_bulk
from tickets.policies.conversation import (
    can_comment,
    can_delete_comment,
    can_edit_comment,
    can_publish_note,
    can_reopen,
    can_reopen_by_comment,
    can_see_notes,
    can_take_up_by_comment,
    can_view_comment,
    can_write_note,
)
from tickets.policies.links import can_link, can_open_follow_up
from tickets.policies.merging import MERGED, can_merge, can_split
from tickets.policies.page import (
    TicketPermissions,
)
from tickets.policies.presence import can_see_presence
from tickets.policies.ratings import can_rate, rates_this_resolution
from tickets.policies.replies import (
    NOT_YOUR_REPLY,
    can_change_reply,
    can_see_reply,
    can_use_replies,
)
from tickets.policies.roles import NOT_YOURS, ONLY_DESK
from tickets.policies.saved_views import (
    NOT_YOUR_VIEW,
    can_begin_with_view,
    can_change_view,
    can_save_views,
    can_see_view,
    can_share_views,
)
from tickets.policies.tickets import (
    FIELD_POLICIES,
    can_assign,
    can_change_status,
    can_create,
    can_create_for_others,
    can_delete,
    can_edit,
    can_keep_lists,
    can_list_assigned,
    can_see_dashboard,
    can_see_retired,
    can_see_tags,
    can_set_resolution_date,
    can_tag,
    can_view,
)
from tickets.policies.trash import (
    can_empty_trash,
    can_restore,
    can_see_trash,
)
from tickets.policies.watching import can_mention, can_see_mentions, can_watch

__all__ = [
    "DEACTIVATED",
    "FIELD_POLICIES",
    "MERGED",
    "NOT_YOURS",
    "NOT_YOUR_FILE",
    "NOT_YOUR_REPLY",
    "NOT_YOUR_VIEW",
    "ONLY_DESK",
    "ONLY_SYSADMINS",
    "TicketPermissions",
    "can_act_in_bulk",
    "can_assign",
    "can_attach",
    "can_begin_with_view",
    "can_change_reply",
    "can_change_status",
    "can_change_view",
    "can_comment",
    "can_create",
    "can_create_for_others",
    "can_delete",
    "can_delete_attachment",
    "can_delete_comment",
    "can_delete_in_bulk",
    "can_edit",
    "can_edit_comment",
    "can_empty_trash",
    "can_keep_lists",
    "can_link",
    "can_list_assigned",
    "can_mention",
    "can_merge",
    "can_open_follow_up",
    "can_publish_note",
    "can_rate",
    "can_reopen",
    "can_reopen_by_comment",
    "can_restore",
    "can_save_views",
    "can_see_dashboard",
    "can_see_mentions",
    "can_see_notes",
    "can_see_presence",
    "can_see_reply",
    "can_see_retired",
    "can_see_tags",
    "can_see_trash",
    "can_see_view",
    "can_set_resolution_date",
    "can_share_views",
    "can_split",
    "can_tag",
    "can_take_up_by_comment",
    "can_use_replies",
    "can_view",
    "can_view_attachment",
    "can_view_comment",
    "can_watch",
    "can_write_note",
    "rates_this_resolution",
]
