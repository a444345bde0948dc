"""Lists of tickets: the filters, the search and the pages of the site, without what only a page shows."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpResponse

from accounts.models import User
from accounts.tokens.auth import ApiRequest, actor_of
from tickets import navigation, services
from tickets.api.names import names_for
from tickets.api.schemas import TicketQuery, ticket_row
from tickets.filters import BEST_MATCH, TicketFilter, order_of
from tickets.querysets import TicketQuerySet
from tms_site.lib.api.pages import answer_page, filters_of, load, refuse_ignored
from tms_site.lib.keyset import Page, paginate
from tms_site.lib.time_limit import time_limit

# What a row shows, and what lists are sorted by.
COLUMNS = (
    "pk", "title", "status", "priority", "requester_id", "assigned_agent_id", "category_id", "team_id",
    "creation_date", "updated_at", "resolution_date", "merged_into_id", "version", "status_rank", "priority_rank",
)  # fmt: skip # one name after another


def answer_list(
    request: ApiRequest, tickets: TicketQuerySet, query: TicketQuery, *, of_agent: bool = False
) -> HttpResponse:
    """Return a page of `tickets` as the parameters of the address ask for it.

    Raises:
        Problem: 422 for a filter that means nothing, or to somebody who may not know what it names.
    """
    actor = actor_of(request)
    chosen = _chosen(request, tickets, actor, of_agent=of_agent)
    with time_limit(settings.LIST_TIME_LIMIT):
        page = load(lambda: _page(chosen, query))
        names = names_for(actor, page.items)
    services.note_listed(actor=actor)
    return answer_page(request, page, [ticket_row(actor, ticket, names) for ticket in page.items])


def _chosen(request: ApiRequest, tickets: TicketQuerySet, actor: User, *, of_agent: bool) -> TicketFilter:
    given = filters_of(request)
    view, data = navigation.view_of_address(actor, given)
    if view is None and navigation.VIEW in given:
        refuse_ignored({navigation.VIEW: given.getlist(navigation.VIEW)})
    chosen = TicketFilter(data, tickets, actor=actor, of_agent=of_agent)
    refuse_ignored(chosen.refused)
    return chosen


def _page(chosen: TicketFilter, query: TicketQuery) -> Page[Any]:
    if chosen.sort == BEST_MATCH:
        return chosen.ranked_page(query.cursor, query.limit)[0]
    rows: Any = chosen.in_order.values_list(*COLUMNS, named=True)
    return paginate(rows, order_of(chosen.sort), query.cursor, query.limit)
