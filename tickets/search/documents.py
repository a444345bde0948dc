"""The documents of the index: one for each ticket, written in the transaction of the change."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.db import connection

from tickets.models import Comment, SearchDocument, Ticket
from tickets.search import recent, terms
from tms_site.lib.batches import in_statements

# What is indexed of a ticket with all its comments: several books' chapters. The rest is still there to read.
TEXT_MAX = 200_000
# As much again of its notes, so that however long they are, the rest is cut where it would be without them.
NOTES_MAX = 200_000


def document(*, requester: int, title: str, texts: Iterable[str], notes: Iterable[str] = ()) -> str:
    """Return the terms of a ticket: those of notes first, if it has any, then the rest as it would be without them.

    Args:
        requester: whose ticket it is, by number.
        title: its title, whose words count more.
        texts: its description and its comments, in their order.
        notes: its internal notes, likewise.
    """
    body, extra = _words("\n".join((title, *texts)), TEXT_MAX)
    notes_body, notes_extra = _words("\n".join(notes), NOTES_MAX)
    found = [
        # A document that has notes begins with one: the others are left alone where notes are read (plans.NOTED).
        *(terms.NOTE + word for word in notes_body),
        *(terms.WORD + word for word in body),
        *(terms.TITLE + word for word in terms.sequence(terms.fold(title))),
        *(terms.WORD + word for word in extra),
        f"{terms.REQUESTER}{requester}",
        *(terms.NOTE + word for word in notes_extra),
    ]
    return f" {' '.join(found)} "


def _words(text: str, most: int) -> tuple[list[str], list[str]]:
    """Return the words of a text's first signs in their order, and what else some of them may be written as."""
    # Some signs are several ones once they're folded.
    folded = terms.fold(text[:most])[:most]
    body = list(terms.sequence(folded))
    return body, sorted(terms.extras(folded).difference(body))


def documents_of(ticket_ids: Sequence[int]) -> dict[int, str]:
    """Return what the index should hold for these tickets; those that don't exist are left out. Two queries."""
    if not ticket_ids:
        return {}
    replies: dict[int, list[str]] = defaultdict(list)
    notes: dict[int, list[str]] = defaultdict(list)
    rows = Comment.objects.filter(ticket__in=ticket_ids).order_by("ticket", "pk")
    for ticket_id, is_internal, text in rows.values_list("ticket", "is_internal", "description"):
        (notes if is_internal else replies)[ticket_id].append(text)
    tickets = Ticket.objects.filter(pk__in=ticket_ids).values_list("pk", "requester", "title", "description")
    return {
        pk: document(requester=requester, title=title, texts=[description, *replies[pk]], notes=notes[pk])
        for pk, requester, title, description in tickets
    }


def write(ticket_ids: Sequence[int]) -> None:
    """Write the documents of these tickets as they are now: new ones and changed ones."""
    store(documents_of(ticket_ids))


def store(documents: dict[int, str]) -> None:
    """Write documents by the number of their ticket; the newest a second time, where that's kept."""
    target = ["ticket"] if connection.features.supports_update_conflicts_with_target else None
    for rows in in_statements(SearchDocument(ticket_id=pk, terms=words) for pk, words in documents.items()):
        SearchDocument.objects.bulk_create(rows, update_conflicts=True, update_fields=["terms"], unique_fields=target)
    recent.store(documents)


def remove(ticket_ids: Sequence[int]) -> None:
    """Remove the documents of these tickets."""
    SearchDocument.objects.filter(pk__in=ticket_ids).delete()
    recent.remove(ticket_ids)
