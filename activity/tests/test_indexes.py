"""Each filter that the log's page offers is served by an index, and so is its order (on the server)."""

from datetime import timedelta

import pytest
from django.db import connection
from django.http import QueryDict
from django.utils import timezone

from accounts.factories import UserFactory
from activity.enums import ActivityType
from activity.filters import ActivityFilter
from activity.listing import BY_DATE, BY_NUMBER
from activity.models import ActivityLog

pytestmark = [pytest.mark.mysql, pytest.mark.django_db]
ROWS = 4000
PEOPLE = 40
NOW = timezone.now()


@pytest.fixture(scope="module")
def long_log(lasting):
    with lasting():
        return make_log()


def make_log():
    people = UserFactory.create_batch(PEOPLE)
    types = list(ActivityType)
    ActivityLog.objects.bulk_create(
        ActivityLog(
            user=people[number % PEOPLE],
            activity_type=types[number % len(types)],
            activity_date=NOW - timedelta(hours=ROWS - number),
            target_type="ticket",
            target_id=number % 500,
            ticket_id=number % 500,
            details="x" * 200,
        )
        for number in range(ROWS)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE TABLE activity_activitylog")
    return people


def plan(query):
    chosen = ActivityFilter(QueryDict(query), ActivityLog.objects.all())
    order = BY_DATE if chosen.by_date else BY_NUMBER
    sql, params = chosen.qs.for_list().order_by(*order.by)[:51].query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {sql}", params)
        columns = [column[0] for column in cursor.description]
        return dict(zip(columns, cursor.fetchone(), strict=True))


@pytest.mark.parametrize(
    "query",
    [
        "",
        "user={user}",
        "activity_type=delete",
        "ticket=7",
        f"after={(NOW - timedelta(days=2)).date()}",
        f"before={(NOW - timedelta(days=160)).date()}",
        f"after={(NOW - timedelta(days=9)).date()}&before={(NOW - timedelta(days=7)).date()}",
    ],
)
def test_a_filter_and_its_order_are_served_by_an_index(long_log, query):
    told = plan(query.format(user=long_log[3].pk))
    assert told["key"], told
    assert "filesort" not in (told["Extra"] or ""), told


@pytest.mark.parametrize("query", ["ticket=7&activity_type=update", "user={user}&activity_type=update"])
def test_two_filters_at_once_are_narrowed_by_an_index(long_log, query):
    told = plan(query.format(user=long_log[3].pk))
    assert told["key"], told
    assert int(told["rows"]) <= ROWS / PEOPLE, told
