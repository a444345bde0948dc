"""Changes read like sentences."""

from datetime import datetime

import pytest
from django.utils import timezone

from activity.sentences import ChangedField, change_sentences, changed_fields, changes_as_json, quote, sentence, summary


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"status": ["open", "in_progress"]}, "changed the status from Open to In progress"),
        ({"priority": ["low", "urgent"]}, "changed the priority from Low to Urgent"),
        ({"priority": ["gone", "urgent"]}, "changed the priority from “gone” to Urgent"),
        ({"title": ["A", "B"]}, "changed the title from “A” to “B”"),
        ({"description": ["long", "longer"]}, "changed the description"),
        ({"password": ["", "changed"]}, "changed the password"),
        ({"assigned_agent": [None, {"id": 2, "label": "Ann"}]}, "assigned it to Ann"),
        ({"assigned_agent": [{"id": 2, "label": "Ann"}, None]}, "unassigned Ann"),
        (
            {"assigned_agent": [{"id": 2, "label": "Ann"}, {"id": 3, "label": "Bob"}]},
            "reassigned it from Ann to Bob",
        ),
        ({"is_active": [True, False]}, "deactivated"),
        ({"is_active": [False, True]}, "activated"),
        ({"second_factor": [False, True]}, "set up a second factor"),
        ({"second_factor": [True, False]}, "removed the second factor"),
        ({"anonymised": [False, True]}, "anonymised the account"),
        ({"something": [True, False]}, "changed the something from yes to no"),
        (
            {"resolution_date": [None, "2026-03-31T10:05:00+00:00"]},
            "set the resolution date to Tue 31 Mar 2026, 10:05 UTC",
        ),
        ({"tags": [[], ["vpn"]]}, "added the tag vpn"),
        ({"tags": [["home", "vpn"], []]}, "removed the tags home, vpn"),
        ({"members": [["Ann"], ["Bob"]]}, "changed the members: added Bob, removed Ann"),
        ({"resolution_date": ["soon", None]}, "removed the resolution date, which was soon"),
        ({"something": ["a", "b"]}, "changed the something from “a” to “b”"),
    ],
)
def test_a_change_reads_like_a_sentence(changes, expected):
    assert change_sentences(changes) == [expected]


def test_dates_are_told_in_the_zone_of_who_reads():
    with timezone.override("Europe/Vienna"):
        told = change_sentences({"resolution_date": [None, "2026-03-31T10:05:00+00:00"]})
    assert told == ["set the resolution date to Tue 31 Mar 2026, 12:05 CEST"]


MOMENT = "2026-03-31T10:05:00+00:00"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        (
            {"status": ["open", "resolved"], "resolution_date": [None, MOMENT]},
            ["changed the status from Open to Resolved"],
        ),
        (
            {"status": ["resolved", "open"], "resolution_date": ["2026-03-30T09:00:00+00:00", None]},
            ["changed the status from Resolved to Open"],
        ),
    ],
)
def test_a_resolution_date_that_follows_the_status_is_not_told(changes, expected):
    assert change_sentences(changes, datetime.fromisoformat(MOMENT)) == expected
    assert [field.label for field in changed_fields(changes)] == ["Status", "Resolution date"]


def test_a_resolution_date_that_was_chosen_together_with_the_status_is_told():
    changes = {"status": ["open", "resolved"], "resolution_date": [None, "2026-03-30T09:00:00+00:00"]}
    told = change_sentences(changes, datetime.fromisoformat(MOMENT))
    assert told == ["changed the status from Open to Resolved", "set the resolution date to Mon 30 Mar 2026, 09:00 UTC"]


def test_what_is_no_pair_is_no_change():
    assert change_sentences({"before": "2026-01-01", "user": None}) == []


def test_a_canned_replys_agent_is_not_said_to_have_got_it():
    changes = {"assigned_agent": [{"id": 2, "label": "Ann"}, {"id": 3, "label": "Bob"}]}
    told = summary("Canned reply “Thanks”", changes)
    assert told == "Canned reply “Thanks”: changed the assigned agent from Ann to Bob."


def test_a_summary_names_what_it_is_about():
    assert summary("Ticket #1", {"title": ["A", "B"], "priority": ["low", "high"]}) == (
        "Ticket #1: changed the title from “A” to “B”, changed the priority from Low to High."
    )


def test_sentences_begin_with_a_capital_and_quotes_are_cut():
    assert sentence("changed") == "Changed."
    assert quote("x" * 80) == f"“{'x' * 80}”"
    assert quote("x" * 81) == f"“{'x' * 79}…”"


def test_people_and_moments_are_kept_as_json(requester):
    moment = timezone.now()
    assert changes_as_json({"assigned_agent": (requester, None), "resolution_date": (None, moment)}) == {
        "assigned_agent": [{"id": requester.pk, "label": "Jane Doe"}, None],
        "resolution_date": [None, moment.isoformat()],
    }


def test_the_table_of_changes_shows_texts_in_full_and_values_in_words():
    text = "x" * 500
    assert changed_fields({"description": [None, text], "status": ["open", "waiting"], "before": "2026-01-01"}) == [
        ChangedField("Description", "", text),
        ChangedField("Status", "Open", "Waiting"),
        ChangedField("Before", "", "2026-01-01"),
    ]
