"""The versions of a user's row: what a form's author saw, and writing only upon what was read."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError

from accounts.emails import email_key
from accounts.models import User, UserRevision
from tms_site.lib.transactions import TryAgain

# The fields that forms show and people change.
VERSIONED_FIELDS = ("email", "username", "role", "is_active", "time_zone", "theme", "shortcuts", "is_away")


def current_values(user: User) -> dict[str, Any]:
    """Return the values that forms show."""
    return {name: getattr(user, name) for name in VERSIONED_FIELDS}


def values_at(user: User, version: int | None) -> dict[str, Any]:
    """Return what a form of that version showed; None and the present version mean now.

    Without a complete history back to `version` the result is empty: nothing is known of the base then.
    """
    values = current_values(user)
    if version is None or version == user.version:
        return values
    revisions = list(UserRevision.objects.filter(user=user, version__gte=version).order_by("-version"))
    if version > user.version or len(revisions) != user.version - version:
        return {}
    for revision in revisions:
        values |= revision.values
    return values


def write(user: User, replaced: dict[str, Any]) -> None:
    """Write the fields named in `replaced`, and keep the values that they held.

    The lock on the row makes rivals wait; the condition makes a lost update impossible on every engine.

    Raises:
        TryAgain: somebody else wrote the row since it was read.
        ValidationError: somebody took the address between the check and now.
    """
    columns = {name: getattr(user, name) for name in replaced}
    if "email" in columns:
        columns["email_key"] = user.email_key = email_key(user.email)
    try:
        updated = User.objects.filter(pk=user.pk, version=user.version).update(**columns, version=user.version + 1)
    except IntegrityError as error:
        raise user.email_taken() from error
    if not updated:
        raise TryAgain
    UserRevision.objects.create(user=user, version=user.version, values=replaced)
    user.version += 1


def names_of(user: User) -> frozenset[str]:
    """Return the name and the address that the user has, and those that they had before."""
    rows = [current_values(user), *UserRevision.objects.filter(user=user).values_list("values", flat=True)]
    return frozenset(row[field] for row in rows for field in ("username", "email") if row.get(field))


def forget(user: User) -> None:
    """Remove what the user's fields held before."""
    UserRevision.objects.filter(user=user).delete()
