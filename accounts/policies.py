"""Who may do what to users: the only place that knows.

Each function returns `Allowed` or `Denied` with a reason for people. Rules about the state of a user, such as the
last SysAdmin, belong to the services: here stands only what the role decides.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from tms_site.lib.permissions import ALLOWED, Decision, Denied

if TYPE_CHECKING:
    from accounts.actors import Actor
    from accounts.models import User

ONLY_SYSADMINS = Denied(_("Only SysAdmins can do that."))
NOT_YOUR_PROFILE = Denied(_("This profile belongs to somebody else."))
SIGNUP_CLOSED = Denied(_("Sign-up is closed. Ask your helpdesk for an account."))
NOT_ONESELF = Denied(_("You can't delete your own account. Another SysAdmin can."))
ONLY_AGENTS = Denied(_("Only helpdesk agents get tickets."))
DEACTIVATED = Denied(_("Your account is deactivated."))
NO_SECOND_FACTOR = Denied(_("Your role needs a second factor. Log in on the site and set it up first."))
NOT_YOUR_LOGIN = Denied(_("This log-in belongs to somebody else."))


def sysadmin(actor: Actor) -> Decision:
    """Allow whoever runs the place; tickets ask this too."""
    if not actor.is_active:
        return DEACTIVATED
    return ALLOWED if actor.runs_the_place else ONLY_SYSADMINS


def can_sign_up() -> Decision:
    """Make an account for oneself."""
    return ALLOWED if settings.SIGNUP_OPEN else SIGNUP_CLOSED


def can_list_users(actor: Actor) -> Decision:
    """See everybody's accounts, and so open the admin."""
    return sysadmin(actor)


def can_create_user(actor: Actor) -> Decision:
    """Make an account for somebody."""
    return sysadmin(actor)


def can_view_user(actor: Actor, user: User) -> Decision:
    """See the account of a user: one's own, or everybody's."""
    return ALLOWED if actor.is_active and actor.pk == user.pk else sysadmin(actor)


def can_change_user(actor: Actor, user: User) -> Decision:
    """Change an account: the e-mail address, the name, whether it's active."""
    return sysadmin(actor)


def can_change_role(actor: Actor, user: User) -> Decision:
    """Give a user another role."""
    return sysadmin(actor)


def can_deactivate_user(actor: Actor, user: User) -> Decision:
    """Keep a user from logging in, or let them in again."""
    return sysadmin(actor)


def can_delete_user(actor: Actor, user: User) -> Decision:
    """Delete a user who has left no tickets or comments. Not oneself: the log needs somebody who did it."""
    if actor.pk is not None and actor.pk == user.pk:
        return sysadmin(actor) and NOT_ONESELF
    return sysadmin(actor)


def can_anonymise_user(actor: Actor, user: User) -> Decision:
    """Remove what identifies a user, and keep their tickets and comments."""
    return sysadmin(actor)


def can_edit_profile(actor: Actor, user: User) -> Decision:
    """Change the name, the time zone, the theme and the shortcuts of an account: one's own, or everybody's."""
    if not actor.is_active:
        return DEACTIVATED
    return ALLOWED if actor.runs_the_place or actor.pk == user.pk else NOT_YOUR_PROFILE


def can_change_password(actor: Actor, user: User) -> Decision:
    """Set a password: one's own. A SysAdmin sends a link instead, so that nobody knows another's password."""
    if not actor.is_active:
        return DEACTIVATED
    return ALLOWED if actor.pk == user.pk else Denied(_("Only its owner can set a password."))


def can_look_up(actor: Actor, user_id: int | None) -> Decision:
    """Know an account by its number: the desk everybody's, a requester their own (`UserQuerySet.visible_to`)."""
    if not actor.is_active:
        return DEACTIVATED
    return ALLOWED if actor.works_at_desk or (user_id is not None and actor.pk == user_id) else ONLY_SYSADMINS


def can_use_tokens(actor: Actor, *, enrolled: bool = True) -> Decision:
    """Use the API, and make tokens for it. `enrolled`: whether a second factor that the role needs is there."""
    if not actor.is_active:
        return DEACTIVATED
    return ALLOWED if enrolled else NO_SECOND_FACTOR


def can_end_login(actor: Actor, user: User) -> Decision:
    """Log a program out: one's own."""
    return ALLOWED if actor.pk == user.pk else NOT_YOUR_LOGIN


def can_be_away(actor: Actor) -> Decision:
    """Say that one is away: whoever gets tickets."""
    if not actor.is_active:
        return DEACTIVATED
    return ALLOWED if actor.works_at_desk else ONLY_AGENTS
