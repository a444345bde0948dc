"""What was sent to the database."""

from __future__ import annotations

from django.db.models import Model
from django.test.utils import CaptureQueriesContext


def longest_insert(queries: CaptureQueriesContext, model: type[Model]) -> int:
    """Return how long the longest statement was that wrote rows of a model."""
    begin = f"INSERT INTO {model._meta.db_table} "
    statements = [query["sql"].replace("`", "").replace('"', "") for query in queries]
    return max(len(statement) for statement in statements if statement.startswith(begin))
