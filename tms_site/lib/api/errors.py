"""Which problem each error of forms, services and policies is: the one table of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ObjectDoesNotExist, PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja import errors as ninja_errors

from tms_site.lib.api.answers import stale
from tms_site.lib.api.problems import FieldError, Problem
from tms_site.lib.edits import EditConflict
from tms_site.lib.errors import ServiceError
from tms_site.lib.permissions import PermissionDeniedError
from tms_site.lib.time_limit import TooSlow

# What Pydantic says in its own words, and we in ours.
MESSAGES = {
    "extra_forbidden": lambda: _("This field isn't known."),
    "missing": lambda: _("This field is required."),
}
# Parameters of the functions that take what was sent; no part of a field's name.
_PARAMETERS = frozenset({"body", "query", "form"})


def add_handlers(api: NinjaAPI) -> None:
    """Let the API answer errors as problems."""

    def handler(request: HttpRequest, error: Any) -> HttpResponse:
        return problem_of(error).response(request)

    kinds: tuple[type[Exception], ...] = (Problem, *PROBLEMS)
    for kind in kinds:
        api.add_exception_handler(kind, handler)


def problem_of(error: Exception) -> Problem:
    """Return the problem that an error is."""
    if isinstance(error, Problem):
        return error
    return next(make(error) for kind, make in PROBLEMS.items() if isinstance(error, kind))


def field_errors(form: forms.BaseForm, names: Mapping[str, str]) -> list[FieldError]:
    """Return what's wrong with the fields of a form; `names` are those that the API calls otherwise."""
    return [
        FieldError(names.get(field, "" if field == NON_FIELD_ERRORS else field), str(message))
        for field, messages in form.errors.items()
        for message in messages
    ]


def _of_pydantic(error: Mapping[str, Any]) -> FieldError:
    where, *names = error["loc"]
    if names and names[0] in _PARAMETERS:
        names = names[1:]
    message = MESSAGES[error["type"]]() if error["type"] in MESSAGES else error["msg"].removeprefix("Value error, ")
    field = ".".join(str(name) for name in names)
    return FieldError(field, message, "body" if where == "form" else str(where))


def _of_django(error: ValidationError) -> Iterable[FieldError]:
    by_field = error.error_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.error_list}
    for field, errors in by_field.items():
        for message in ValidationError(errors).messages:
            yield FieldError("" if field == NON_FIELD_ERRORS else field, message)


def _of_service(error: ServiceError) -> Problem:
    if error.field is None:
        return Problem(409, error.message)
    return Problem(422, errors=[FieldError(error.field, str(error.message))])


def _of_denial(error: PermissionDenied) -> Problem:
    return Problem(403, error.reason if isinstance(error, PermissionDeniedError) else "")


def _of_slowness(error: TooSlow) -> Problem:
    return Problem(503, _("Finding this takes too long. Ask for less: add filters."), kind="too-slow")


# The first that fits; a special case stands before the general one.
PROBLEMS: dict[type[Exception], Callable[[Any], Problem]] = {
    ninja_errors.ValidationError: lambda error: Problem(422, errors=[_of_pydantic(each) for each in error.errors]),
    ninja_errors.HttpError: lambda error: Problem(error.status_code),
    ValidationError: lambda error: Problem(422, errors=list(_of_django(error))),
    EditConflict: lambda _error: stale(),
    ServiceError: _of_service,
    PermissionDenied: _of_denial,
    TooSlow: _of_slowness,
    ObjectDoesNotExist: lambda _error: Problem(404),
    Http404: lambda _error: Problem(404),
}
