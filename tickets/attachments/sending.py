"""Attachments and their previews as answers, for the pages and for the API."""

from __future__ import annotations

import logging

from django.http import FileResponse, Http404

from tickets.attachments import files, images
from tickets.attachments.models import Attachment

logger = logging.getLogger(__name__)


def download(attachment: Attachment) -> FileResponse:
    """Return the file itself, always as a download; raises Http404 when it isn't there."""
    return _send(
        attachment,
        attachment.storage_name,
        name=attachment.name,
        content_type=attachment.content_type,
        inline=False,
    )


def preview(attachment: Attachment) -> FileResponse:
    """Return the picture that was made from the pixels of the one sent; raises Http404 when there is none."""
    if not attachment.has_preview:
        raise Http404
    name = files.preview_name(attachment.storage_name)
    return _send(attachment, name, name="preview.webp", content_type=images.TYPE, inline=True)


def _send(attachment: Attachment, storage_name: str, *, name: str, content_type: str, inline: bool) -> FileResponse:
    """Stream stored bytes; raises Http404 when they aren't there.

    Whatever they are, no browser takes them for a page of TMS: they say what they are and aren't guessed at, and if
    one should open them all the same, it does so in a sandbox without an origin.
    """
    try:
        content = files.storage().open(storage_name)
    except FileNotFoundError as error:
        logger.exception("The file of attachment %s is gone", attachment.pk)
        raise Http404 from error
    response = FileResponse(content, as_attachment=not inline, filename=name, content_type=content_type)
    response["X-Content-Type-Options"] = "nosniff"
    response._csp_update = {"sandbox": [""]}  # type: ignore[attr-defined] # noqa: SLF001 - django-csp reads it there
    return response
