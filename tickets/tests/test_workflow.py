"""The workflow: every status against every other, and what becomes of the resolution date."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickets import workflow
from tickets.enums import Status
from tickets.workflow import WorkflowError

CREATED = datetime(2026, 3, 2, 9, 30, 20, tzinfo=UTC)
NOW = datetime(2026, 3, 5, 12, 0, 30, tzinfo=UTC)

# Rows lead to columns; written out, so that a slip in the table of the code can't repeat itself here.
EXPECTED = {
    #               open   in_progress waiting resolved
    "open": [True, True, True, True],
    "in_progress": [True, True, True, True],
    "waiting": [True, True, True, True],
    "resolved": [True, True, False, True],
}
PAIRS = [
    (old, new, allowed)
    for old, row in EXPECTED.items()
    for new, allowed in zip(["open", "in_progress", "waiting", "resolved"], row, strict=True)
]


@pytest.mark.parametrize(("old", "new", "allowed"), PAIRS)
def test_each_status_leads_exactly_where_the_table_says(old, new, allowed):
    if allowed:
        workflow.check_transition(old, new)
        return
    with pytest.raises(WorkflowError, match="can't go from") as caught:
        workflow.check_transition(old, new)
    assert caught.value.field == "status"


@pytest.mark.parametrize(("old", "new", "allowed"), PAIRS)
def test_a_form_offers_exactly_the_statuses_that_the_workflow_allows(old, new, allowed):
    assert (Status(new) in workflow.next_statuses(old)) is allowed


def after(**changes):
    values = {
        "old_status": "open",
        "new_status": "resolved",
        "old_date": None,
        "given": None,
        "creation_date": CREATED,
        "now": NOW,
    }
    return workflow.resolution_date_after(**values | changes)


def test_resolving_sets_the_date_to_now():
    assert after() == NOW


def test_resolving_takes_a_given_date():
    given = CREATED + timedelta(hours=3)
    assert after(given=given) == given


def test_a_date_in_the_future_is_refused():
    with pytest.raises(WorkflowError, match="future") as caught:
        after(given=NOW + timedelta(minutes=2))
    assert caught.value.field == "resolution_date"


def test_a_date_before_the_creation_is_refused():
    with pytest.raises(WorkflowError, match="before it was created"):
        after(given=CREATED - timedelta(minutes=2))


def test_the_minute_of_the_creation_counts_as_the_creation_because_forms_show_no_seconds():
    assert after(given=CREATED.replace(second=0)) == CREATED


def test_the_present_minute_typed_without_seconds_is_not_the_future():
    assert after(given=NOW.replace(second=0)) == NOW.replace(second=0)


def test_a_resolved_ticket_keeps_its_date_when_none_is_given():
    assert after(old_status="resolved", old_date=CREATED) == CREATED


def test_a_resolved_ticket_keeps_the_seconds_of_its_date_when_the_form_sends_it_back_without():
    old = CREATED + timedelta(days=1)
    assert after(old_status="resolved", old_date=old, given=old.replace(second=0)) == old


def test_leaving_resolved_clears_the_date():
    assert after(old_status="resolved", new_status="open", old_date=CREATED) is None


def test_leaving_resolved_clears_the_date_although_the_form_still_carries_it():
    assert after(old_status="resolved", new_status="open", old_date=CREATED, given=CREATED) is None


def test_a_new_date_while_leaving_resolved_is_refused():
    with pytest.raises(WorkflowError, match="Only a resolved ticket"):
        after(old_status="resolved", new_status="open", old_date=CREATED, given=NOW)


@pytest.mark.parametrize("status", ["open", "in_progress", "waiting"])
def test_a_date_on_an_unresolved_ticket_is_refused(status):
    with pytest.raises(WorkflowError, match="Only a resolved ticket"):
        after(new_status=status, given=CREATED)


@given(
    old=st.sampled_from(list(Status)),
    new=st.sampled_from(list(Status)),
    old_date=st.none() | st.datetimes(timezones=st.just(UTC)),
    given_date=st.none() | st.datetimes(timezones=st.just(UTC)),
)
def test_whatever_is_given_the_date_stands_exactly_on_resolved_tickets(old, new, old_date, given_date):
    try:
        result = after(old_status=old, new_status=new, old_date=old_date, given=given_date)
    except WorkflowError:
        return
    assert (result is not None) == (new == Status.RESOLVED)


@pytest.mark.parametrize(("days_ago", "expected"), [(0, True), (14, True), (15, False)])
def test_a_ticket_may_be_reopened_within_the_days_of_the_setting(days_ago, expected):
    assert workflow.may_reopen(NOW - timedelta(days=days_ago), now=NOW, days=14) is expected


def test_a_ticket_without_a_resolution_date_has_nothing_to_reopen():
    assert workflow.may_reopen(None, now=NOW, days=14) is False


def test_a_reopened_ticket_goes_back_to_its_agent_or_into_the_open_ones():
    assert workflow.status_after_reopening(assigned=True) == Status.IN_PROGRESS
    assert workflow.status_after_reopening(assigned=False) == Status.OPEN


def test_two_dates_are_the_same_within_a_minute_and_none_only_equals_none():
    assert workflow.same_minute(CREATED, CREATED.replace(second=0))
    assert not workflow.same_minute(CREATED, CREATED + timedelta(minutes=1))
    assert workflow.same_minute(None, None)
    assert not workflow.same_minute(CREATED, None)
