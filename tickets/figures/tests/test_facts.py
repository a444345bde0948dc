"""What one ticket contributes to the figures."""

from datetime import UTC, date, datetime, timedelta

import pytest

from tickets.figures.facts import EVERYBODY, NOBODY, Figure, Key, State, difference, facts, minutes_between
from tickets.figures.quantiles import percentile

OPENED = datetime(2026, 3, 14, 9, tzinfo=UTC)
DAY, MONTH, ALWAYS = date(2026, 3, 14), date(2026, 3, 1), date(1970, 1, 1)
REQUESTER, AGENT = 5, 7


def state(**columns):
    return State(
        **{
            "status": "open",
            "priority": "high",
            "creation_date": OPENED,
            "resolution_date": None,
            "first_response_at": None,
            "requester_id": REQUESTER,
            "assigned_agent_id": None,
        }
        | columns
    )


def test_an_open_ticket_counts_as_created_open_and_asked_for():
    created = {Key(Figure.CREATED, DAY, 0, 0, person, 0): 1 for person in (EVERYBODY, NOBODY)}
    opened = {Key(Figure.OPEN, ALWAYS, 1, 3, person, 0): 1 for person in (EVERYBODY, NOBODY)}
    asked = {Key(Figure.REQUESTED, MONTH, 0, 0, REQUESTER, 0): 1, Key(Figure.ASSIGNED, ALWAYS, 0, 0, NOBODY, 0): 1}
    assert facts(state()) == created | opened | asked


def test_a_resolved_ticket_counts_for_its_agent_on_the_day_of_its_resolution():
    resolved = OPENED + timedelta(days=20)
    found = facts(state(status="resolved", resolution_date=resolved, assigned_agent_id=AGENT))
    assert found[Key(Figure.RESOLVED, date(2026, 4, 3), 0, 0, AGENT, 0)] == 1
    assert found[Key(Figure.RESOLUTION, date(2026, 4, 1), 0, 3, AGENT, 29_000)] == 1
    assert found[Key(Figure.RESOLUTION, date(2026, 4, 1), 0, 3, EVERYBODY, 29_000)] == 1
    assert not {key.figure for key in found} & {Figure.OPEN, Figure.ASSIGNED}


def test_a_first_response_counts_in_its_month():
    found = facts(state(first_response_at=OPENED + timedelta(minutes=200)))
    assert found[Key(Figure.FIRST_RESPONSE, MONTH, 0, 3, EVERYBODY, 200)] == 1


def test_days_are_those_of_the_zone_of_the_installation(settings):
    settings.TIME_ZONE = "Asia/Tokyo"
    late = state(creation_date=datetime(2026, 3, 31, 20, tzinfo=UTC))
    assert facts(late)[Key(Figure.CREATED, date(2026, 4, 1), 0, 0, EVERYBODY, 0)] == 1


def test_a_change_makes_the_difference_between_before_and_after():
    before, after = state(), state(priority="low")
    assert difference(before, after) == {
        Key(Figure.OPEN, ALWAYS, 1, rank, person, 0): amount
        for rank, amount in ((3, -1), (1, 1))
        for person in (EVERYBODY, NOBODY)
    }


def test_what_changes_no_figure_makes_no_difference():
    assert difference(state(), state()) == {}


def test_a_ticket_that_goes_takes_all_with_it():
    assert difference(None, state()) + difference(state(), None) == {}
    assert all(amount == -1 for amount in difference(state(), None).values())


@pytest.mark.parametrize(
    ("seconds", "minutes"),
    [
        (-60, 0),
        (0, 0),
        (29, 0),
        (30, 1),
        (99 * 60, 99),
        (104 * 60, 100),
        (105 * 60, 110),
        (994 * 60, 990),
        (99_499 * 60, 99_000),
    ],
)
def test_durations_keep_two_digits(seconds, minutes):
    assert minutes_between(OPENED, OPENED + timedelta(seconds=seconds)) == minutes


@pytest.mark.parametrize(
    ("counts", "median", "ninetieth"),
    [({}, None, None), ({5: 1}, 5, 5), ({1: 1, 2: 1}, 1, 2), ({1: 5, 2: 4, 9: 1}, 1, 2), ({1: 5, 2: 3, 9: 2}, 1, 9)],
)
def test_a_percentile_is_the_least_duration_that_so_many_do_not_exceed(counts, median, ninetieth):
    assert (percentile(counts, 50), percentile(counts, 90)) == (median, ninetieth)
