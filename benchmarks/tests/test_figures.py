"""Medians, percentiles, ratios and verdicts."""

import pytest

from benchmarks.figures import Verdict, figures, percentile, verdicts

LIST = {1_000: 20.0, 1_000_000: 30.0}


def named(medians, lengths=None):
    return {verdict.name: verdict for verdict in verdicts(medians, lengths or {})}


def test_a_percentile_is_a_value_that_so_many_do_not_exceed():
    values = list(range(100, 0, -1))
    assert percentile(values, 0.95) == 95
    assert percentile(values, 1) == 100
    assert percentile([7], 0.95) == 7


def test_there_is_no_percentile_of_nothing():
    with pytest.raises(ValueError, match="no values"):
        percentile([], 0.95)


def test_figures_are_in_milliseconds():
    found = figures([0.010, 0.020, 0.060], 1)
    assert (found.requests, found.median, found.p95) == (3, 20.0, 60.0)


def test_clients_who_wait_for_each_answer_share_the_time():
    assert figures([0.1] * 16, 8).per_second == pytest.approx(80)


def test_the_largest_is_compared_with_the_smallest():
    found = named({"list": {1_000: 20.0, 100_000: 90.0, 1_000_000: 30.0}})
    assert found == {
        "list: 1,000,000 to 1,000 tickets": Verdict("list: 1,000,000 to 1,000 tickets", 1.5, 1.5),
    }


def test_a_page_that_few_tickets_do_not_fill_is_compared_with_a_full_one_too():
    medians = {"search": {1_000: 10.0, 100_000: 20.0, 1_000_000: 22.0}}
    full = "search: 1,000,000 to 100,000 tickets, the fewest that fill the page as much"
    found = named(medians, {"search": {1_000: 20_000, 100_000: 95_000, 1_000_000: 100_000}})
    assert {name: verdict.ratio for name, verdict in found.items()} == {
        "search: 1,000,000 to 1,000 tickets": 2.2,
        full: 1.1,
    }
    assert full not in named(medians, {"search": dict.fromkeys(medians["search"], 100_000)})
    assert full not in named(medians, {"search": {1_000: 1, 100_000: 1, 1_000_000: 100_000}})


@pytest.mark.parametrize(("ratio", "holds"), [(1.5, True), (1.4, True), (1.51, False)])
def test_a_limit_is_kept_up_to_itself(ratio, holds):
    assert Verdict("list", ratio, 1.5).holds is holds


@pytest.mark.parametrize(
    ("page", "reference", "limit"),
    [
        ("deep", "list", 1.2),
        ("list", "bare", 2.0),
        ("dashboard", "list", 2.0),
        ("search", "list", 3.0),
        ("api_list", "list", 1.0),
    ],
)
def test_pages_are_compared_with_each_other_at_each_size(page, reference, limit):
    found = named({page: {1_000: 30.0, 1_000_000: 40.0}, reference: {1_000: 20.0, 1_000_000: 10.0}})
    for size, ratio in ((1_000, 1.5), (1_000_000, 4.0)):
        verdict = found[f"{page} to {reference} at {size:,} tickets"]
        assert (verdict.ratio, verdict.limit, verdict.holds) == (ratio, limit, ratio <= limit)


def test_what_was_not_measured_has_no_verdict():
    assert named({}) == named({"list": {1_000: 20.0}}) == {}
    assert list(named({"list": LIST, "deep": {1_000: 20.0}})) == [
        "list: 1,000,000 to 1,000 tickets",
        "deep to list at 1,000 tickets",
    ]
