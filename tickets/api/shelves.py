"""What tickets can be sorted into."""

from __future__ import annotations

from django.http import HttpResponse
from ninja import Router

from accounts.tokens.auth import ApiRequest, actor_of
from tickets import policies
from tickets.api.schemas import ShelfList
from tickets.sorting.offered import Named, Offered
from tms_site.lib.api.answers import answer
from tms_site.lib.permissions import require

router = Router(tags=["Categories and teams"])


@router.get("/categories", response=ShelfList, summary="List categories", url_name="list_categories")
def list_categories(request: ApiRequest) -> HttpResponse:
    """Return the categories that a ticket can be given, in the order of the form."""
    return _answer(request, Offered.to(actor_of(request)).categories)


@router.get("/teams", response=ShelfList, summary="List teams", url_name="list_teams")
def list_teams(request: ApiRequest) -> HttpResponse:
    """Return the teams that a ticket can be given to. The desk only."""
    actor = actor_of(request)
    require(policies.can_create_for_others(actor))
    return _answer(request, Offered.to(actor).teams)


def _answer(request: ApiRequest, shelves: list[Named]) -> HttpResponse:
    return answer(request, {"items": [{"id": number, "name": name} for number, name in shelves]})
