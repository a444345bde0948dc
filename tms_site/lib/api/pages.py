"""One page of a list: the same pages by key as those of the site."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext as _

from tms_site.lib.api.answers import answer
from tms_site.lib.api.problems import FieldError, Problem
from tms_site.lib.keyset import BadCursor, Page

CURSOR, LIMIT = "cursor", "limit"


def load(read: Callable[[], Page[Any]]) -> Page[Any]:
    """Return the page that `read` finds; raises Problem for a cursor that isn't one of this list's."""
    try:
        return read()
    except BadCursor as error:
        message = _("This cursor belongs to another list, or to none. Begin without one.")
        raise Problem(422, errors=[FieldError(CURSOR, message, "query")]) from error


def refuse_ignored(refused: Mapping[str, Sequence[str]]) -> None:
    """Refuse what filters didn't understand: a page says so, but a program would take another list for its own.

    Raises:
        Problem: 422 that names each parameter.
    """
    words = _("This means nothing here: %(values)s")
    errors = [FieldError(name, words % {"values": ", ".join(values)}, "query") for name, values in refused.items()]
    if errors:
        raise Problem(422, errors=errors)


def filters_of(request: HttpRequest) -> QueryDict:
    """Return the parameters of an address without those that choose a page."""
    given = request.GET.copy()
    for name in (CURSOR, LIMIT):
        given.pop(name, None)
    return given


def answer_page(request: HttpRequest, page: Page[Any], items: list[dict[str, Any]]) -> HttpResponse:
    """Return a page: `items`, the cursors of its neighbours, and the links to them."""
    data = {
        "items": items,
        "next_cursor": page.next_cursor or None,
        "previous_cursor": page.previous_cursor or None,
    }
    links = [
        f'<{_address_with(request, cursor)}>; rel="{name}"'
        for name, cursor in (("next", page.next_cursor), ("prev", page.previous_cursor))
        if cursor
    ]
    return answer(request, data, headers={"Link": ", ".join(links)} if links else None)


def _address_with(request: HttpRequest, cursor: str) -> str:
    query = request.GET.copy()
    query[CURSOR] = cursor
    return f"{request.build_absolute_uri(request.path)}?{query.urlencode()}"
