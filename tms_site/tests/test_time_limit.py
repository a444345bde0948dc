"""Reads that take too long are given up by the database itself."""

import pytest
from django.db import DatabaseError, InternalError, connection, transaction

from accounts.models import User
from tms_site.lib.time_limit import TooSlow, _for_mariadb, _for_mysql, time_limit
from tms_site.tests.slow import ENDLESS, FULLTEXT_GIVEN_UP, failing, slowly

pytestmark = pytest.mark.django_db

SHORT = 0.05


def ask(sql, *params):
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()


def test_a_statement_that_takes_minutes_is_given_up():
    with pytest.raises(TooSlow), time_limit(SHORT):
        ask(ENDLESS, 3)


def test_a_union_that_takes_minutes_is_given_up(agent):
    people = User.objects.order_by().values_list("pk")
    with pytest.raises(TooSlow), time_limit(SHORT):
        list(slowly(people).union(people, all=True))
    with time_limit(5):
        assert list(people.union(people, all=True)) == [(agent.pk,), (agent.pk,)]


def test_the_connection_is_as_good_as_before_afterwards():
    with pytest.raises(TooSlow), time_limit(SHORT):
        ask(ENDLESS, 3)
    assert [row[0] for row in ask("SELECT 1 + %s", 2)] == [3]
    assert User.objects.count() == 0


def test_a_fast_statement_answers_as_ever(agent):
    with time_limit(5):
        assert list(User.objects.values_list("pk", flat=True)) == [agent.pk]
        assert User.objects.filter(username__contains="100%").count() == 0


def test_a_full_text_search_that_the_server_gives_up_is_too_slow():
    with pytest.raises(TooSlow), time_limit(5), failing("1 + ", InternalError(*FULLTEXT_GIVEN_UP)):
        ask("SELECT 1 + %s", 2)


def test_other_internal_errors_stay_what_they_are():
    with pytest.raises(InternalError), time_limit(5), failing("1 + ", InternalError(128, "Unknown error 128")):
        ask("SELECT 1 + %s", 2)


def test_a_limit_costs_no_further_query(django_assert_num_queries):
    with django_assert_num_queries(1), time_limit(5):
        User.objects.count()


def test_other_errors_stay_what_they_are():
    with pytest.raises(DatabaseError), transaction.atomic(), time_limit(5):
        ask("SELECT nothing FROM nowhere_at_all WHERE (")


def test_what_a_block_writes_is_written(agent):
    with time_limit(5):
        User.objects.filter(pk=agent.pk).update(username="Ann")
    agent.refresh_from_db()
    assert agent.username == "Ann"


@pytest.mark.parametrize(
    ("add_limit", "statement", "limited"),
    [
        (_for_mariadb, "SELECT 1", "SET STATEMENT max_statement_time=1.500 FOR SELECT 1"),
        (_for_mysql, "SELECT 1", "SELECT /*+ MAX_EXECUTION_TIME(1500) */ 1"),
        (_for_mysql, "(SELECT 1) UNION (SELECT 2)", "(SELECT /*+ MAX_EXECUTION_TIME(1500) */ 1) UNION (SELECT 2)"),
    ],
)
def test_each_engine_is_told_in_its_own_words(add_limit, statement, limited):
    assert add_limit(statement, 1.5) == limited
