"""What the log hears of accounts, and of who comes and goes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from allauth.mfa import signals as second_factor_signals
from django.contrib.auth import signals as auth_signals
from django.dispatch import Signal
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext

from accounts import signals
from accounts.actors import Actor
from accounts.models import User
from activity import sentences
from activity.enums import ActivityType, TargetType
from activity.receivers.targets import Receiver, user_target
from activity.sentences import change_sentences, changes_as_json, sentence, summary
from activity.services import Entry, Target, record
from tms_site.lib.text import printable_line

ATTEMPT_MAX = 254


def on_user_created(sender: object, *, user: User, actor: Actor, at: datetime, **kwargs: Any) -> None:
    """Write that an account was made, and with which role."""
    details = sentences.created_user(user.label)
    changes = changes_as_json(
        {name: (None, getattr(user, name)) for name in ("email", "username", "role", "is_active")}
    )
    record(Entry(ActivityType.CREATE, user_target(user), details, at, actor, changes=changes))


def on_user_updated(
    sender: object, *, user: User, changes: dict[str, tuple[Any, Any]], actor: Actor, at: datetime, **kwargs: Any
) -> None:
    """Write what changed about a user; never a password itself."""
    values = changes_as_json(changes)
    if actor.pk == user.pk:
        details = sentence(", ".join(change_sentences(values)))
    else:
        details = summary(gettext("User %(user)s") % {"user": user.label}, values)
    record(Entry(ActivityType.UPDATE, user_target(user), details, at, actor, changes=values))


def on_user_deleted(sender: object, *, user_id: int, label: str, actor: Actor, at: datetime, **kwargs: Any) -> None:
    """Write that a user was deleted."""
    details = gettext("Deleted user %(user)s.") % {"user": label}
    record(Entry(ActivityType.DELETE, Target(TargetType.USER, user_id, label), details, at, actor))


def on_logged_in(sender: object, *, user: User, **kwargs: Any) -> None:
    """Write that somebody logged in."""
    record(Entry(ActivityType.LOGIN, user_target(user), gettext("Logged in."), timezone.now(), user))


def on_logged_out(sender: object, *, user: User | None, **kwargs: Any) -> None:
    """Write that somebody logged out; a visitor who wasn't logged in leaves nothing."""
    if user is None:
        return
    record(Entry(ActivityType.LOGOUT, user_target(user), gettext("Logged out."), timezone.now(), user))


def on_login_failed(
    sender: object, *, credentials: dict[str, Any], request: HttpRequest | None = None, **kwargs: Any
) -> None:
    """Write that somebody tried an address in vain; the entry is about the user whose address it is, if any."""
    attempt = credentials.get("email") or credentials.get("username") or ""
    label = printable_line(str(attempt))[:ATTEMPT_MAX]
    user = User.objects.with_email(label).first()
    target = Target(TargetType.USER, user.pk if user else None, label)
    details = gettext("Failed to log in as %(email)s.") % {"email": label or gettext("nobody")}
    who = gettext("Unknown visitor")
    record(Entry(ActivityType.LOGIN_FAILED, target, details, timezone.now(), None, who=who))


def on_second_factor_failed(sender: object, *, user: User, **kwargs: Any) -> None:
    """Write that somebody who knew the password had no good code."""
    details = gettext("Failed to log in as %(email)s: wrong second factor.") % {"email": user.email}
    who = gettext("Unknown visitor")
    record(Entry(ActivityType.LOGIN_FAILED, user_target(user), details, timezone.now(), None, who=who))


RECEIVERS: dict[Signal, Receiver] = {
    signals.user_created: on_user_created,
    signals.user_updated: on_user_updated,
    signals.user_deleted: on_user_deleted,
    auth_signals.user_logged_in: on_logged_in,
    auth_signals.user_logged_out: on_logged_out,
    auth_signals.user_login_failed: on_login_failed,
    second_factor_signals.authentication_failed: on_second_factor_failed,
}
