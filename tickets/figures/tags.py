"""What the unresolved tickets are about, by the tags of those that were changed last."""

from __future__ import annotations

from django.db.models import Count
from django.db.models.expressions import RawSQL

from tickets.enums import UNRESOLVED
from tickets.figures.parts import Ranked, filters_of, list_url, percent
from tickets.figures.questions import TOP
from tickets.models import TicketTag
from tickets.querysets import TicketQuerySet

# So many tickets say what is going on, and cost the same whatever the number of the others.
NEWEST = 1_000


def most_used_tags(tickets: TicketQuerySet, person: int) -> list[Ranked]:
    """Return the tags that most of some tickets have, each with the list of its unresolved tickets.

    Args:
        tickets: unresolved ones; the NEWEST of them count.
        person: whose they are, as the figures number them.
    """
    newest, parameters = tickets.order_by("-updated_at", "-pk").values("id")[:NEWEST].query.sql_with_params()
    # MySQL takes no limit within IN, but one within a table there.
    numbers = RawSQL(f"SELECT newest.id FROM ({newest}) AS newest", parameters)  # noqa: S608, S611 - the text is Django's
    counted = TicketTag.objects.filter(ticket__in=numbers).order_by().values_list("tag__name")
    found = list(counted.annotate(amount=Count("pk")).order_by("-amount", "tag__name")[:TOP])
    most = max((amount for _name, amount in found), default=1)
    return [
        Ranked(name, list_url(status=list(UNRESOLVED), tag=name, **filters_of(person)), amount, percent(amount, most))
        for name, amount in found
    ]
