"""Downloads, previews, and the question before a file is removed."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from tickets import policies, services
from tickets.attachments.models import Attachment
from tickets.attachments.sending import download, preview
from tickets.mixins import FoundMixin, PersonRequest
from tms_site.lib.once import once
from tms_site.lib.permissions import require


class AttachmentMixin(FoundMixin):
    """For views below `/tickets/<ticket_id>/attachments/<attachment_id>/`."""

    def get_attachment(self) -> Attachment:
        """Return the file with its ticket and comment; raises Attachment.DoesNotExist for what isn't to be seen."""
        attachments = Attachment.objects.visible_to(self.request.user).select_related("ticket", "comment")
        return attachments.get(pk=self.kwargs["attachment_id"], ticket=self.kwargs["ticket_id"])


class AttachmentView(AttachmentMixin):
    """The file itself, always as a download."""

    def get(self, request: PersonRequest, ticket_id: int, attachment_id: int) -> HttpResponseBase:
        """Send it, and note who took it."""
        attachment = self.get_attachment()
        response = download(attachment)
        services.note_attachment_opened(actor=request.user, attachment=attachment)
        return response


class AttachmentPreviewView(AttachmentMixin):
    """A picture, made anew from the pixels of the one that was sent."""

    def get(self, request: PersonRequest, ticket_id: int, attachment_id: int) -> HttpResponseBase:
        """Send it, and note who looked at it; 404 for what has none."""
        attachment = self.get_attachment()
        response = preview(attachment)
        services.note_attachment_opened(actor=request.user, attachment=attachment)
        return response


class AttachmentDeleteView(AttachmentMixin):
    """Asks before a file is removed."""

    def get(self, request: PersonRequest, ticket_id: int, attachment_id: int) -> HttpResponse:
        """Ask: in a dialog when htmx loads the question, else on a page."""
        attachment = self.get_attachment()
        require(policies.can_delete_attachment(request.user, attachment))
        template = "tickets/_attachment_delete.html" if request.htmx else "tickets/attachment_delete.html"
        return render(request, template, {"attachment": attachment})

    @once("tickets:detail", "ticket_id")
    def post(self, request: PersonRequest, ticket_id: int, attachment_id: int) -> HttpResponse:
        """Remove it, and lead back to what it was attached to."""
        attachment = self.get_attachment()
        services.remove_attachment(actor=request.user, ticket_id=ticket_id, attachment_id=attachment_id)
        messages.success(request, gettext("“%(name)s” is removed.") % {"name": attachment.name})
        return redirect(attachment.comment or attachment.ticket)
