"""Where a visitor may be sent: to pages of this site, by path, and nowhere else."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

_CONTROLS = re.compile(r"[\x00-\x20\x7f\\]")


def is_safe_path(url: str | None) -> bool:
    """Tell whether `url` is a path of this site: no scheme, no host, nothing that a browser reads as one.

    docs/security.md, row 11.
    """
    if not url or not url.startswith("/") or _CONTROLS.search(url):
        return False
    return url_has_allowed_host_and_scheme(url, allowed_hosts=None)


def own_path(request: HttpRequest, url: str | None) -> str | None:
    """Return the path and query of an absolute `url` on the host of this request, or None if it leads elsewhere."""
    try:
        parts = urlsplit(url or "")
    except ValueError:
        return None
    if (parts.scheme, parts.netloc) != (request.scheme, request.get_host()):
        return None
    path = f"{parts.path}?{parts.query}" if parts.query else parts.path
    return path if is_safe_path(path) else None
