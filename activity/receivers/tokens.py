"""What the log hears of programs that log in, and of their tokens."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.dispatch import Signal
from django.utils.translation import gettext

from accounts import signals
from accounts.actors import Actor
from accounts.models import User
from accounts.tokens.models import PersonalToken
from activity.enums import ActivityType, TargetType
from activity.receivers.targets import Receiver, user_target
from activity.sentences import changes_as_json, quote
from activity.services import Entry, Target, record


def _token_target(token: PersonalToken) -> Target:
    return Target(TargetType.TOKEN, token.pk, token.name)


def on_api_logged_in(sender: object, *, user: User, actor: Actor, at: datetime, **kwargs: Any) -> None:
    """Write that a program was given tokens for somebody's password."""
    record(Entry(ActivityType.LOGIN, user_target(user), gettext("Logged in through the API."), at, actor))


def on_api_logged_out(sender: object, *, user: User, actor: Actor, at: datetime, **kwargs: Any) -> None:
    """Write that the tokens of a log-in are worth nothing any more."""
    record(Entry(ActivityType.LOGOUT, user_target(user), gettext("Logged out of the API."), at, actor))


def on_api_token_reused(sender: object, *, user: User, at: datetime, **kwargs: Any) -> None:
    """Write that somebody came with a refresh token that had been used, and that its log-in ended."""
    details = gettext("Ended a log-in of %(user)s to the API: its refresh token came a second time.") % {
        "user": user.label
    }
    who = gettext("Unknown visitor")
    record(Entry(ActivityType.LOGIN_FAILED, user_target(user), details, at, None, who=who))


def on_token_created(sender: object, *, token: PersonalToken, actor: Actor, at: datetime, **kwargs: Any) -> None:
    """Write that somebody made a personal access token, with what it may and until when."""
    details = gettext("Made the personal access token %(name)s.") % {"name": quote(token.name)}
    changes = changes_as_json({name: (None, getattr(token, name)) for name in ("name", "scope", "expires_at")})
    record(Entry(ActivityType.CREATE, _token_target(token), details, at, actor, changes=changes))


def on_token_revoked(sender: object, *, token: PersonalToken, actor: Actor, at: datetime, **kwargs: Any) -> None:
    """Write that a personal access token was revoked."""
    details = gettext("Revoked the personal access token %(name)s.") % {"name": quote(token.name)}
    record(Entry(ActivityType.DELETE, _token_target(token), details, at, actor))


RECEIVERS: dict[Signal, Receiver] = {
    signals.api_logged_in: on_api_logged_in,
    signals.api_logged_out: on_api_logged_out,
    signals.api_token_reused: on_api_token_reused,
    signals.token_created: on_token_created,
    signals.token_revoked: on_token_revoked,
}
