"""Writing people, teams and categories."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import identify_hasher

from accounts.actors import SYSTEM
from accounts.emails import email_key
from accounts.models import User, default_time_zone
from activity.receivers.people import on_user_created
from activity.receivers.sorting import on_shelf_created
from tickets.sorting.models import Category, Team, TeamMember
from tickets.sorting.names import name_key
from tickets.sorting.services import CATEGORY_FIELDS
from tms_site.transfer.problems import FieldError
from tms_site.transfer.services.base import Context, Row, Writer, clean, insert, remember
from tms_site.transfer.values import Values


class UserWriter(Writer):
    """People: known by their addresses. Whoever is there already stays as they are."""

    table = "users"
    model = User
    known_by = ("email",)
    renamed: ClassVar[Mapping[str, str]] = {"username": "name", "date_joined": "joined"}

    def names(self, values: Values) -> list[str]:
        """Return the address, and the key if there's one."""
        return [values["email"], *super().names(values)]

    def make(self, row: Row, context: Context) -> User:
        """Return an account without a usable password, unless its digest came along and is wanted."""
        values = row.values
        user = User(
            email=values["email"],
            email_key=email_key(values["email"]),
            username=values["name"] or values["email"].partition("@")[0],
            role=values["role"],
            is_active=values["is_active"],
            is_away=values["is_away"],
            date_joined=values["joined"] or context.begun,
            time_zone=values["time_zone"] or default_time_zone(),
            theme=values["theme"],
            shortcuts=values["shortcuts"],
        )
        clean(user, ("password", "last_login", "email_key"))
        if values["password_hash"]:
            user.password = _checked_hash(values["password_hash"], context)
        else:
            user.set_unusable_password()
        return user

    def write(self, rows: Sequence[Row], context: Context) -> None:
        """Write people, with the addresses that allauth knows."""
        insert([row.instance for row in rows])
        EmailAddress.objects.bulk_create(
            EmailAddress(
                user_id=row.instance.pk,
                email=row.instance.email.lower(),
                primary=True,
                verified=row.values["verified"],
            )
            for row in rows
        )
        for row in rows:
            on_user_created(User, user=row.instance, actor=SYSTEM, at=row.instance.date_joined)
        remember(self.table, rows, context)


def _checked_hash(text: str, context: Context) -> str:
    if not context.with_password_hashes:
        raise FieldError("password_hash", "is only taken with --with-password-hashes")
    try:
        identify_hasher(text)
    except ValueError:
        raise FieldError("password_hash", "isn't a digest that this TMS can check") from None
    return text


class TeamWriter(Writer):
    """Teams, known by their names."""

    table = "teams"
    model = Team
    known_by = ("name",)

    def names(self, values: Values) -> list[str]:
        """Return the name."""
        return [values["name"]]

    def make(self, row: Row, context: Context) -> Team:
        """Return a team."""
        team = Team(name=row.values["name"], is_active=row.values["is_active"])
        team.name_key = name_key(team.name)
        clean(team, ("name_key",))
        return team

    def write(self, rows: Sequence[Row], context: Context) -> None:
        """Write teams with their members, also those who have left the desk."""
        insert([row.instance for row in rows])
        members = [(row.instance, user) for row in rows for user in dict.fromkeys(row.values["members"])]
        TeamMember.objects.bulk_create(TeamMember(team=team, user=user) for team, user in members)
        for row in rows:
            names = sorted(user.label for user in row.values["members"])
            changes = {"name": (None, row.instance.name), "is_active": (None, row.instance.is_active)}
            changes |= {"members": (None, names)}
            on_shelf_created(Team, row=row.instance, changes=changes, actor=SYSTEM, at=context.begun)


class CategoryWriter(Writer):
    """Categories, known by their names."""

    table = "categories"
    model = Category
    known_by = ("name",)

    def names(self, values: Values) -> list[str]:
        """Return the name."""
        return [values["name"]]

    def make(self, row: Row, context: Context) -> Category:
        """Return a category."""
        category = Category(**{name: row.values[name] for name in CATEGORY_FIELDS})
        category.name_key = name_key(category.name)
        clean(category, ("name_key", "default_team"))
        return category

    def write(self, rows: Sequence[Row], context: Context) -> None:
        """Write categories."""
        insert([row.instance for row in rows])
        for row in rows:
            changes = {name: (None, getattr(row.instance, name)) for name in CATEGORY_FIELDS}
            on_shelf_created(Category, row=row.instance, changes=changes, actor=SYSTEM, at=context.begun)
