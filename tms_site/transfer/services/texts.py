"""Writing what the desk keeps for itself: canned replies and views."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from activity.receivers.replies import on_reply_created
from activity.receivers.saved_views import on_view_created
from tickets.models import SavedView
from tickets.replies.models import CannedReply
from tickets.replies.services import CHANGEABLE as FIELDS_OF_REPLIES
from tickets.services.saved_views import CHANGEABLE as FIELDS_OF_VIEWS
from tickets.services.saved_views import normalised
from tms_site.transfer.parameters import with_numbers
from tms_site.transfer.services.base import Context, Row, Writer, clean, insert, remember, tag_words
from tms_site.transfer.values import Values


class ReplyWriter(Writer):
    """Canned replies and macros."""

    table = "replies"
    model = CannedReply
    renamed: ClassVar[Mapping[str, str]] = {"assigned_agent": "agent"}

    def make(self, row: Row, context: Context) -> CannedReply:
        """Return a canned reply."""
        names = ("owner", "name", "shortcut", "body", "is_shared", "status", "priority", "assignment")
        tags = tag_words("tags", row.values["tags"])
        reply = CannedReply(**{name: row.values[name] for name in names}, assigned_agent=row.values["agent"], tags=tags)
        clean(reply, ("owner", "assigned_agent"))
        return reply

    def write(self, rows: Sequence[Row], context: Context) -> None:
        """Write canned replies."""
        insert([row.instance for row in rows])
        for row in rows:
            reply = row.instance
            changes = {name: (None, getattr(reply, name)) for name in FIELDS_OF_REPLIES if getattr(reply, name)}
            on_reply_created(CannedReply, reply=reply, changes=changes, actor=reply.owner, at=context.begun)
        remember(self.table, rows, context)


class ViewWriter(Writer):
    """Views that people keep, known by their names in addresses."""

    table = "views"
    model = SavedView
    known_by = ("slug",)

    def is_there(self, values: Values) -> bool:
        """Tell whether there's one of this name."""
        return SavedView.objects.filter(slug=values["slug"]).exists()

    def make(self, row: Row, context: Context) -> SavedView:
        """Return a view, which shows the same people and lists by the numbers that they have here."""
        values = row.values
        parameters = normalised(with_numbers(values["parameters"], context.known))
        names = ("slug", "owner", "name", "is_shared", "is_default", "position")
        view = SavedView(parameters=parameters, **{name: values[name] for name in names})
        clean(view, ("owner",))
        return view

    def write(self, rows: Sequence[Row], context: Context) -> None:
        """Write views."""
        _keep_one_default([row.instance for row in rows])
        insert([row.instance for row in rows])
        for row in rows:
            view = row.instance
            changes = {name: (None, getattr(view, name)) for name in FIELDS_OF_VIEWS}
            on_view_created(SavedView, view=view, changes=changes, actor=view.owner, at=context.begun)


def _keep_one_default(views: Sequence[SavedView]) -> None:
    """Let each owner have one view that `/` leads to: the one that they have, or else the first of these."""
    owners = {view.owner_id for view in views}
    served = set(SavedView.objects.filter(owner__in=owners, is_default=True).values_list("owner", flat=True))
    for view in views:
        view.is_default = view.is_default and view.owner_id not in served
        if view.is_default:
            served.add(view.owner_id)
