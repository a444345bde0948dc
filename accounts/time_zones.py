"""The time zones that people choose from, in the profile and in the administration."""

from __future__ import annotations

from functools import cache
from typing import Any

from django import forms
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import time_zone_names
from tms_site.lib.options import CheapSelect


@cache
def time_zone_choices() -> tuple[tuple[str, str], ...]:
    """Return the time zones that are places, and UTC, as choices of a form."""
    names = sorted(name for name in time_zone_names() if "/" in name and not name.startswith("Etc/"))
    return tuple((name, name.replace("_", " ")) for name in ["UTC", *names])


class TimeZoneField(forms.ChoiceField):
    """A time zone out of some hundreds."""

    widget = CheapSelect
    default_error_messages = {"required": _("Choose a time zone.")}  # noqa: RUF012 - Django reads it from the class

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(label=_("Time zone"), choices=lazy(time_zone_choices, tuple), **kwargs)

    def keep(self, current: str) -> None:
        """Offer what somebody has already too, which another machine may have known."""
        if current not in dict(time_zone_choices()):
            self.choices = [(current, current), *time_zone_choices()]
