"""How TMS checks who somebody is."""

from __future__ import annotations

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.http import HttpRequest

from accounts.models import User


class EmailBackend(AuthenticationBackend):
    """Log-in by e-mail address, whatever its spelling, and password.

    An unknown address takes as long as a wrong password, and a deactivated user isn't let in: both are allauth's.
    Rights aren't asked of this backend: `User.has_perm` answers by the role, and there are no permission tables.
    """

    def _authenticate(self, request: HttpRequest | None, **credentials: Any) -> User | None:
        # Django's own forms call the address "username", allauth's call it "email".
        email = credentials.get("email") or credentials.get("username")
        if not isinstance(email, str):
            return None
        user = User.objects.with_email(email).first()
        checked: User | None = self._check_password(user, credentials["password"])
        return checked

    def with_perm(self, *args: Any, **kwargs: Any) -> Any:
        """There are no permission tables to look this up in."""
        raise NotImplementedError
