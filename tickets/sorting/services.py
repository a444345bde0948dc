"""Keeping the lists of teams and categories. Each function asks the policy, writes and tells in one transaction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.models import User
from tickets import policies, signals
from tickets.sorting.models import Category, Team, TeamMember
from tickets.trash.models import TrashedRow
from tms_site.lib.errors import ServiceError, require_version
from tms_site.lib.permissions import require
from tms_site.lib.text import clean_line
from tms_site.lib.transactions import write_transaction

Row = TypeVar("Row", Team, Category)

TEAM_FIELDS = ("name", "is_active", "members")
CATEGORY_FIELDS = ("name", "description", "is_active", "position", "default_team", "default_priority")


class StillInUse(ServiceError):  # noqa: N818 - a reason that people read, not a failure
    """Tickets or categories have it: it can be deactivated, and stays where it is."""

    def __init__(self) -> None:
        super().__init__(_("Tickets or categories still have it. Deactivate it instead: then nobody can choose it."))


@write_transaction
def create_team(
    *, actor: Actor, name: str, is_active: bool = True, members: Iterable[User] = (), at: datetime | None = None
) -> Team:
    """Make a team and return it.

    Raises:
        PermissionDeniedError: the actor doesn't keep the lists.
        ValidationError: the name isn't valid or taken, or somebody isn't an active agent.
    """
    require(policies.can_keep_lists(actor))
    team = Team(name=clean_line(name), is_active=is_active)
    _insert(team)
    _write_members(team, members)
    _tell(signals.shelf_created, team, {name: (None, value) for name, value in _values(team).items()}, actor, at)
    return team


@write_transaction
def create_category(
    *,
    actor: Actor,
    name: str,
    description: str = "",
    is_active: bool = True,
    position: int = 100,
    default_team: Team | None = None,
    default_priority: str = "",
    at: datetime | None = None,
) -> Category:
    """Make a category and return it. Raises like `create_team`."""
    require(policies.can_keep_lists(actor))
    category = Category(
        name=clean_line(name),
        description=clean_line(description),
        is_active=is_active,
        position=position,
        default_team=default_team,
        default_priority=default_priority,
    )
    _insert(category)
    changes = {name: (None, value) for name, value in _values(category).items()}
    _tell(signals.shelf_created, category, changes, actor, at)
    return category


@write_transaction
def change_team(
    *, actor: Actor, team: Team, changes: Mapping[str, Any], version: int | None = None, at: datetime | None = None
) -> Team:
    """Change name, members or whether a team is active; returns it as it is now.

    Args:
        actor: a SysAdmin.
        team: which one; what's stored counts.
        changes: new values of name, is_active, members (users).
        version: the version that the form was made from; None when the values are meant whatever is stored now.
        at: when; now unless given.

    Raises:
        PermissionDeniedError: the actor doesn't keep the lists.
        ChangedMeanwhile: somebody else changed it since `version`.
        ValidationError: a value isn't valid, or the name is taken.
    """
    return _change(team, changes, version, actor=actor, at=at)


@write_transaction
def change_category(
    *,
    actor: Actor,
    category: Category,
    changes: Mapping[str, Any],
    version: int | None = None,
    at: datetime | None = None,
) -> Category:
    """Change a category; see `change_team`."""
    return _change(category, changes, version, actor=actor, at=at)


@write_transaction
def delete_team(*, actor: Actor, team: Team, at: datetime | None = None) -> None:
    """Delete a team that no ticket and no category has.

    Raises:
        PermissionDeniedError: the actor doesn't keep the lists.
        StillInUse: it can only be deactivated.
    """
    _delete(team, actor, at)


@write_transaction
def delete_category(*, actor: Actor, category: Category, at: datetime | None = None) -> None:
    """Delete a category that no ticket has. Raises like `delete_team`."""
    _delete(category, actor, at)


def _values(row: Team | Category) -> dict[str, Any]:
    if isinstance(row, Category):
        return {name: getattr(row, name) for name in CATEGORY_FIELDS}
    return {"name": row.name, "is_active": row.is_active, "members": list(row.members.order_by("pk"))}


def _insert(row: Team | Category) -> None:
    row.full_clean(exclude=("name_key", "default_team"), validate_unique=False, validate_constraints=False)
    _save(row)


def _save(row: Team | Category) -> None:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        # Somebody took the name between the check and now: this time the check sees it.
        row.clean()
        raise


def _change(row: Row, changes: Mapping[str, Any], version: int | None, *, actor: Actor, at: datetime | None) -> Row:
    require(policies.can_keep_lists(actor))
    stored: Row = type(row)._meta.base_manager.select_for_update().get(pk=row.pk)
    old = _values(stored)
    for name, value in changes.items():
        if name != "members":
            setattr(stored, name, clean_line(value) if isinstance(value, str) else value)
    stored.full_clean(exclude=("name_key", "default_team"), validate_unique=False, validate_constraints=False)
    new = _values(stored)
    if "members" in changes and isinstance(stored, Team):
        new["members"] = sorted(set(changes["members"]), key=lambda user: user.pk)
    told = {name: (old[name], new[name]) for name in old if old[name] != new[name]}
    if told:
        require_version(stored.version, version)
        if "members" in told and isinstance(stored, Team):
            _write_members(stored, new["members"])
        stored.version += 1
        _save(stored)
        _tell(signals.shelf_updated, stored, told, actor, at)
    return stored


def _write_members(team: Team, members: Iterable[User]) -> None:
    wanted = {user.pk for user in members}
    present = set(team.memberships.values_list("user_id", flat=True))
    new = wanted - present
    if User.objects.assignable().filter(pk__in=new).count() != len(new):
        raise ValidationError({"members": _("Choose active agents.")}, code="invalid_choice")
    team.memberships.filter(user__in=present - wanted).delete()
    TeamMember.objects.bulk_create([TeamMember(team=team, user_id=number) for number in sorted(new)])


def _delete(row: Team | Category, actor: Actor, at: datetime | None) -> None:
    require(policies.can_keep_lists(actor))
    number = row.pk
    if _is_in_trash(row):
        raise StillInUse
    try:
        row.delete()
    except ProtectedError as error:
        raise StillInUse from error
    row.pk = number
    signals.shelf_deleted.send(type(row), row=row, actor=actor, at=at or timezone.now())


def _is_in_trash(row: Team | Category) -> bool:
    """Tell whether a deleted ticket that can be restored has it: the log knows it by what it had."""
    column = "team_id" if isinstance(row, Team) else "category_id"
    return TrashedRow.objects.filter(model="tickets.ticket", **{f"values__{column}": row.pk}).exists()


def _tell(signal: Any, row: Team | Category, changes: dict[str, Any], actor: Actor, at: datetime | None) -> None:
    if "members" in changes:
        changes = changes | {"members": _names(*changes["members"])}
    signal.send(type(row), row=row, changes=changes, actor=actor, at=at or timezone.now())


def _names(old: list[User] | None, new: list[User]) -> tuple[list[str] | None, list[str]]:
    """Return the names of members before and after, sorted; with their numbers where two of these people share one."""
    people = {*(old or ()), *new}
    shared = Counter(str(user) for user in people)
    names = {user: f"{user} (#{user.pk})" if shared[str(user)] > 1 else str(user) for user in people}
    return None if old is None else sorted(names[user] for user in old), sorted(names[user] for user in new)
