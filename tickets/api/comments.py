"""The conversation on a ticket."""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpResponse
from ninja import Query, Router

from accounts.tokens.auth import ApiRequest, actor_of
from tickets import policies, services
from tickets.api.schemas import CommentChange, CommentOut, CommentPage, CommentQuery, NewComment, comment_out
from tickets.api.tickets import get_ticket
from tickets.models import Comment
from tms_site.lib.api.answers import answer, idempotency_key, key_reused, no_content, required_version
from tms_site.lib.api.pages import answer_page, load
from tms_site.lib.api.schemas import Id
from tms_site.lib.keyset import Order, paginate
from tms_site.lib.permissions import require

router = Router(tags=["Comments"])

OLDEST_FIRST = Order("id", "pk", descending=False)
ONE = "/{int:ticket_id}/comments/{int:comment_id}"


def _get_comment(request: ApiRequest, ticket_id: int, comment_id: int) -> Comment:
    comments = Comment.objects.visible_to(actor_of(request)).select_related("ticket", "commented_by")
    return comments.get(pk=comment_id, ticket=ticket_id)


@router.get("/{int:ticket_id}/comments", response=CommentPage, summary="List comments", url_name="list_comments")
def list_comments(request: ApiRequest, ticket_id: Id, query: Query[CommentQuery]) -> HttpResponse:
    """Return a page of the conversation, oldest first. Requesters see no internal notes."""
    actor, ticket = actor_of(request), get_ticket(request, ticket_id)
    comments = Comment.objects.filter(ticket=ticket).visible_to(actor).for_conversation()
    page = load(lambda: paginate(comments, OLDEST_FIRST, query.cursor, query.limit))
    services.note_viewed(actor=actor, ticket=ticket)
    return answer_page(request, page, [comment_out(actor, comment) for comment in page.items])


@router.post(
    "/{int:ticket_id}/comments",
    response={201: CommentOut, 200: CommentOut},
    summary="Write a comment",
    url_name="create_comment",
)
def create_comment(request: ApiRequest, ticket_id: Id, body: NewComment) -> HttpResponse:
    """Write a reply, or for the desk an internal note; `status` moves the ticket along.

    The same body with the same `Idempotency-Key` again returns the first comment, with status 200.
    """
    actor, key = actor_of(request), idempotency_key(request)
    result = services.add_comment(
        actor=actor,
        ticket_id=ticket_id,
        description=body.description,
        is_internal=body.is_internal,
        status=body.status or "",
        client_token=key,
    )
    comment = result.comment
    is_same = comment.ticket_id == ticket_id and services.was_written_with(
        comment, body.description, is_internal=body.is_internal
    )
    if not result.created and not is_same:
        raise key_reused()
    status = HTTPStatus.CREATED if result.created else HTTPStatus.OK
    headers = {"Location": request.build_absolute_uri(f"{request.path}/{comment.pk}")}
    return answer(request, comment_out(actor, comment), status=status, version=comment.version, headers=headers)


@router.get(ONE, response=CommentOut, summary="Get a comment", url_name="get_comment")
def read_comment(request: ApiRequest, ticket_id: Id, comment_id: Id) -> HttpResponse:
    """Return a comment. Its ETag is what a change takes as `If-Match`."""
    comment = _get_comment(request, ticket_id, comment_id)
    return answer(request, comment_out(actor_of(request), comment), version=comment.version)


@router.patch(ONE, response=CommentOut, summary="Change a comment", url_name="change_comment")
def change_comment(request: ApiRequest, ticket_id: Id, comment_id: Id, body: CommentChange) -> HttpResponse:
    """Change the text of a comment, make a note public, or both at once. 412 as for tickets."""
    actor, comment = actor_of(request), _get_comment(request, ticket_id, comment_id)
    require(policies.can_edit_comment(actor, comment))
    version = required_version(request, comment.version)
    services.change_comment(
        actor=actor,
        ticket_id=ticket_id,
        comment_id=comment_id,
        version=version,
        description=body.description,
        publish=body.is_internal is False and comment.is_internal,
    )
    comment = _get_comment(request, ticket_id, comment_id)
    return answer(request, comment_out(actor, comment), version=comment.version)


@router.delete(ONE, response={204: None}, summary="Delete a comment", url_name="delete_comment")
def delete_comment(request: ApiRequest, ticket_id: Id, comment_id: Id) -> HttpResponse:
    """Delete a comment. SysAdmins only."""
    services.delete_comment(actor=actor_of(request), ticket_id=ticket_id, comment_id=comment_id)
    return no_content()
