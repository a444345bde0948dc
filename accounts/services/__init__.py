"""The only code that writes users.

Each function runs in one transaction, asks the policy for its `actor`, validates, saves, and tells the signals of
accounts/signals.py before the transaction ends. Errors: `PermissionDeniedError` with the reason, Django's
`ValidationError` by field, and the `ServiceError`s of accounts/errors.py.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from allauth.mfa.models import Authenticator
from django.db import IntegrityError
from django.db.models import ProtectedError
from django.utils import timezone
from django.utils.translation import gettext

from accounts import policies, signals
from accounts.actors import Actor
from accounts.enums import Role, Theme
from accounts.errors import UserHasHistory, UserIsGone
from accounts.models import User, default_time_zone
from accounts.passwords import validate_password_field
from accounts.services import versions
from accounts.services.sysadmins import keep_a_sysadmin, lock_sysadmins
from accounts.services.ways_in import end_sessions, removed_address, sync_address
from accounts.tokens import services as tokens
from tms_site.lib.edits import EditConflict, require_exact, three_way
from tms_site.lib.permissions import Decision, require
from tms_site.lib.text import clean_line
from tms_site.lib.transactions import write_transaction

Policy = Callable[[Actor, User], Decision]

# Which policy stands before each field that a SysAdmin changes.
FIELD_POLICIES: dict[str, Policy] = {
    **dict.fromkeys(("email", "username", "time_zone", "theme", "is_away"), policies.can_change_user),
    "role": policies.can_change_role,
    "is_active": policies.can_deactivate_user,
}
PROFILE_FIELDS = frozenset({"username", "time_zone", "theme", "shortcuts", "is_away"})


@write_transaction
def create_user(
    *,
    actor: Actor,
    email: str,
    username: str,
    role: str = Role.REQUESTER,
    password: str | None = None,
    is_active: bool = True,
    time_zone: str | None = None,
    theme: str = Theme.SYSTEM,
    at: datetime | None = None,
) -> User:
    """Make an account for somebody and return it.

    Args:
        actor: who makes it; a SysAdmin or TMS itself.
        email: the log-in name. It counts as verified, because the actor vouches for it.
        username: the name shown.
        role: what the user is here for.
        password: without one nobody can log in until the owner has set one by a link in a mail.
        is_active: whether the user may log in.
        time_zone: the setting TIME_ZONE unless given.
        theme: the colours of the pages.
        at: when the user joined; now unless given.

    Raises:
        PermissionDeniedError: the actor may not make accounts.
        ValidationError: a field has no good value, or the address is somebody's already.
    """
    require(policies.can_create_user(actor))
    at = at or timezone.now()
    user = User(
        email=email.strip(),
        username=clean_line(username),
        role=role,
        is_active=is_active,
        time_zone=time_zone or default_time_zone(),
        theme=theme,
        date_joined=at,
    )
    _insert(user, password, verified=True)
    signals.user_created.send(sender=User, user=user, actor=actor, at=at)
    return user


@write_transaction
def register_user(*, email: str, password: str, username: str = "", at: datetime | None = None) -> User:
    """Make a Requester's account for oneself, by oneself, and return it.

    Whatever came with the sign-up form, the role is Requester. The address is unverified, and its local part serves
    as the name if none is given.

    Raises:
        PermissionDeniedError: sign-up is closed.
        ValidationError: a field has no good value, or the address is somebody's already.
    """
    require(policies.can_sign_up())
    at = at or timezone.now()
    email = email.strip()
    user = User(email=email, username=clean_line(username) or email.partition("@")[0], date_joined=at)
    _insert(user, password, verified=False)
    signals.user_created.send(sender=User, user=user, actor=user, at=at)
    return user


@write_transaction
def update_profile(
    *,
    actor: Actor,
    user: User,
    changes: Mapping[str, Any],
    version: int | None = None,
    exact: bool = False,
    at: datetime | None = None,
) -> User:
    """Change name, time zone, theme, shortcuts or whether one is away, and return the user; see `change_user`.

    Raises:
        EditConflict: somebody else changed the same fields since `version`.
        PermissionDeniedError: it's somebody else's profile.
        ValidationError: a field has no good value.
        UserIsGone: the user doesn't exist any more.
    """
    _refuse_unknown(changes, PROFILE_FIELDS)
    require(policies.can_edit_profile(actor, user))
    if changes.get("is_away"):
        require(policies.can_be_away(user))
    return _change(user, changes, version, exact=exact, actor=actor, at=at)


@write_transaction
def change_user(
    *,
    actor: Actor,
    user: User,
    changes: Mapping[str, Any],
    version: int | None = None,
    exact: bool = False,
    at: datetime | None = None,
) -> User:
    """Change somebody's account and return it as it is now; fields that are as they were are left out.

    Args:
        actor: a SysAdmin or TMS itself.
        user: whose account; what's stored counts, not what this object remembers.
        changes: new values of email, username, role, is_active, time_zone, theme, is_away.
        version: the version that the form was made from; None when the values are meant whatever is stored now.
        exact: whether to refuse when anything else was changed since `version`, instead of merging.
        at: when; now unless given.

    Raises:
        PermissionDeniedError: the actor may not change one of the fields.
        EditConflict: somebody else changed the same fields since `version`.
        ValidationError: a field has no good value, or the address is somebody else's.
        LastSysAdmin: nobody would be left who can run the place.
        UserIsGone: the user doesn't exist any more.
    """
    _refuse_unknown(changes, FIELD_POLICIES.keys())
    for name in changes:
        require(FIELD_POLICIES[name](actor, user))
    return _change(user, changes, version, exact=exact, actor=actor, at=at)


def deactivate_user(*, actor: Actor, user: User, at: datetime | None = None) -> User:
    """Keep a user from logging in and end their sessions; see `change_user` for the errors."""
    return change_user(actor=actor, user=user, changes={"is_active": False}, at=at)


def activate_user(*, actor: Actor, user: User, at: datetime | None = None) -> User:
    """Let a deactivated user log in again; see `change_user` for the errors."""
    return change_user(actor=actor, user=user, changes={"is_active": True}, at=at)


@write_transaction
def set_password(*, actor: Actor, user: User, password: str, at: datetime | None = None) -> User:
    """Give a user a new password and return them. All their tokens end, and all sessions but the one that says so.

    The log gets to know that it changed, never what it was or is.

    Raises:
        PermissionDeniedError: it's somebody else's password.
        ValidationError: the password is too weak.
        UserIsGone: the user doesn't exist any more.
    """
    require(policies.can_change_password(actor, user))
    validate_password_field(password, user)
    stored = _stored(user)
    user.set_password(password)
    user.save(update_fields=["password"])
    versions.write(stored, {})
    user.version = stored.version
    tokens.end_all(user)
    record_password_change(actor=actor, user=user, at=at)
    return user


@write_transaction
def record_password_change(*, actor: Actor, user: User, at: datetime | None = None) -> None:
    """Tell that a password has changed."""
    changes = {"password": ("", "changed")}
    signals.user_updated.send(sender=User, user=user, changes=changes, actor=actor, at=at or timezone.now())


@write_transaction
def remove_second_factor(*, actor: Actor, user: User, at: datetime | None = None) -> User:
    """Remove a second factor whose owner has lost it, end their sessions, and return the user.

    Raises:
        PermissionDeniedError: the actor may not change accounts.
        UserIsGone: the user doesn't exist any more.
    """
    require(policies.can_change_user(actor, user))
    stored = _stored(user)
    removed, _by_model = Authenticator.objects.filter(user_id=stored.pk).delete()
    if removed:
        # A new version, though no field changed: it ends a log-in that still waits for a code (pending_login.py).
        versions.write(stored, {})
        end_sessions(stored)
        changes = {"second_factor": (True, False)}
        signals.user_updated.send(sender=User, user=stored, changes=changes, actor=actor, at=at or timezone.now())
    return stored


@write_transaction
def delete_user(*, actor: Actor, user: User, at: datetime | None = None) -> None:
    """Delete an account that has left no tickets or comments.

    Raises:
        PermissionDeniedError: the actor may not delete users.
        UserHasHistory: the user has tickets or comments; nothing is changed.
        LastSysAdmin: nobody would be left who can run the place.
        UserIsGone: the user doesn't exist any more.
    """
    require(policies.can_delete_user(actor, user))
    at = at or timezone.now()
    lock_sysadmins()
    stored = _stored(user)
    _keep_one_sysadmin(stored)
    user_id, label = stored.pk, stored.label
    signals.user_leaving_desk.send(sender=User, user=stored, deleting=True, actor=actor, at=at)
    end_sessions(stored)
    try:
        stored.delete()
    except ProtectedError as error:
        raise UserHasHistory from error
    signals.user_deleted.send(sender=User, user_id=user_id, label=label, actor=actor, at=at)


@write_transaction
def anonymise_user(*, actor: Actor, user: User, at: datetime | None = None) -> User:
    """Remove what identifies a user for good, and keep their tickets and comments. Returns the user.

    The account becomes that of a deactivated Requester whom nobody can log in as. The entry in the log tells that it
    was done, without the name and the address that were removed.

    Raises:
        PermissionDeniedError: the actor may not do that.
        LastSysAdmin: nobody would be left who can run the place.
        UserIsGone: the user doesn't exist any more.
    """
    require(policies.can_anonymise_user(actor, user))
    at = at or timezone.now()
    lock_sysadmins()
    stored = _stored(user)
    _keep_one_sysadmin(stored)
    if stored.is_assignable:
        signals.user_leaving_desk.send(sender=User, user=stored, deleting=False, actor=actor, at=at)
    end_sessions(stored)
    Authenticator.objects.filter(user_id=stored.pk).delete()
    changes = {"anonymised": (False, True)} | {
        name: (getattr(stored, name), new)
        for name, new in (("role", Role.REQUESTER.value), ("is_active", False))
        if getattr(stored, name) != new
    }
    names = versions.names_of(stored)
    stored.email = removed_address(stored)
    stored.username = gettext("Removed user %(number)d") % {"number": stored.pk}
    stored.role, stored.is_active = Role.REQUESTER, False
    stored.time_zone, stored.theme, stored.shortcuts = default_time_zone(), Theme.SYSTEM, True
    stored.is_away = False
    stored.last_login = None
    stored.set_unusable_password()
    versions.write(stored, {})
    versions.forget(stored)
    stored.save()
    sync_address(stored, verified=False)
    signals.user_updated.send(sender=User, user=stored, changes=changes, actor=actor, at=at)
    signals.user_anonymised.send(sender=User, user=stored, names=names, actor=actor, at=at)
    return stored


def _refuse_unknown(changes: Mapping[str, Any], known: Any) -> None:
    unknown = set(changes) - set(known)
    if unknown:
        msg = f"not a field that this service changes: {', '.join(sorted(unknown))}"
        raise ValueError(msg)


def _insert(user: User, password: str | None, *, verified: bool) -> None:
    _clean(user)
    if password is not None:
        validate_password_field(password, user)
    user.set_password(password)
    _save(user)
    sync_address(user, verified=verified)


def _change(
    user: User, changes: Mapping[str, Any], version: int | None, *, exact: bool, actor: Actor, at: datetime | None
) -> User:
    at = at or timezone.now()
    if {"role", "is_active"} & changes.keys():
        lock_sysadmins()
    stored = _stored(user)
    require_exact(stored.version, version, exact=exact)
    current = versions.current_values(stored)
    yours = {name: _tidy(name, value) for name, value in changes.items()}
    merge = three_way(versions.values_at(stored, version), current, yours)
    if merge.conflicts:
        raise EditConflict(merge.conflicts, stored.version, current=current, unsaved=merge.to_apply)
    wanted = copy.copy(stored)
    for name, value in merge.to_apply.items():
        setattr(wanted, name, value)
    _clean(wanted)
    told = {
        name: (getattr(stored, name), getattr(wanted, name))
        for name in changes
        if getattr(stored, name) != getattr(wanted, name)
    }
    if not told:
        return stored
    _leave(stored, wanted, actor=actor, at=at)
    versions.write(wanted, {name: old for name, (old, _new) in told.items()})
    if "email" in told:
        sync_address(wanted, verified=True)
    if not wanted.is_active:
        end_sessions(wanted)
    elif "role" in told:
        tokens.end_all(wanted)
    signals.user_updated.send(sender=User, user=wanted, changes=told, actor=actor, at=at)
    return wanted


def _tidy(name: str, value: Any) -> Any:
    if name == "username" and isinstance(value, str):
        return clean_line(value)
    if name == "email" and isinstance(value, str):
        return value.strip()
    return value


def _leave(stored: User, wanted: User, *, actor: Actor, at: datetime) -> None:
    if stored.runs_the_place and not (wanted.runs_the_place and wanted.is_active):
        _keep_one_sysadmin(stored, field="role" if stored.role != wanted.role else "is_active")
    if stored.is_assignable and not wanted.is_assignable:
        signals.user_leaving_desk.send(sender=User, user=stored, deleting=False, actor=actor, at=at)


def _stored(user: User) -> User:
    found: User | None = User.objects.select_for_update().filter(pk=user.pk).first()
    if found is None:
        raise UserIsGone
    return found


def _keep_one_sysadmin(leaver: User, field: str | None = None) -> None:
    if leaver.is_superuser:
        keep_a_sysadmin([leaver.pk], field)


def _clean(user: User) -> None:
    user.clean_fields(exclude={"password", "last_login"})
    user.clean()


def _save(user: User) -> None:
    try:
        user.save()
    except IntegrityError as error:
        # Somebody took the address between the check and now.
        raise user.email_taken() from error
