"""Mixins of the views that not everybody may open."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.generic.base import View

from accounts.actors import Actor, request_user
from tms_site.lib.permissions import Decision, require

ActorPolicy = Callable[[Actor], Decision]


class RoleRequiredMixin(View):
    """Answers 403 with the policy's reason unless the visitor's role allows the whole view.

    A view names its policy: `required = policies.can_list_users`. That one is logged in is the middleware's business.
    """

    required: ClassVar[ActorPolicy]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Ask the policy first; raises PermissionDeniedError."""
        # Through the class, so that the function isn't bound to the view.
        require(type(self).required(request_user(request)))
        return super().dispatch(request, *args, **kwargs)
