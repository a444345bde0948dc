"""Files on tickets and comments: the same limits, policies and headers as on the pages."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from ninja import File, Form, Query, Router
from ninja.files import UploadedFile

from accounts.tokens.auth import ApiRequest, actor_of
from tickets import services
from tickets.api.schemas import AttachmentOut, AttachmentPage, AttachmentQuery, NewAttachment, attachment_out
from tickets.api.tickets import get_ticket
from tickets.attachments import limits
from tickets.attachments.files import Upload
from tickets.attachments.models import Attachment
from tickets.attachments.sending import download
from tms_site.lib.api.answers import answer, idempotency_key, key_reused, no_content, unchanged
from tms_site.lib.api.pages import answer_page, load
from tms_site.lib.api.problems import Problem
from tms_site.lib.api.schemas import Id
from tms_site.lib.keyset import Order, paginate

router = Router(tags=["Attachments"])

OLDEST_FIRST = Order("id", "pk", descending=False)
ALL = "/{int:ticket_id}/attachments"
ONE = ALL + "/{int:attachment_id}"
TAG_DIGITS = 16
# Each is sent as what its ending says it is.
CONTENT = {
    "responses": {
        200: {
            "description": "The file.",
            "content": {
                media_type: {"schema": {"type": "string", "format": "binary"}}
                for media_type in ("application/octet-stream", "*/*")
            },
        }
    }
}


def _get_attachment(request: ApiRequest, ticket_id: int, attachment_id: int) -> Attachment:
    visible = Attachment.objects.visible_to(actor_of(request)).with_uploaders()
    return visible.get(pk=attachment_id, ticket=ticket_id)


@router.get(ALL, response=AttachmentPage, summary="List attachments", url_name="list_attachments")
def list_attachments(request: ApiRequest, ticket_id: Id, query: Query[AttachmentQuery]) -> HttpResponse:
    """Return a page of the files on a ticket and its comments, oldest first. Requesters see none of internal notes."""
    actor, ticket = actor_of(request), get_ticket(request, ticket_id)
    found = Attachment.objects.filter(ticket=ticket).visible_to(actor).with_uploaders()
    page = load(lambda: paginate(found, OLDEST_FIRST, query.cursor, query.limit))
    services.note_viewed(actor=actor, ticket=ticket)
    return answer_page(request, page, [attachment_out(actor, each) for each in page.items])


@router.post(
    ALL,
    response={201: AttachmentOut, 200: AttachmentOut},
    summary="Attach a file",
    url_name="create_attachment",
)
def create_attachment(
    request: ApiRequest, ticket_id: Id, file: File[UploadedFile], form: Form[NewAttachment]
) -> HttpResponse:
    """Attach a file to a ticket, or to one of your comments on it.

    The same file with the same `Idempotency-Key` again returns the first one, with status 200.
    """
    actor, key, upload = actor_of(request), idempotency_key(request), Upload(file)
    if seconds := limits.wait(actor.pk):
        raise Problem(HTTPStatus.TOO_MANY_REQUESTS, limits.too_many_files(), headers={"Retry-After": str(seconds)})
    where: dict[str, Any] = {"ticket_id": ticket_id, "comment_id": form.comment}
    try:
        result = services.add_attachment(actor=actor, attachments=[upload], client_token=key, **where)
    except ValidationError as error:
        raise _named_as_sent(error) from error
    attachment = result.attachment
    if not result.created and not services.is_that_file(attachment, upload, **where):
        raise key_reused()
    status = HTTPStatus.CREATED if result.created else HTTPStatus.OK
    headers = {"Location": request.build_absolute_uri(f"{request.path}/{attachment.pk}")}
    return answer(request, attachment_out(actor, attachment), status=status, headers=headers)


@router.get(ONE, response=AttachmentOut, summary="Get what is known of an attachment", url_name="get_attachment")
def read_attachment(request: ApiRequest, ticket_id: Id, attachment_id: Id) -> HttpResponse:
    """Return what is known of a file."""
    return answer(request, attachment_out(actor_of(request), _get_attachment(request, ticket_id, attachment_id)))


@router.get(ONE + "/content", summary="Download an attachment", url_name="download_attachment", openapi_extra=CONTENT)
def download_attachment(request: ApiRequest, ticket_id: Id, attachment_id: Id) -> HttpResponseBase:
    """Return the file itself."""
    attachment = _get_attachment(request, ticket_id, attachment_id)
    tag = f'"{attachment.sha256[:TAG_DIGITS]}"'
    if known := unchanged(request, tag):
        return known
    response = download(attachment)
    response["ETag"] = tag
    services.note_attachment_opened(actor=actor_of(request), attachment=attachment)
    return response


@router.delete(ONE, response={204: None}, summary="Remove an attachment", url_name="delete_attachment")
def delete_attachment(request: ApiRequest, ticket_id: Id, attachment_id: Id) -> HttpResponse:
    """Remove a file. Who attached it, and SysAdmins."""
    services.remove_attachment(actor=actor_of(request), ticket_id=ticket_id, attachment_id=attachment_id)
    return no_content()


def _named_as_sent(error: ValidationError) -> ValidationError:
    """Return the error under the name that the file has in the form."""
    if not hasattr(error, "error_dict") or "attachments" not in error.error_dict:
        return error
    return ValidationError({"file": ValidationError(error.error_dict["attachments"])})
