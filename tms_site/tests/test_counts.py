"""Counts that stop counting."""

import pytest

from accounts.factories import UserFactory
from accounts.models import User
from tms_site.lib.counts import CAP, CappedCount, capped_count, capped_counts
from tms_site.tests.slow import slowly

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("rows", "cap", "value", "capped"), [(0, 3, 0, False), (2, 3, 2, False), (3, 3, 3, False), (4, 3, 3, True)]
)
def test_a_count_is_exact_up_to_its_cap_and_says_when_there_is_more(rows, cap, value, capped):
    UserFactory.create_batch(rows)
    assert capped_count(User.objects.order_by("username"), cap) == CappedCount(value, capped)


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (CappedCount(0, capped=False), "0"),
        (CappedCount(1000, capped=False), "1,000"),
        (CappedCount(1000, capped=True), "1,000+"),
        (CappedCount(1000, capped=True, known=False), "many"),
    ],
)
def test_people_read_more_than_a_thousand_as_a_thousand_and_a_plus(count, text):
    assert str(count) == text


def test_counting_reads_no_more_rows_than_the_cap_and_one(django_assert_num_queries):
    with django_assert_num_queries(1) as queries:
        capped_count(User.objects.all())
    assert f"LIMIT {CAP + 1}" in queries[0]["sql"]
    assert "ORDER BY" not in queries[0]["sql"]


def test_a_count_that_takes_too_long_is_given_up(agent, settings):
    settings.LIST_TIME_LIMIT = 0.05
    assert capped_count(slowly(User.objects.all())) == CappedCount(CAP, capped=True, known=False)


def test_several_counts_take_one_statement_each_with_a_cap_of_its_own(django_assert_num_queries):
    first, second, *_others = UserFactory.create_batch(4)
    everybody = User.objects.order_by("username")
    with django_assert_num_queries(1):
        counts = capped_counts([everybody, User.objects.none(), everybody.filter(pk__in=[first.pk, second.pk])], cap=3)
    assert counts == [CappedCount(3, capped=True), CappedCount(0, capped=False), CappedCount(2, capped=False)]


def test_what_is_empty_for_sure_is_not_asked_for(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert capped_counts([User.objects.none()]) == [CappedCount(0, capped=False)]
        assert capped_counts([]) == []


def test_one_count_that_takes_too_long_spoils_no_other(agent, settings):
    settings.LIST_TIME_LIMIT = 0.05
    counts = capped_counts([User.objects.all(), slowly(User.objects.all())])
    assert counts == [CappedCount(1, capped=False), CappedCount(CAP, capped=True, known=False)]
