"""The documents of the index: one for each ticket, written in the transaction of the change."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.db import connection

from tickets.models import Comment, SearchDocument, Ticket
from tickets.search import terms
from tms_site.lib.batches import in_statements

# What is indexed of a ticket with all its comments: several books' chapters. The rest is still there to read.
TEXT_MAX = 200_000


def document(*, requester: int, title: str, texts: Iterable[str]) -> str:
    """Return the terms of a ticket.

    Args:
        requester: whose ticket it is, by number.
        title: its title, whose words count more.
        texts: its description and its comments, in their order.
    """
    folded_title = terms.fold(title)
    # Some signs are several ones once they're folded.
    folded = terms.fold("\n".join((title, *texts))[:TEXT_MAX])[:TEXT_MAX]
    body = list(terms.sequence(folded))
    extra = sorted(terms.extras(folded).difference(body))
    found = [
        *(terms.WORD + word for word in body),
        *(terms.TITLE + word for word in terms.sequence(folded_title)),
        *(terms.WORD + word for word in extra),
        f"{terms.REQUESTER}{requester}",
    ]
    return f" {' '.join(found)} "


def documents_of(ticket_ids: Sequence[int]) -> dict[int, str]:
    """Return what the index should hold for these tickets; those that don't exist are left out. Two queries."""
    if not ticket_ids:
        return {}
    comments: dict[int, list[str]] = defaultdict(list)
    rows = Comment.objects.public().filter(ticket__in=ticket_ids).order_by("ticket", "pk")
    for ticket_id, text in rows.values_list("ticket", "description"):
        comments[ticket_id].append(text)
    tickets = Ticket.objects.filter(pk__in=ticket_ids).values_list("pk", "requester", "title", "description")
    return {
        pk: document(requester=requester, title=title, texts=[description, *comments[pk]])
        for pk, requester, title, description in tickets
    }


def write(ticket_ids: Sequence[int]) -> None:
    """Write the documents of these tickets as they are now: new ones and changed ones."""
    store(documents_of(ticket_ids))


def store(documents: dict[int, str]) -> None:
    """Write documents by the number of their ticket."""
    target = ["ticket"] if connection.features.supports_update_conflicts_with_target else None
    for rows in in_statements(SearchDocument(ticket_id=pk, terms=words) for pk, words in documents.items()):
        SearchDocument.objects.bulk_create(rows, update_conflicts=True, update_fields=["terms"], unique_fields=target)


def remove(ticket_ids: Sequence[int]) -> None:
    """Remove the documents of these tickets."""
    SearchDocument.objects.filter(pk__in=ticket_ids).delete()
