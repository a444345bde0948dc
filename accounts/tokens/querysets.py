"""Which log-ins and tokens one reads, by name."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.db import models

if TYPE_CHECKING:
    from accounts.actors import Actor
    from accounts.models import User
    from accounts.tokens.models import ApiLogin, PersonalToken, RefreshToken


class ApiLoginQuerySet(models.QuerySet["ApiLogin"]):
    """Named, chainable reads of log-ins."""

    def of(self, user: User) -> Self:
        """The log-ins of one person."""
        return self.filter(user=user)

    def running(self, now: datetime) -> Self:
        """Log-ins whose time isn't over."""
        return self.filter(expires_at__gt=now)


class RefreshTokenQuerySet(models.QuerySet["RefreshToken"]):
    """Named, chainable reads of refresh tokens."""

    def with_digest(self, digest: str) -> Self:
        """The token of that digest."""
        return self.filter(digest=digest)


class PersonalTokenQuerySet(models.QuerySet["PersonalToken"]):
    """Named, chainable reads of personal tokens."""

    def visible_to(self, actor: Actor) -> Self:
        """The actor's own tokens: nobody sees another's."""
        return self.filter(user=actor.pk) if actor.is_active else self.none()

    def with_digest(self, digest: str) -> Self:
        """The token of that digest, with its owner."""
        return self.filter(digest=digest).select_related("user")
