"""Whether each rating is what the log last said of it."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import transaction

from activity.enums import TargetType
from activity.integrity.progress import Progress
from activity.integrity.purges import Purges
from activity.integrity.rows import numbers_in_batches
from activity.models import ActivityLog
from tickets.figures.facts import month_of, reporting_day
from tickets.ratings.models import Rating


def check_ratings(progress: Progress) -> Iterator[str]:
    """Yield what doesn't fit about ratings."""
    progress.begin("ratings")
    purges = Purges.load()
    for numbers in numbers_in_batches(Rating.objects.all()):
        for number in [number for number, line in _findings(numbers, purges).items() if line]:
            # With the row locked nobody changes it between one query and the next.
            with transaction.atomic():
                list(Rating.objects.select_for_update().filter(pk=number))
                yield from _findings([number], Purges.load()).values()
        progress.advance(len(numbers))


def _findings(numbers: list[int], purges: Purges) -> dict[int, str]:
    ratings = list(Rating.objects.filter(pk__in=numbers))
    entries = ActivityLog.objects.filter(
        target_type=TargetType.RATING, target_id__in=[rating.ticket_id for rating in ratings]
    )
    said: dict[int | None, dict[str, str]] = {}
    for entry in entries.order_by("pk").only("target_id", "changes"):
        new = {name: pair[1] for name, pair in entry.changes.items()}
        said[entry.target_id] = said.get(entry.target_id, {"rating_text": ""}) | new
    return {rating.pk: line for rating in ratings if (line := _finding(rating, said.get(rating.ticket_id), purges))}


def _finding(rating: Rating, said: dict[str, str] | None, purges: Purges) -> str:
    name = f"Rating of ticket #{rating.ticket_id}"
    if rating.month != month_of(reporting_day(rating.rated_at)):
        return f"{name}: counted in another month than that in which it was given"
    if said is None:
        return "" if purges.may_have_taken(rating.rated_at) else f"{name}: the log doesn't know of it"
    stored = {"rating": rating.value, "rating_text": rating.text}
    if any(stored[field] != value for field, value in said.items()) and not purges.may_have_taken(rating.rated_at):
        return f"{name}: it isn't what the log says was said"
    return ""
