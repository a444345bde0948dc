"""The API, version 1: the applications' routers under one roof (docs/api.md)."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.urls import URLPattern, URLResolver
from django.views.decorators.csrf import csrf_exempt
from ninja import NinjaAPI
from ninja.operation import Operation

from accounts.api import signup_router, token_router, users_router
from accounts.tokens.auth import Bearer
from activity.api import router as activity_router
from activity.api import timeline_router
from tickets.api import attachments_router, comments_router, shelves_router, tickets_router, views_router
from tms_site.lib.api.errors import add_handlers
from tms_site.lib.api.guard import StrictParser, as_get, guarded

DESCRIPTION = (
    "The helpdesk for programs: the same tickets, rules and limits as on its pages. "
    "Errors are problem documents (RFC 9457)."
)
# Operations that files come by; what comes to others isn't kept (tms_site.lib.uploads).
TAKES_FILES = frozenset({"create_attachment"})


class TmsAPI(NinjaAPI):
    """Ninja's API with our names of operations."""

    def get_openapi_operation_id(self, operation: Operation) -> str:
        """Return the name of an operation for generated clients: that of its address."""
        return str(operation.url_name)


api = TmsAPI(
    title="TMS",
    version="1.0.0",
    description=DESCRIPTION,
    openapi_url=None,
    docs_url=None,
    urls_namespace="api",
    auth=Bearer(),
    parser=StrictParser(),
)
api.add_decorator(guarded, mode="view")
add_handlers(api)
for prefix, router in (
    ("", token_router),
    ("", signup_router),
    ("/users", users_router),
    ("/tickets", tickets_router),
    ("/tickets", comments_router),
    ("/tickets", attachments_router),
    ("/tickets", timeline_router),
    ("", shelves_router),
    ("/activity", activity_router),
    ("/views", views_router),
):
    api.add_router(prefix, router)


def patterns() -> tuple[list[URLPattern | URLResolver], str, str]:
    """Return the addresses for `urlpatterns`. The pages' log-in has no say here: each operation knows its own."""
    found, app_name, namespace = api.urls
    own = [pattern for pattern in found if isinstance(pattern, URLPattern)]
    # One view answers all methods of an address.
    routes = {str(pattern.pattern) for pattern in own if pattern.name in TAKES_FILES}
    for pattern in own:
        view: Any = as_get(pattern.callback)
        view.takes_files = str(pattern.pattern) in routes
        pattern.callback = csrf_exempt(login_not_required(view))
    return found, app_name, namespace
