"""What stands around every operation: nobody's unknown parameters, no body in a form that nobody reads."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from ninja.operation import Operation
from ninja.parser import Parser

from tms_site.lib.api.problems import FieldError, Problem

FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"
JSON = "application/json"

Run = Callable[..., HttpResponseBase]


class StrictParser(Parser):
    """JSON as it should be: no names twice, no NaN."""

    def parse_body(self, request: HttpRequest) -> Any:
        """Return what the body says; raises ValueError."""
        return json.loads(request.body, object_pairs_hook=_without_doubles, parse_constant=_refuse_constant)


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        msg = "a name stands twice in an object"
        raise ValueError(msg)
    return found


def _refuse_constant(name: str) -> Any:
    msg = f"{name} is no JSON"
    raise ValueError(msg)


def guarded(run: Run) -> Run:
    """Wrap an operation's `run`: who asks is checked before what they ask.

    An operation that knows who asks calls `check_request` when it has seen the token (accounts.tokens.auth).
    """
    operation = cast("Operation", run.__self__)  # type: ignore[attr-defined] # it's a bound method

    @wraps(run)
    def wrapper(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        request.META["TMS_OPERATION"] = operation
        if not operation.auth_callbacks:
            try:
                check_request(request)
            except Problem as problem:
                return problem.response(request)
        return run(request, **kwargs)

    return wrapper


def check_request(request: HttpRequest) -> None:
    """Refuse parameters that the operation doesn't know or can't take twice, and bodies of another type.

    Raises:
        Problem: 422 that names each parameter, or 415.
    """
    operation: Operation = request.META["TMS_OPERATION"]
    errors = _unknown(operation, "query", request.GET)
    wanted = _body_type(operation)
    if wanted and request.content_type != wanted and (request.content_type or _has_body(request)):
        hint = _("Send the body with “Content-Type: %(type)s”.") % {"type": wanted}
        raise Problem(415, hint, headers={"Accept": wanted})
    if wanted in {FORM, MULTIPART}:
        errors += _unknown(operation, "form", request.POST) + _unknown(operation, "file", request.FILES)
    if errors:
        raise Problem(422, errors=errors)


def _unknown(operation: Operation, source: str, sent: MultiValueDict[str, Any]) -> list[FieldError]:
    known, repeatable = _parameters(operation, source)
    where = source if source == "query" else "body"
    errors = [FieldError(name, _("This parameter isn't known."), where) for name in sent if name not in known]
    return errors + [
        FieldError(name, _("This parameter was sent twice."), where)
        for name in sent
        if name in known and name not in repeatable and len(sent.getlist(name)) > 1
    ]


def _has_body(request: HttpRequest) -> bool:
    return request.META.get("CONTENT_LENGTH", "") not in ("", "0")


def _parameters(operation: Operation, source: str) -> tuple[set[str], set[str]]:
    known: set[str] = set()
    repeatable: set[str] = set()
    for model in operation.models:
        if model.__ninja_param_source__ == source:
            # Ninja keeps no map of files: each is a field by its own name.
            known |= set(getattr(model, "__ninja_flatten_map__", model.model_fields))
            repeatable |= set(getattr(model, "__ninja_collection_fields__", []))
    return known, repeatable


def _body_type(operation: Operation) -> str:
    sources = {model.__ninja_param_source__ for model in operation.models}
    if "file" in sources:
        return MULTIPART
    if "form" in sources:
        return FORM
    return JSON if "body" in sources else ""


def as_get(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponseBase]:
    """Let a view answer HEAD as it answers GET, but for the body."""

    @wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method != "HEAD":
            return view(request, *args, **kwargs)
        request.method = "GET"
        response: HttpResponseBase = view(request, *args, **kwargs)
        request.method = "HEAD"
        if isinstance(response, StreamingHttpResponse):
            # A file knows its length already, and is closed with the response.
            response.streaming_content = ()
            return response
        assert isinstance(response, HttpResponse)  # noqa: S101 - for the type checker
        response["Content-Length"] = str(len(response.content))
        response.content = b""
        return response

    return wrapper
