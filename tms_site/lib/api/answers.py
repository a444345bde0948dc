"""Answers: JSON with an entity tag, 304 for what the client has already, links to the neighbouring pages.

An entity tag is `"version.digest"` (or `"digest"` where nothing is edited). `If-Match` compares the version: whether
somebody edited the thing; that it looks different because somebody commented or was renamed doesn't stop an edit.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from hashlib import blake2b
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tms_site.lib.api.problems import FieldError, Problem
from tms_site.lib.fields import CLIENT_TOKEN_MAX

JSON = "application/json"
_TAG = re.compile(r'(?:W/)?"(?:(\d{1,10})\.)?[0-9a-f]*"', re.ASCII)
_KEY = re.compile(rf"[\w-]{{1,{CLIENT_TOKEN_MAX}}}", re.ASCII)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return iso(value)
    if isinstance(value, Promise):
        return str(value)
    raise TypeError(type(value))


_encode: Callable[[Any], str] = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=_plain).encode


def iso(moment: datetime | None) -> str | None:
    """Return a moment as the API writes it: ISO 8601 in UTC."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z") if moment else None


def answer(
    request: HttpRequest,
    data: Any,
    *,
    status: int = HTTPStatus.OK,
    version: int | None = None,
    headers: Mapping[str, str] | None = None,
) -> HttpResponse:
    """Return `data` as JSON; 304 when it's what a GET's If-None-Match names.

    Args:
        request: what's answered.
        data: dicts, lists, texts, numbers, moments.
        status: of the response.
        version: of what was asked for, where it can be edited.
        headers: further ones.
    """
    body = _encode(data).encode()
    digest = blake2b(body, digest_size=8).hexdigest()
    tag = f'"{digest}"' if version is None else f'"{version}.{digest}"'
    response = unchanged(request, tag) or HttpResponse(body, status=status, content_type=JSON)
    response["ETag"] = tag
    for name, value in (headers or {}).items():
        response[name] = value
    return response


def unchanged(request: HttpRequest, tag: str) -> HttpResponse | None:
    """Return the answer 304 when a GET's If-None-Match names the entity tag."""
    if request.method != "GET" or not _is_known(request, tag):
        return None
    response = HttpResponse(status=HTTPStatus.NOT_MODIFIED)
    response["ETag"] = tag
    return response


def no_content() -> HttpResponse:
    """Return the answer to a deletion."""
    response = HttpResponse(status=HTTPStatus.NO_CONTENT)
    del response["Content-Type"]
    return response


def _is_known(request: HttpRequest, tag: str) -> bool:
    sent = request.headers.get("If-None-Match", "")
    known = {word.strip().removeprefix("W/") for word in sent.split(",")}
    return tag in known or "*" in known


def required_version(request: HttpRequest, current: int) -> int:
    """Return the version that If-Match says a change was made from.

    Raises:
        Problem: 428 without the header, 412 when it names another version than the `current` one.
    """
    sent = request.headers.get("If-Match", "").strip()
    if not sent:
        raise Problem(428, _("Send the ETag of what you change in If-Match, so that nobody's changes are lost."))
    if sent == "*":
        return current
    versions = {match[1] for match in map(_TAG.fullmatch, (word.strip() for word in sent.split(","))) if match}
    if str(current) not in versions:
        raise stale()
    return current


def stale() -> Problem:
    """Return the problem of a change that was made from an old version."""
    return Problem(412, _("Somebody changed this meanwhile. Get it again, and change what is there now."), kind="stale")


def idempotency_key(request: HttpRequest) -> str | None:
    """Return what names this submission, so that sending it twice does it once; None when it has no name.

    Raises:
        Problem: 422 when it can't be a name.
    """
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return None
    if not _KEY.fullmatch(key):
        message = str(_("Use at most %(most)d letters, digits, dashes and underscores.") % {"most": CLIENT_TOKEN_MAX})
        raise Problem(422, errors=[FieldError("Idempotency-Key", message, "header")])
    return key


def key_reused() -> Problem:
    """Return the problem of a key that has named another submission before."""
    message = str(_("This key has been used for something else. Take a new one for each thing that you create."))
    return Problem(422, kind="key-reused", errors=[FieldError("Idempotency-Key", message, "header")])
