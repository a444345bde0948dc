"""On SQLite, too, a timeline asks the indexes of its own ticket, whatever the statistics say."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from activity.factories import EntryFactory
from activity.timeline.sources import Show, Sources
from tickets.factories import TicketFactory

pytestmark = pytest.mark.django_db


def test_a_column_that_is_null_everywhere_makes_nobody_walk_the_log(agent):
    if connection.vendor != "sqlite":
        pytest.skip("SQLite says in words what it reads")
    ticket = TicketFactory()
    EntryFactory.create_batch(300)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    with CaptureQueriesContext(connection) as queries:
        Sources(ticket, agent, Show.ALL).newest(50)
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {queries.captured_queries[0]['sql']}")
        plan = [row[3] for row in cursor.fetchall()]
    assert any("activity_other_timeline" in step for step in plan)
    assert not any("SCAN activity_activitylog" in step for step in plan)
