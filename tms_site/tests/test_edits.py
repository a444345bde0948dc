"""Three-way merges of edits."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from tms_site.lib.edits import UNKNOWN, differing, three_way

BASE = {"title": "Printer", "priority": "low"}


def test_a_field_that_its_author_left_alone_keeps_what_others_made_of_it():
    merge = three_way(BASE, {"title": "Printer on fire", "priority": "low"}, {"title": "Printer", "priority": "high"})
    assert merge.to_apply == {"priority": "high"}
    assert merge.conflicts == []


def test_the_same_change_by_both_is_no_conflict_and_nothing_to_do():
    merge = three_way(BASE, BASE | {"title": "Fire"}, BASE | {"title": "Fire"})
    assert merge.to_apply == {}
    assert merge.conflicts == []


def test_different_changes_of_one_field_are_a_conflict_with_all_three_values():
    merge = three_way(BASE, BASE | {"title": "Theirs"}, BASE | {"title": "Yours"})
    (conflict,) = merge.conflicts
    assert (conflict.name, conflict.base, conflict.theirs, conflict.yours) == ("title", "Printer", "Theirs", "Yours")
    assert conflict.base_is_known


def test_without_a_known_base_a_difference_is_a_conflict():
    (conflict,) = three_way({}, BASE, {"title": "Yours"}).conflicts
    assert conflict.base is UNKNOWN
    assert not conflict.base_is_known


def test_without_a_known_base_an_equal_value_is_none():
    assert three_way({}, BASE, {"title": "Printer"}).conflicts == []


def test_dates_are_compared_by_the_minute_because_forms_show_no_seconds():
    stored = datetime(2026, 3, 1, 10, 20, 59, tzinfo=UTC)
    merge = three_way(
        {"resolution_date": stored}, {"resolution_date": stored}, {"resolution_date": stored.replace(second=0)}
    )
    assert merge.to_apply == {}


def test_what_an_author_changed_is_so_whatever_others_did_meanwhile():
    yours = BASE | {"title": "Fire"}
    for theirs in (BASE, BASE | {"title": "Fire"}, BASE | {"title": "Theirs", "priority": "high"}):
        assert differing(BASE, theirs, yours) == {"title"}
    assert differing({}, BASE, yours) == {"title"}


words = st.sampled_from(["a", "b", "c"])
values = st.fixed_dictionaries({"title": words, "priority": words})


@given(base=values, theirs=values, yours=values)
def test_no_change_of_anybody_is_ever_lost(base, theirs, yours):
    merge = three_way(base, theirs, yours)
    conflicting = {conflict.name for conflict in merge.conflicts}
    result = theirs | merge.to_apply
    for name in base:
        if name in conflicting:
            assert base[name] != theirs[name] != yours[name] != base[name]
            continue
        if theirs[name] != base[name]:
            assert result[name] == theirs[name]
        if yours[name] != base[name]:
            assert result[name] == yours[name]
