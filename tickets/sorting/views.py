"""Tags while one types."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.html import format_html_join
from django.views.generic import View

from accounts.mixins import RoleRequiredMixin
from tickets import policies
from tickets.mixins import PersonRequest
from tickets.sorting.models import Tag
from tickets.sorting.names import TAG_MAX

OFFERED = 10
TYPED_MAX = 1_000


class TagsView(RoleRequiredMixin, View):
    """The options of a field for tags: what was typed before the last comma, with a tag that exists behind it."""

    required = policies.can_see_tags

    def get(self, request: PersonRequest) -> HttpResponse:
        """Answer with at most ten options; none for an empty or an impossible beginning."""
        typed = next((value for name in ("tags", "tag", "q") if (value := request.GET.get(name))), "")
        before, comma, last = typed.rpartition(",")
        kept = f"{before.strip()}, " if comma else ""
        names = self.found(last.strip().removeprefix("#").casefold()) if len(typed) <= TYPED_MAX else []
        options = ((kept + each, each) for each in names)
        return HttpResponse(format_html_join("", '<option value="{}">{}</option>', options))

    def found(self, beginning: str) -> list[str]:
        """Return the tags that begin so."""
        if not beginning or len(beginning) > TAG_MAX or "\x00" in beginning:
            return []
        tags = Tag.objects.filter(name__istartswith=beginning).order_by("name")
        return list(tags.values_list("name", flat=True)[:OFFERED])
