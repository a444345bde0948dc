"""Writing imported rows: as the services would have written them, with the same words in the log.

No signals are sent: nobody is told of a webhook what happened years ago elsewhere. What else hears them (log, search,
figures) is called here. That it's all there is what `check_integrity` proves.
"""

from tms_site.transfer.services.base import Context, Row, Writer
from tms_site.transfer.services.belongings import AttachmentWriter, LinkWriter, MergeWriter, RatingWriter, WatcherWriter
from tms_site.transfer.services.people import CategoryWriter, TeamWriter, UserWriter
from tms_site.transfer.services.texts import ReplyWriter, ViewWriter
from tms_site.transfer.services.tickets import CommentWriter, TicketWriter

WRITERS: dict[str, Writer] = {
    writer.table: writer
    for writer in (
        UserWriter(), TeamWriter(), CategoryWriter(), TicketWriter(), CommentWriter(), AttachmentWriter(), LinkWriter(),
        MergeWriter(), RatingWriter(), WatcherWriter(), ReplyWriter(), ViewWriter(),
    )
}  # fmt: skip

__all__ = ["WRITERS", "Context", "Row", "Writer"]
