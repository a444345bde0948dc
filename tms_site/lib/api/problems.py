"""What the API says when it can't do what it was asked: problem documents (RFC 9457), one shape for every error."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

MEDIA_TYPE = "application/problem+json"
# How a program tells one problem from another: the words may change, these don't.
TYPE_PREFIX = "urn:tms:problem:"
# Headers that say something about the error and stay when its page becomes a document.
KEPT_HEADERS = ("Allow", "Retry-After", "WWW-Authenticate")

Text = str | Promise

DETAILS: dict[int, Text] = {
    400: _("TMS can't understand this request."),
    403: _("You may not do that."),
    404: _("There is nothing here that you may see."),
    405: _("This address doesn't know that method."),
    413: _("That's more than TMS takes at once."),
    415: _("Send the body as JSON, with “Content-Type: application/json”."),
    422: _("Something in the request isn't right; “errors” names each field."),
    429: _("Too many tries. Wait a little, then try again."),
    500: _("Something went wrong in TMS. Tell your administrator the request id."),
    503: _("TMS can't reach its database right now. Try again in a moment."),
}


@dataclass(frozen=True)
class FieldError:
    """What's wrong with one field. `where` is body, query, path or header."""

    field: str
    message: str
    where: str = "body"


class Problem(Exception):  # noqa: N818 - it's the name that the standard gives it
    """An answer that isn't what was asked for.

    Args:
        status: the HTTP status.
        detail: what happened and what to do about it, for people.
        kind: for programs; the name of the status unless given.
        errors: what's wrong with which field.
        headers: of the response.
        more: further members of the document.
    """

    def __init__(
        self,
        status: int,
        detail: Text = "",
        *,
        kind: str = "",
        errors: Sequence[FieldError] = (),
        headers: Mapping[str, str] | None = None,
        more: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(status, detail)
        self.status = HTTPStatus(status)
        self.detail = detail or DETAILS.get(status, "")
        self.kind = kind or self.status.phrase.lower().replace(" ", "-")
        self.errors = errors
        self.headers = headers or {}
        self.more = more or {}

    def response(self, request: HttpRequest) -> HttpResponse:
        """Return the document as an answer to `request`."""
        document = {
            "type": f"{TYPE_PREFIX}{self.kind}",
            "title": self.status.phrase,
            "status": self.status.value,
            "detail": str(self.detail),
            "request_id": request.META.get("TMS_REQUEST_ID", ""),
            **self.more,
        }
        if self.errors:
            document["errors"] = [asdict(error) for error in self.errors]
        # As ASCII: whatever half of a character came in can be sent back.
        response = HttpResponse(json.dumps(document), status=self.status.value, content_type=MEDIA_TYPE)
        for name, value in self.headers.items():
            response[name] = value
        return response


def as_problem(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Return an error page of Django's or our own as a problem document; other responses stay as they are."""
    if response.status_code < HTTPStatus.BAD_REQUEST or response.get("Content-Type", "").startswith(MEDIA_TYPE):
        return response
    headers = {name: response[name] for name in KEPT_HEADERS if response.has_header(name)}
    if "Allow" in headers:
        headers["Allow"] = ", ".join(sorted(word.strip() for word in headers["Allow"].split(",")))
    return Problem(response.status_code, headers=headers).response(request)
