"""Who acts: a user, or TMS itself when an operator's command runs.

Every service takes its actor as a required keyword. Nothing is taken from the running thread.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from accounts.enums import Role

if TYPE_CHECKING:
    from accounts.models import User


@dataclass(frozen=True)
class SystemActor:
    """TMS acting by itself, with a SysAdmin's rights and no account that anybody could log in to."""

    label: str = "System"
    pk: None = None
    role: Role = Role.SYSADMIN
    is_active: Literal[True] = True
    is_authenticated: Literal[True] = True

    @property
    def works_at_desk(self) -> bool:
        """The system may do what the desk may."""
        return True

    @property
    def runs_the_place(self) -> bool:
        """The system may do what a SysAdmin may."""
        return True


SYSTEM = SystemActor()

# A text, because the User model is not imported here: models stand above actors.
Actor: TypeAlias = "User | SystemActor"


def actor_user(actor: Actor) -> User | None:
    """Return the actor as a user for a foreign key; None for the system."""
    return None if isinstance(actor, SystemActor) else actor


def request_user(request: HttpRequest) -> User:
    """Return who is logged in, for the services and policies that a view calls.

    That somebody is has been seen to by the middleware; raises PermissionDenied if it ever wasn't.
    """
    if not request.user.is_authenticated:
        raise PermissionDenied
    return request.user
