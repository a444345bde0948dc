"""Questions that a database really needs minutes for, and a list and exports that ask one."""

from contextlib import contextmanager

from django.db import connection
from django.urls import include, path

from activity.views import ExportView as LogExportView
from tickets.views import TicketListView
from tickets.views.export import ExportView

# 729 million rows to look at, on either engine; the parameter is a number from 0 to 6.
ENDLESS = """
SELECT COUNT(*) FROM (
    WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 900)
    SELECT a.n FROM numbers a, numbers b, numbers c WHERE (a.n * b.n * c.n) %% 7 = %s
) product
"""

# What MariaDB and MySQL say of a full-text search that ran out of time or of memory.
FULLTEXT_GIVEN_UP = (188, "Unknown error 188")


@contextmanager
def failing(part, error):
    """Answer each statement with this part by an error, as a server that holds millions of rows would."""

    def execute(execute, sql, *arguments):
        if part in str(sql):
            raise error
        return execute(sql, *arguments)

    with connection.execute_wrapper(execute):
        yield


def slowly(queryset):
    """Return the query with a condition that nobody will see the end of."""
    return queryset.extra(where=[f"({ENDLESS}) > 0"], params=[3])  # noqa: S610 - nobody's text gets into it


class SlowListView(TicketListView):
    """A list of tickets that no index serves."""

    def tickets(self, request):
        """Return the tickets."""
        return slowly(super().tickets(request))


class SlowExportView(ExportView):
    """The same as a file."""

    def tickets(self, request):
        """Return the tickets."""
        return slowly(super().tickets(request))


class SlowLogExportView(LogExportView):
    """A part of the log that no index serves, as a file."""

    def entries(self, request):
        """Return the entries."""
        return slowly(super().entries(request))


urlpatterns = [
    path("slow/", SlowListView.as_view()),
    path("slow/tickets.csv", SlowExportView.as_view()),
    path("slow/activity.csv", SlowLogExportView.as_view()),
    path("", include("tms_site.urls")),
]
