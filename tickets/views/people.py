"""Who a list may be filtered by, while one types."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.html import format_html_join
from django.views.generic import View

from accounts.models import User
from tickets.fields import find_people
from tickets.mixins import PersonRequest
from tms_site.lib.text import clean_line

OFFERED = 10


class PeopleView(View):
    """The options of a requester's field: people whom the visitor may look up, by the beginning of name or address."""

    def get(self, request: PersonRequest) -> HttpResponse:
        """Answer with at most ten options; none for an empty or an impossible beginning."""
        typed = clean_line(request.GET.get("q") or request.GET.get("requester") or "")
        people = [(person.email, person.username) for person in people_found(request.user, typed, OFFERED)]
        return HttpResponse(format_html_join("", '<option value="{}">{}</option>', people))


def people_found(visitor: User, typed: str, most: int) -> list[User]:
    """Return people whom the visitor may look up and whose name or address begins so; two queries."""
    return find_people(User.objects.visible_to(visitor).active().for_choice(), typed, most)
