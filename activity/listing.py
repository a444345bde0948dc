"""One page of the log."""

from __future__ import annotations

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import ngettext

from activity.enums import ActivityType
from activity.filters import LABELS, ActivityFilter
from activity.models import ActivityLog
from tms_site.lib import listing
from tms_site.lib.keyset import Order
from tms_site.lib.listing import shorten

# Newest first. Between dates the index of the dates serves better than that of the numbers.
BY_NUMBER = Order("-id", "pk", descending=True)
BY_DATE = Order("-date", "activity_date", descending=True)


class Listing(listing.Listing[ActivityLog]):
    """One page of the log; see the base for the arguments."""

    labels = LABELS

    def __init__(self, chosen: ActivityFilter, *, path: str, cursor: str, size: int) -> None:
        self.chosen = chosen
        super().__init__(chosen, path=path, cursor=cursor, size=size)

    @property
    def order(self) -> Order:
        """Newest first."""
        return BY_DATE if self.chosen.by_date else BY_NUMBER

    @property
    def export_url(self) -> str:
        """The whole list as a file."""
        data = self.chosen.data.copy()
        if self.chosen.fixed_user is not None:
            data["user"] = str(self.chosen.fixed_user.pk)
        return f"{reverse('activity:export')}?{data.urlencode()}"

    @property
    def count_label(self) -> str:
        """The count in words."""
        return ngettext("%(count)s entry", "%(count)s entries", self.count.value) % {"count": self.count}

    def value_label(self, name: str, value: str) -> str | Promise:
        """Return what a chip shows for a value of the filter `name`."""
        if name == "activity_type":
            return ActivityType(value).label
        if name == "user":
            people = self.chosen.meanings["user"]
            return str(people[0]) if len(people) == 1 else shorten(value)
        if name == "ticket":
            return f"#{self.chosen.meanings['ticket']}"
        return value.replace("T", " ")
