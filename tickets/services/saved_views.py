"""Views that people keep: a list's filters and order under a name."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db.models import Max
from django.http import QueryDict
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.text import slugify
from django.utils.translation import gettext

from accounts.actors import Actor, actor_user
from accounts.models import User
from tickets import policies, signals
from tickets.models import SavedView
from tms_site.lib.errors import ServiceError, require_version
from tms_site.lib.permissions import Decision, require
from tms_site.lib.text import clean_line
from tms_site.lib.transactions import write_transaction

MOST_VIEWS = 50
SLUG_WORDS_MAX = 40
SLUG_TAIL = 6
# No vowels, and nothing that looks like something else.
SLUG_LETTERS = "bcdfghjkmnpqrstvwxz23456789"
CHANGEABLE = ("name", "parameters", "is_shared")

Policy = Callable[[Actor, SavedView], Decision]


def normalised(parameters: str) -> str:
    """Return the parameters of an address in one order, without the page and the view that they came from."""
    data = QueryDict(parameters)
    pairs = sorted((name, value) for name in data if name not in ("page", "view") for value in data.getlist(name))
    kept = QueryDict(mutable=True)
    for name, value in pairs:
        if value:
            kept.appendlist(name, value)
    return kept.urlencode()


@write_transaction
def create_view(
    *, actor: Actor, name: str, parameters: str, is_shared: bool = False, at: datetime | None = None
) -> SavedView:
    """Keep a list's filters and order as a view, the last of the actor's; one that's the same already is returned.

    Args:
        actor: whose view it becomes; a user.
        name: at most 60 characters.
        parameters: those of the list's address.
        is_shared: whether everybody at the desk sees it too; what they see in it stays what they may see.
        at: when, where that isn't now.

    Raises:
        PermissionDeniedError: the actor may not keep or not share views.
        ServiceError: the actor has as many as one may have.
        ValidationError: the name or the parameters aren't valid.
    """
    require(policies.can_save_views(actor))
    if is_shared:
        require(policies.can_share_views(actor))
    # One at a time for each owner, so that what's sent twice at the same moment is compared too.
    User.objects.select_for_update().only("pk").get(pk=actor.pk)
    own = SavedView.objects.owned_by(actor)
    # The same form sent twice is one view: its name and what it shows say that it's the same.
    same = own.filter(name=clean_line(name), parameters=normalised(parameters), is_shared=is_shared).first()
    if same is not None:
        return same
    if own.count() >= MOST_VIEWS:
        words = gettext("You have %(most)d views already. Delete one first.")
        raise ServiceError(words % {"most": MOST_VIEWS}, field="name")
    last = own.aggregate(last=Max("position"))["last"] or 0
    view = SavedView(
        owner=actor_user(actor),
        name=clean_line(name),
        slug=_new_slug(name),
        parameters=normalised(parameters),
        is_shared=is_shared,
        position=last + 1,
    )
    view.clean_fields(exclude=("owner",))
    view.save(force_insert=True)
    changes = {field: (None, getattr(view, field)) for field in CHANGEABLE}
    signals.view_created.send(SavedView, view=view, changes=changes, actor=actor, at=at or timezone.now())
    return view


@write_transaction
def change_view(
    *, actor: Actor, view_id: int, changes: dict[str, Any], version: int | None = None, at: datetime | None = None
) -> SavedView:
    """Change a view's name, parameters or whether it's shared.

    Args:
        actor: who changes it.
        view_id: its number.
        changes: new values by field (CHANGEABLE).
        version: the version that the form was made from; None when the values are meant whatever is stored now.
        at: when, where that isn't now.

    Raises:
        ChangedMeanwhile: somebody else changed it since `version`.
        SavedView.DoesNotExist: there's no such view that the actor may see.
        PermissionDeniedError: the actor may not change it, or not share views.
        ValidationError: a value isn't valid.
    """
    view = _lock_view(actor, view_id)
    values = {name: changes[name] for name in CHANGEABLE if name in changes}
    if values.get("is_shared") and not view.is_shared:
        require(policies.can_share_views(actor))
    if "name" in values:
        values["name"] = clean_line(values["name"])
    if "parameters" in values:
        values["parameters"] = normalised(values["parameters"])
    if any(getattr(view, name) != value for name, value in values.items()):
        require_version(view.version, version)
        values["version"] = view.version + 1
    _apply(view, values, actor, at)
    return view


@write_transaction
def move_view(*, actor: Actor, view_id: int, up: bool, at: datetime | None = None) -> None:
    """Let a view change places with the one before it, or after it; the first and the last stay where they are.

    Raises like `change_view`.
    """
    view = _lock_view(actor, view_id)
    row = list(SavedView.objects.select_for_update().filter(owner=view.owner_id).order_by("position", "pk"))
    place = [other.pk for other in row].index(view.pk)
    goal = place - 1 if up else place + 1
    if not 0 <= goal < len(row):
        return
    row[place], row[goal] = row[goal], row[place]
    for position, other in enumerate(row, start=1):
        if other.position != position:
            _apply(other, {"position": position}, actor, at, tell=other.pk == view.pk)


@write_transaction
def set_default_view(*, actor: Actor, view_id: int | None, at: datetime | None = None) -> None:
    """Let one of the actor's own views be where `/` leads; None: the usual list.

    Raises:
        SavedView.DoesNotExist: there's no such view that the actor may see.
        PermissionDeniedError: it's somebody else's.
    """
    view = None if view_id is None else _lock_view(actor, view_id, policies.can_begin_with_view)
    for other in SavedView.objects.select_for_update().owned_by(actor).filter(is_default=True):
        if view is None or other.pk != view.pk:
            _apply(other, {"is_default": False}, actor, at)
    if view is not None:
        _apply(view, {"is_default": True}, actor, at)


@write_transaction
def delete_view(*, actor: Actor, view_id: int, at: datetime | None = None) -> None:
    """Delete a view. Raises like `change_view`."""
    view = _lock_view(actor, view_id)
    signals.view_deleted.send(SavedView, view=view, actor=actor, at=at or timezone.now())
    view.delete()


def forget_personal_views(user: User) -> None:
    """Remove what a person kept for themself alone. For receivers, when that person is made nobody.

    The log isn't told: it would keep the names of the views, which may be anything.
    """
    SavedView.objects.owned_by(user).filter(is_shared=False).delete()


def _lock_view(actor: Actor, view_id: int, policy: Policy = policies.can_change_view) -> SavedView:
    view = SavedView.objects.visible_to(actor).select_for_update().get(pk=view_id)
    require(policy(actor, view))
    return view


def _apply(view: SavedView, values: dict[str, Any], actor: Actor, at: datetime | None, *, tell: bool = True) -> None:
    changes = {name: (getattr(view, name), value) for name, value in values.items() if getattr(view, name) != value}
    if not changes:
        return
    for name, (_old, new) in changes.items():
        setattr(view, name, new)
    view.clean_fields(exclude=("owner",))
    view.save(update_fields=list(changes))
    changes.pop("version", None)
    if tell:
        signals.view_updated.send(SavedView, view=view, changes=changes, actor=actor, at=at or timezone.now())


def _new_slug(name: str) -> str:
    # The tail makes it unique without telling who else has a view of that name.
    words = slugify(name)[:SLUG_WORDS_MAX].strip("-")
    tail = get_random_string(SLUG_TAIL, SLUG_LETTERS)
    return f"{words}-{tail}" if words else tail
