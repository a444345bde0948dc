"""Two people changed the same thing: the page that shows both, keeps all that was typed, and asks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext

from tickets.enums import Priority, Status
from tickets.fields import BlockField, LineField
from tickets.forms import QuickForm, WriteForm
from tickets.mixins import PersonRequest
from tms_site.lib.edits import CHOICE, THEIRS, EditConflict, FieldConflict
from tms_site.lib.forms import with_values
from tms_site.lib.moments import absolute_time

CONFLICT = 409


@dataclass(frozen=True)
class ConflictRow:
    """A field that two people changed, in words, with the form field that holds one's own value."""

    name: str
    label: str | Promise
    base: str
    base_is_known: bool
    theirs: str
    yours: str
    field: BoundField
    is_text: bool


def choices_made(data: QueryDict, stored: Mapping[str, Any]) -> QueryDict:
    """Return what a form sent, with the stored value wherever the conflict page was told to keep it."""
    chosen = data.copy()
    for name, value in stored.items():
        if data.get(f"{CHOICE}{name}") == THEIRS:
            chosen[name] = str(value)
    return chosen


def without_theirs(data: QueryDict) -> QueryDict:
    """Return what a form sent without the fields that the conflict page was told to leave as they are."""
    kept = data.copy()
    for name in data:
        if name.startswith(CHOICE) and data[name] == THEIRS:
            kept.pop(name.removeprefix(CHOICE), None)
    return kept


def show_conflict(
    request: PersonRequest, conflict: EditConflict, form: forms.Form, *, back: str, action: str = ""
) -> HttpResponse:
    """Answer 409 with base, theirs and yours side by side, and a form that saves upon the version shown.

    Args:
        request: the one that was refused.
        conflict: what the service found.
        form: the form that was sent, valid.
        back: where one gets by giving up one's own changes.
        action: where the form is sent to; by default to where the refused one was.
    """
    form.data = _data_upon(conflict, form)
    if isinstance(form, WriteForm):
        form.offer_choices(request.user)
    rows = [_row(each, form) for each in conflict.conflicts]
    in_conflict = {row.name for row in rows}
    others = [form[name] for name in conflict.unsaved if name in form.fields]
    shown = in_conflict | {field.name for field in others}
    context = {
        "rows": rows,
        "others": others,
        "hidden": [field for field in form if field.name not in shown],
        "back": back,
        "action": action or request.path,
        "form_has_errors": True,
        # The page that has it in its form again after an expired session.
        "kept_at": f"{back}{form.PLACE}" if isinstance(form, QuickForm) else request.path,
    }
    template = "tickets/_conflict.html" if request.htmx else "tickets/conflict.html"
    response = render(request, template, context, status=CONFLICT)
    if request.htmx:
        response["HX-Retarget"] = "#content"
        response["HX-Reswap"] = "innerHTML show:window:top"
    return response


def _data_upon(conflict: EditConflict, form: forms.Form) -> QueryDict:
    """Return the form's data as if it had been made from the stored version: what one didn't change is theirs."""
    mine = {each.name for each in conflict.conflicts} | set(conflict.unsaved)
    theirs = {
        name: str(form.fields[name].prepare_value(value) or "")
        for name, value in conflict.current.items()
        if name in form.fields and name not in mine
    }
    return with_values(form.data, version=str(conflict.current_version), **theirs)


def _row(conflict: FieldConflict, form: forms.Form) -> ConflictRow:
    name = conflict.name
    return ConflictRow(
        name=name,
        label=form.fields[name].label or name,
        base=in_words(name, conflict.base) if conflict.base_is_known else "",
        base_is_known=conflict.base_is_known,
        theirs=in_words(name, conflict.theirs),
        yours=in_words(name, conflict.yours),
        field=form[name],
        is_text=isinstance(form.fields[name], LineField | BlockField),
    )


def in_words(name: str, value: Any) -> str:
    """Return a value of a ticket's field as people read it."""
    if name == "status":
        return str(Status(value).label)
    if name == "priority":
        return str(Priority(value).label)
    if isinstance(value, datetime):
        return absolute_time(value)
    if isinstance(value, list):
        return ", ".join(value) or gettext("None")
    if value is None:
        return gettext("Nobody") if name == "assigned_agent" else gettext("None")
    return str(value)
