"""Views: a list's filters and order under a name."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.http import HttpResponse
from ninja import Router

from accounts.models import User
from accounts.tokens.auth import ApiRequest, actor_of
from tickets import navigation, services
from tickets.api.schemas import NewView, ViewChange, ViewList, ViewOut
from tickets.models import SavedView
from tickets.navigation import RailView
from tms_site.lib.api.answers import answer, no_content
from tms_site.lib.api.schemas import Id

router = Router(tags=["Views"])


@router.get("", response=ViewList, summary="List views", url_name="list_views")
def list_views(request: ApiRequest) -> HttpResponse:
    """Return the views of your menu: those that everybody has, shared ones, your own."""
    actor = actor_of(request)
    built_in = [_built_in(view) for view in navigation.views_of(actor)]
    return answer(request, {"items": [*built_in, *(_saved(actor, view) for view in navigation.stored_views(actor))]})


@router.post("", response={201: ViewOut}, summary="Keep a view", url_name="create_view")
def create_view(request: ApiRequest, body: NewView) -> HttpResponse:
    """Keep a list's filters and order under a name. One that's the same already is returned as it is."""
    actor = actor_of(request)
    view = services.create_view(actor=actor, **body.model_dump())
    return answer(request, _saved(actor, view), status=HTTPStatus.CREATED)


@router.patch("/{int:view_id}", response=ViewOut, summary="Change a view", url_name="change_view")
def change_view(request: ApiRequest, view_id: Id, body: ViewChange) -> HttpResponse:
    """Rename a view, share it, or give it other filters."""
    actor = actor_of(request)
    sent = {name: value for name, value in body.model_dump(exclude_unset=True).items() if value is not None}
    return answer(request, _saved(actor, services.change_view(actor=actor, view_id=view_id, changes=sent)))


@router.delete("/{int:view_id}", response={204: None}, summary="Delete a view", url_name="delete_view")
def delete_view(request: ApiRequest, view_id: Id) -> HttpResponse:
    """Delete a view. No ticket changes."""
    services.delete_view(actor=actor_of(request), view_id=view_id)
    return no_content()


def _built_in(view: RailView) -> dict[str, Any]:
    return {
        "id": None,
        "slug": view.slug,
        "name": view.label,
        "parameters": view.parameters.urlencode(),
        "is_shared": True,
        "is_default": False,
        "is_own": False,
    }


def _saved(actor: User, view: SavedView) -> dict[str, Any]:
    is_own = view.owner_id == actor.pk
    return {
        "id": view.pk,
        "slug": view.slug,
        "name": view.name,
        "parameters": view.parameters,
        "is_shared": view.is_shared,
        "is_default": is_own and view.is_default,
        "is_own": is_own,
    }
