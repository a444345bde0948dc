"""Buttons that are pressed twice: what has no row of its own that could name its submission is done once all the same.

A form that makes something gives its row the name of the submission (tms_site.lib.submissions). What deletes, moves or
sends has none: for some minutes the cache, which all web servers share, knows what was answered.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from hashlib import sha256
from typing import Any, Final

from django.core.cache import caches
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

# Longer than anybody goes back to press a button again, short enough for the cache.
KEPT_SECONDS: Final = 600
# As long as gunicorn lets a request take: of one whose process was killed nobody knows whether it was done, so that
# it may be sent again.
AT_WORK_SECONDS: Final = 30
# A cache apart from that of the limits, which these would push out (tms_site.settings).
SUBMISSIONS: Final = "submissions"

View = Callable[..., HttpResponse]


def once(view_name: str, *arguments: str) -> Callable[[View], View]:
    """Decorate a view, or a view's `post`: the same submission again does nothing more and leads to the same place.

    Args:
        view_name: where it leads while the first one is still being done.
        arguments: which arguments of the view's own address that place has.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def view_once(*args: Any, **kwargs: Any) -> HttpResponse:
            request = next(each for each in args if isinstance(each, HttpRequest))
            key = _key_of(request)
            if key is None:
                return view(*args, **kwargs)
            answered = caches[SUBMISSIONS]
            if not answered.add(key, "", AT_WORK_SECONDS):
                meanwhile = reverse(view_name, args=[kwargs[name] for name in arguments])
                return HttpResponseRedirect(answered.get(key) or meanwhile)
            try:
                response = view(*args, **kwargs)
            except BaseException:
                answered.delete(key)
                raise
            _remember(key, response)
            return response

        return view_once

    return decorate


def _key_of(request: HttpRequest) -> str | None:
    token = request.POST.get("client_token")
    if not token:
        return None
    # Whoever knows somebody else's token learns nothing by it; and keys are short, and of plain letters.
    said = "\n".join((str(request.user.pk), request.path, token))
    return f"tms.once.{sha256(said.encode(errors='replace')).hexdigest()}"


def _remember(key: str, response: HttpResponse) -> None:
    if isinstance(response, HttpResponseRedirect):
        caches[SUBMISSIONS].set(key, response.url, KEPT_SECONDS)
    else:
        # It was refused, and may be sent again.
        caches[SUBMISSIONS].delete(key)
