"""/metrics."""

from __future__ import annotations

from hmac import compare_digest
from ipaddress import ip_address

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST

from tms_site.middleware import FORWARDED
from tms_site.observing.metrics import exposition


@require_safe
@login_not_required
def metrics(request: HttpRequest) -> HttpResponse:
    """Show the figures to this machine and to who has the token; to all others there's nothing here."""
    if not _may_read(request):
        raise Http404
    return HttpResponse(exposition(), content_type=CONTENT_TYPE_LATEST)


def _may_read(request: HttpRequest) -> bool:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if settings.METRICS_TOKEN and scheme.lower() == "bearer":
        return compare_digest(token.strip().encode(), settings.METRICS_TOKEN.encode())
    # What a proxy passes on comes from this machine too, when the proxy stands on it.
    return _is_this_machine(request.META.get("REMOTE_ADDR", "")) and not request.META.get(FORWARDED)


def _is_this_machine(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False
