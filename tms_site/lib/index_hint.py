"""Naming the index that a list is read from, where we know better than the statistics of the database.

MySQL and MariaDB weigh "walk one index and stop early" against "intersect two and sort" by averages, and are wrong by
a factor of a hundred where a million rows aren't evenly spread.
"""

from __future__ import annotations

from typing import Any, TypeVar

from django.db import connections
from django.db.models import QuerySet
from django.db.models.sql.datastructures import BaseTable

Q = TypeVar("Q", bound=QuerySet[Any])


class _HintedTable(BaseTable):
    """A table of a query that's read from one index."""

    def __init__(self, table_name: str, alias: str, index: str) -> None:
        super().__init__(table_name, alias)
        self.index = index

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[str | int, ...]]:
        """Return the table as it stands in FROM."""
        sql, params = super().as_sql(compiler, connection)
        name = connection.ops.quote_name(self.index)
        return f"{sql} FORCE INDEX ({name})" if connection.vendor == "mysql" else f"{sql} INDEXED BY {name}", params

    def relabeled_clone(self, change_map: dict[Any, Any]) -> _HintedTable:
        """Return the same under another alias."""
        alias = str(self.table_alias)
        return _HintedTable(self.table_name, change_map.get(alias, alias), self.index)


def force_index(queryset: Q, index: str, *, also_sqlite: bool = False) -> Q:
    """Return the query with its main table read from the index of this name; unchanged for none.

    Args:
        queryset: the query.
        index: the name of the index; "" for none.
        also_sqlite: whether SQLite must do so too. It counts well without, but sorts where it could walk an order; and
            it refuses a query that the named index can't serve.
    """
    if not index or not (also_sqlite or connections[queryset.db].vendor == "mysql"):
        return queryset
    hinted = queryset.all()
    alias = hinted.query.get_initial_alias()
    hinted.query.alias_map[alias] = _HintedTable(queryset.model._meta.db_table, alias, index)
    return hinted
