"""Exports read whole tables: each person may take a few in a minute, counted in the cache that all workers share."""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext

from tms_site.lib.limits import wait_of

MOST, PERIOD_SECONDS = 10, 60


def export_refusal(request: HttpRequest) -> HttpResponse | None:
    """Return the answer to somebody who shall have no file now, or None for whom it's made.

    A browser that only guesses what its user may want next gets nothing: it neither counts nor is it logged.
    """
    purpose = request.headers.get("Sec-Purpose", "") + request.headers.get("Purpose", "")
    if "prefetch" in purpose:
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
    wait = wait_of("exports", request.user.pk, most=MOST, seconds=PERIOD_SECONDS)
    if not wait:
        return None
    context = {"todo": gettext("You have taken many files in a short time. Wait a minute, then try again.")}
    response = render(request, "429.html", context, status=HTTPStatus.TOO_MANY_REQUESTS)
    response["Retry-After"] = str(wait)
    return response
