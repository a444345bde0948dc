"""The filters of a kept view: with numbers in TMS, which are others elsewhere, and with names in files."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import parse_qsl, urlencode

from accounts.emails import email_key
from accounts.models import User
from tickets.models import Category, Team
from tickets.sorting.names import name_key
from tms_site.transfer.known import Known
from tms_site.transfer.problems import FieldError

PEOPLE = ("assigned_agent", "requester")
# Before a name, so that none can be taken for a word of the filter, such as "me".
MARK = "="


def with_names(parameters: str, alias: str) -> str:
    """Return parameters with addresses and names in place of numbers; what is gone keeps its number."""
    return _translated(parameters, lambda name, value: _name_of(name, value, alias))


def with_numbers(parameters: str, known: Known) -> str:
    """Return parameters with the numbers that people, teams and categories have here; raises FieldError.

    Those that have none yet, because it's a dry run or the batch is refused anyway, stay names.
    """
    return _translated(parameters, lambda name, value: _number_of(name, value, known))


def _translated(parameters: str, translate: Callable[[str, str], str]) -> str:
    return urlencode(sorted((name, translate(name, value)) for name, value in parse_qsl(parameters)))


def _name_of(name: str, value: str, alias: str) -> str:
    if not value.isdecimal() or not value.isascii():
        return value
    if name in PEOPLE:
        found = User.objects.using(alias).filter(pk=value).values_list("email", flat=True).first()
    elif name in {"team", "category"}:
        model: type[Team | Category] = Team if name == "team" else Category
        found = model._meta.base_manager.using(alias).filter(pk=value).values_list("name", flat=True).first()
    else:
        found = None
    return f"{MARK}{found}" if found else value


def _number_of(name: str, value: str, known: Known) -> str:
    if not value.startswith(MARK) or name not in {*PEOPLE, "team", "category"}:
        return value
    wanted, found = value.removeprefix(MARK), None
    if name in PEOPLE:
        table = "users"
        found = User.objects.filter(email_key=email_key(wanted)).values_list("pk", flat=True).first()
    else:
        model: type[Team | Category] = Team if name == "team" else Category
        table = "teams" if name == "team" else "categories"
        rows = model._meta.base_manager.filter(name_key=name_key(wanted))
        found = rows.values_list("pk", flat=True).first()
    if found is not None:
        return str(found)
    if known.row(table, wanted) is None:
        raise FieldError("parameters", f"nothing here is called “{wanted}”")
    return value
