"""Exports read whole tables: each person may take a few in a minute, and none that takes long to find its first rows.

They are counted in the cache that all workers share.
"""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext

from tms_site.lib.limits import wait_of
from tms_site.lib.time_limit import TooSlow, time_limit

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


def begun_in_time(
    request: HttpRequest, begin: Callable[[], HttpResponseBase], *, why: str, back: str
) -> HttpResponseBase:
    """Return the file, or a page that says how to narrow it where a list would say so too.

    Once rows flow, it may take as long as it takes.

    Args:
        request: what the page answers.
        begin: makes the answer, with its first rows.
        why: what to narrow.
        back: the address of the list.
    """
    try:
        with time_limit(settings.LIST_TIME_LIMIT):
            return begin()
    except TooSlow:
        # With the status of a list that takes too long (tms_site.lib.listing).
        return render(request, "export_too_slow.html", {"why": why, "back": back})
