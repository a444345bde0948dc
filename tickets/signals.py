"""What happens to tickets, told inside the transaction that does it, with `send`: a receiver's error rolls it back.

Each has `actor` (accounts.actors.Actor) and `at` (datetime) besides:

ticket_created    ticket
ticket_updated    ticket, changes: {field: (old, new)}; agent, team and category are rows or None, tags lists of names;
                  quiet: whether nobody is to be told
ticket_answered   ticket, before: the first_response_at that it had; it has another one now
ticket_deleted    ticket_id, title, comment_count, ticket: as it was, without its id; it's in the trash now
ticket_restored   ticket, comment_count: it's back from the trash with them
ticket_purged     ticket_id, title: it's gone from the trash for good
ticket_split      ticket, new: the ticket that a part of its conversation has become
comments_moved    source, target: comments of the one stand on the other now
comment_created   comment
comment_updated   comment, changes: {"description": (old, new)}; {"is_internal": (True, False)} for a note made public
comment_deleted   comment_id, is_internal, ticket: the one that it stood on
ticket_viewed     ticket
attachment_created  attachment
attachment_opened   attachment: `actor` downloaded it or looked at its preview
attachment_deleted  attachment: as it is, just before it goes
tickets_listed    no more: `actor` looked at a list of tickets
tickets_exported  filters: the parameters of the list's address; `actor` took it as a file
everything_exported  no more: an operator wrote all there is into a folder
rows_imported     source: whose they were; rows: how many of each table, in words
ticket_rated      ticket, rating: a Rating; changes: {"rating": (old, new), "rating_text": (old, new)}
watcher_added     ticket, user: who watches it now; `actor` is somebody else where the user was named in a text
watcher_removed   ticket, user
link_created      link: a TicketLink
link_removed      link
view_created      view: a SavedView; changes: what it began with
view_updated      view, changes: {field: (old, new)}
view_deleted      view
shelf_created     row: a Team or Category; changes: what it began with
shelf_updated     row, changes: {field: (old, new)}
shelf_deleted     row
reply_created     reply: a CannedReply; changes: what it began with
reply_updated     reply, changes: {field: (old, new)}
reply_deleted     reply
"""

from django.dispatch import Signal

ticket_created = Signal()
ticket_updated = Signal()
ticket_answered = Signal()
ticket_deleted = Signal()
ticket_restored = Signal()
ticket_purged = Signal()
ticket_split = Signal()
comments_moved = Signal()
comment_created = Signal()
comment_updated = Signal()
comment_deleted = Signal()
ticket_viewed = Signal()
attachment_created = Signal()
attachment_opened = Signal()
attachment_deleted = Signal()
tickets_listed = Signal()
tickets_exported = Signal()
everything_exported = Signal()
rows_imported = Signal()
ticket_rated = Signal()
watcher_added = Signal()
watcher_removed = Signal()
link_created = Signal()
link_removed = Signal()
view_created = Signal()
view_updated = Signal()
view_deleted = Signal()
shelf_created = Signal()
shelf_updated = Signal()
shelf_deleted = Signal()
reply_created = Signal()
reply_updated = Signal()
reply_deleted = Signal()
