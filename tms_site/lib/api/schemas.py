"""The parts that schemas are made of. Bodies are strict: no unknown field, no number where a text belongs."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Annotated, Any

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from tms_site.lib.numbers import MAX_ID, is_row_number

_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d{1,6})?([Zz]|[+-]\d\d:\d\d)", re.ASCII)


class Body(BaseModel):
    """What a client sends."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Answer(BaseModel):
    """What TMS answers. Answers are made as plain dicts; the schemas document them, and tests hold them to it."""

    model_config = ConfigDict(extra="forbid")


class FieldProblem(Answer):
    """What's wrong with one field."""

    field: str = Field(description="The field's name.")
    message: str = Field(description="What's wrong with it, for people.")
    where: str = Field(description="body, query, path or header.")


class ProblemDocument(BaseModel):
    """A problem document (RFC 9457)."""

    type: str = Field(description="What kind of problem it is, for programs: urn:tms:problem:… .")
    title: str = Field(description="The name of the status.")
    status: int = Field(description="The status.", ge=400, le=599)
    detail: str = Field(description="What happened and what to do about it, for people.")
    request_id: str = Field(description="Names this request in TMS's log.")
    errors: list[FieldProblem] = Field(default=[], description="What's wrong with which field.")


def _parse_moment(value: Any) -> datetime:
    if not isinstance(value, str) or not _MOMENT.fullmatch(value):
        raise ValueError(_("Send a date with its time and zone, such as 2026-03-31T09:30:00Z."))
    moment = parse_datetime(value.upper())
    if moment is None:
        raise ValueError(_("There is no such date."))
    return moment.astimezone(UTC)


def _as_int(value: Any) -> Any:
    # In a query everything is a text; only plain digits are a number.
    if not isinstance(value, str):
        return value
    if not is_row_number(value):
        raise ValueError(_("Send a whole number."))
    return int(value)


Moment = Annotated[datetime, BeforeValidator(_parse_moment), WithJsonSchema({"type": "string", "format": "date-time"})]
# A moment in an answer, as tms_site.lib.api.answers.iso writes it.
DateTime = Annotated[str, WithJsonSchema({"type": "string", "format": "date-time"})]
Id = Annotated[int, Field(ge=1, le=MAX_ID)]
# The bounds stand next to the number, so that the description knows them as a number's.
Limit = Annotated[
    int, Field(ge=1, le=100), BeforeValidator(_as_int), Field(description="How many of them, at most 100.")
]
# The same where it comes as a text, in a form.
FormId = Annotated[int, Field(ge=1, le=MAX_ID), BeforeValidator(_as_int)]
Cursor = Annotated[
    str,
    Field(max_length=500, description="Where the page begins: `next_cursor` of the page before, as it is."),
]
