"""Who a list may be filtered by, while one types."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.html import format_html_join
from django.views.generic import View

from accounts.models import User
from tickets.mixins import PersonRequest
from tms_site.lib.text import clean_line

OFFERED = 10
TYPED_MAX = 150


class PeopleView(View):
    """The options of a requester's field: people whom the visitor may look up, by the beginning of name or address."""

    def get(self, request: PersonRequest) -> HttpResponse:
        """Answer with at most ten options; none for an empty or an impossible beginning."""
        typed = clean_line(request.GET.get("q") or request.GET.get("requester") or "")
        return HttpResponse(format_html_join("", '<option value="{}">{}</option>', self.found(request.user, typed)))

    def found(self, visitor: User, typed: str) -> list[tuple[str, str]]:
        """Return the address and the name of each."""
        if not typed or len(typed) > TYPED_MAX or "\x00" in typed:
            return []
        people = User.objects.visible_to(visitor).active()
        # Each by an index of its own: one condition with OR would be read from neither.
        by_name = people.filter(username__istartswith=typed).order_by("username", "pk")
        by_address = people.filter(email_key__istartswith=typed).order_by("email_key")
        found: dict[str, str] = {}
        for matches in (by_name, by_address):
            found |= dict(matches.values_list("email", "username")[:OFFERED])
        return list(found.items())[:OFFERED]
