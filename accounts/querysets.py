"""Which users one reads, by name."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Self

from django.contrib.auth.base_user import BaseUserManager
from django.db import models
from django.db.models import Q
from django.utils.module_loading import import_string

from accounts.actors import SYSTEM
from accounts.emails import email_key
from accounts.enums import DESK_ROLES, Role

if TYPE_CHECKING:
    from accounts.actors import Actor
    from accounts.models import User


class UserQuerySet(models.QuerySet["User"]):
    """Named, chainable reads of users."""

    def active(self) -> Self:
        """Users who may log in."""
        return self.filter(is_active=True)

    def assignable(self) -> Self:
        """Users whom a ticket can be assigned to: active agents and sysadmins."""
        return self.active().filter(role__in=DESK_ROLES)

    def with_open_tickets(self) -> Self:
        """Users who work on tickets that aren't resolved."""
        return self.filter(assigned_tickets__is_unresolved=1).distinct()

    def sysadmins(self) -> Self:
        """Users who run the place."""
        return self.filter(role=Role.SYSADMIN)

    def with_email(self, email: str) -> Self:
        """The user with this address, however it's spelled."""
        return self.filter(email_key=email_key(email))

    def visible_to(self, actor: Actor) -> Self:
        """Users whose records `actor` may look up: the desk sees everyone, a requester only themself."""
        if not actor.is_active:
            return self.none()
        if actor.role in DESK_ROLES:
            return self
        return self.filter(pk=actor.pk)

    def beginning_with(self, text: str) -> Self:
        """Users whose name or address begins so.

        Few matches MariaDB reads from both indexes. Of many it reads names in their order until there are enough; where
        these come late in the alphabet, that takes long, and so a list of them has a time limit.
        """
        return self.filter(Q(username__istartswith=text) | Q(email_key__istartswith=text))

    def for_choice(self) -> Self:
        """Only the columns that a list of people shows, in the order of their names."""
        return self.only("id", "username", "email", "role", "is_active").order_by("username", "id")

    def names(self, limit: int | None = None) -> list[tuple[int, str]]:
        """Id and name of each (of `limit` at most), by name; those who share a name are told apart by their addresses.

        Only what a list of people to choose from shows, and no instance for each.
        """
        people = [
            (number, username or email, email)
            for number, username, email in self.order_by("username", "id").values_list("pk", "username", "email")[
                :limit
            ]
        ]
        bearers = Counter(name for _number, name, _email in people)
        return [(number, f"{name} ({email})" if bearers[name] > 1 else name) for number, name, email in people]


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc] # the base is made at run time
    """The manager that Django's commands and log-in use."""

    def get_by_natural_key(self, username: str | None) -> User:
        """Return the user with this e-mail address; raises User.DoesNotExist."""
        user: User = self.get(email_key=email_key(username or ""))
        return user

    def create_superuser(self, email: str, username: str, password: str | None = None) -> User:
        """Create a SysAdmin through the service, so that the log knows it: what Django's `createsuperuser` calls."""
        # The service stands above the manager that Django insists on calling, so it's named instead of imported.
        create_user = import_string("accounts.services.create_user")
        user: User = create_user(actor=SYSTEM, email=email, username=username, password=password, role=Role.SYSADMIN)
        return user
