"""A search among thousands of people reads few rows of them (on the server)."""

import pytest
from django.db import connection

from accounts.api.users import BY_NAME
from accounts.models import User

pytestmark = [pytest.mark.mysql, pytest.mark.django_db]
ROWS = 4000
LETTERS = "abcdefghijklmnopqrst"


@pytest.fixture(scope="module")
def crowd(lasting):
    with lasting():
        make_crowd()


def make_crowd():
    addresses = [f"{LETTERS[number // 20 % 20]}{LETTERS[number % 20]}.{number}@example.com" for number in range(ROWS)]
    User.objects.bulk_create(
        User(username=f"{LETTERS[number % 20]}ina No. {number}", email=address, email_key=address, password="!")
        for number, address in enumerate(addresses)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE TABLE accounts_user")


def plan(text):
    rows = User.objects.beginning_with(text).order_by(*BY_NAME.by)[:51]
    sql, params = rows.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {sql}", params)
        columns = [column[0] for column in cursor.description]
        return dict(zip(columns, cursor.fetchone(), strict=True))


@pytest.mark.parametrize("text", ["bina No. 3101", "aa.400@", "nobody of that name"])
def test_few_matches_are_found_by_the_indexes_of_names_and_of_addresses(crowd, text):
    told = plan(text)
    assert {"user_name", "email_key"} <= set(told["key"].split(",")), told
    assert int(told["rows"]) <= 20, told


@pytest.mark.parametrize("text", ["b", "bina"])
def test_many_matches_are_not_looked_for_among_everybody(crowd, text):
    told = plan(text)
    assert told["key"], told
    assert int(told["rows"]) <= ROWS / 5, told
