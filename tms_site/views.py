"""Pages of the whole house: the way in, health, permissions, errors."""

from __future__ import annotations

import logging
import sys

from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.core.exceptions import PermissionDenied, RequestDataTooBig, TooManyFieldsSent
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, UnreadablePostError
from django.shortcuts import redirect, render
from django.template import loader
from django.views.decorators.http import require_safe

from accounts.actors import request_user
from accounts.enums import Role
from tickets import navigation
from tickets import policies as ticket_policies
from tms_site.backup import mark
from tms_site.lib.outages import AWAY
from tms_site.lib.permissions import PermissionDeniedError
from tms_site.permission_table import NO, permission_table

logger = logging.getLogger(__name__)

SWALLOWED_MAX = 50_000_000
CHUNK = 65_536
# What the fields are called into which people write.
TEXTS = ("title", "description", "note", "body", "text", "name")


@require_safe
def home(request: HttpRequest) -> HttpResponseRedirect:
    """Lead to the page that one works with: the view one begins with, tickets assigned to oneself, or one's own."""
    view = navigation.default_view(request_user(request))
    if view is not None:
        return redirect(view)
    if ticket_policies.can_list_assigned(request_user(request)):
        return redirect(navigation.ASSIGNED.url)
    return redirect("tickets:mine")


@require_safe
@login_not_required
def healthz(request: HttpRequest) -> HttpResponse:
    """Answer that the process is alive, whatever the database does."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
@login_not_required
def readyz(request: HttpRequest) -> HttpResponse:
    """Answer whether database and cache answer and are whole, and migrations done; 503 otherwise, saying no more."""
    try:
        if mark.is_there():
            return HttpResponse("restore unfinished\n", status=503, content_type="text/plain")
        executor = MigrationExecutor(connection)
        pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
        if not pending:
            cache.get("readyz")
    except AWAY:
        logger.exception("The database or the cache doesn't answer")
        return HttpResponse("database unavailable\n", status=503, content_type="text/plain")
    if pending:
        return HttpResponse("migrations pending\n", status=503, content_type="text/plain")
    return HttpResponse("ready\n", content_type="text/plain")


@require_safe
def permissions(request: HttpRequest) -> HttpResponse:
    """Show who may do what, as the policies say it."""
    return render(request, "permissions.html", {"groups": permission_table(), "roles": list(Role), "no": NO})


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer what can't be understood: 413 for too much of it, else 400."""
    if isinstance(exception, RequestDataTooBig | TooManyFieldsSent):
        _swallow_body(request)
        return render(request, "413.html", status=413)
    return render(request, "400.html", status=400)


def _swallow_body(request: HttpRequest) -> None:
    # Most clients read no answer before they have sent everything: a closed connection would be all they saw.
    # Through the request, which knows how much of the body has been read already.
    rest = SWALLOWED_MAX
    try:
        while rest > 0 and (chunk := request.read(min(rest, CHUNK))):
            rest -= len(chunk)
    except UnreadablePostError:
        logger.info("A sender went away while sending too much")


def _typed(request: HttpRequest) -> list[str]:
    """Return the texts of a form that no page can show any more, such as that of a ticket deleted meanwhile.

    Only where a view was asked, and so the CSRF token checked: otherwise somebody else might have written them.
    """
    if request.method != "POST" or request.resolver_match is None:
        return []
    return [text for name in TEXTS if (text := request.POST.get(name, "").strip())]


def permission_denied(request: HttpRequest, exception: PermissionDenied) -> HttpResponse:
    """Answer 403 with the reason that the policy gave."""
    reason = exception.reason if isinstance(exception, PermissionDeniedError) else ""
    return render(request, "403.html", {"reason": reason, "typed": _typed(request)}, status=403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form without a valid CSRF token; the reason is for the log, not for the visitor."""
    logger.warning("CSRF check failed: %s", reason)
    return render(request, "403_csrf.html", status=403)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 404 in the same words for what doesn't exist and for what one may not see."""
    return render(request, "404.html", {"typed": _typed(request)}, status=404)


def server_error(request: HttpRequest) -> HttpResponseBase:
    """Answer 500, or 503 when the database or the cache is away. The page asks nothing of either."""
    error = sys.exc_info()[1]
    if isinstance(error, AWAY):
        response = _plain_page(request, "503.html", 503)
        response["Retry-After"] = "30"
        return response
    return _plain_page(request, "500.html", 500)


def _plain_page(request: HttpRequest, template: str, status: int) -> HttpResponse:
    # Without the request as context: the context processors would ask the session, and so the database.
    context = {"request_id": request.META.get("TMS_REQUEST_ID", "")}
    return HttpResponse(loader.render_to_string(template, context), status=status)
