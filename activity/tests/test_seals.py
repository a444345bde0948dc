"""Seals: an entry that was changed behind TMS is found out."""

from datetime import timedelta

import pytest
from django.db import models
from django.utils import timezone

from activity import seals
from activity.factories import EntryFactory
from activity.models import ActivityLog
from activity.seals import is_intact, seal

pytestmark = pytest.mark.django_db

# What may be otherwise without the entry telling anything else: its number, whose it is (a deleted user leaves no more
# than the label), what keeps a second entry away, and for whom it is, which check_integrity computes anew.
UNSEALED = {"id", "user_id", "dedupe_key", "in_timeline", "for_desk"}
SEALED = {field.attname: field for field in ActivityLog._meta.concrete_fields if field.attname not in UNSEALED}
FORGED = {
    models.CharField: "forged",
    models.TextField: "forged",
    models.BigIntegerField: 99,
    models.DateTimeField: timezone.now() - timedelta(days=9),
    models.JSONField: {"title": ["a", "c"]},
}


@pytest.fixture
def entry(requester):
    return EntryFactory(user=requester, target_id=1, ticket_id=1, changes={"title": ["a", "b"]}, request_id="r1")


def test_an_entry_read_back_from_the_database_is_intact(entry):
    assert is_intact(ActivityLog.objects.get(pk=entry.pk))


@pytest.mark.parametrize("name", SEALED)
@pytest.mark.parametrize("other_ticket", [None, 2])
def test_a_change_of_any_field_breaks_the_seal(name, other_ticket):
    entry = EntryFactory(target_id=1, ticket_id=1, other_ticket_id=other_ticket)
    ActivityLog.objects.filter(pk=entry.pk).update(**{name: FORGED[type(SEALED[name])]})
    assert not is_intact(ActivityLog.objects.get(pk=entry.pk))


def test_another_ticket_that_was_taken_away_breaks_the_seal():
    entry = EntryFactory(ticket_id=1, other_ticket_id=2)
    ActivityLog.objects.filter(pk=entry.pk).update(other_ticket_id=None)
    assert not is_intact(ActivityLog.objects.get(pk=entry.pk))


EARLIER = [
    {"target_type": "ticket", "activity_type": "update", "changes": {"merged_into": [None, 2]}},
    {"target_type": "ticket", "activity_type": "update", "changes": {"merged_into": [2, None]}},
    {"target_type": "ticket", "activity_type": "move", "changes": {"split": [1, 2]}},
    {"target_type": "link", "activity_type": "create", "target_label": "#1 blocks #2"},
    {"target_type": "link", "activity_type": "delete", "target_label": "#1 hat zu tun mit #2"},
]


@pytest.mark.parametrize("values", EARLIER)
def test_an_earlier_entry_whose_seal_left_the_other_ticket_out_is_intact_while_it_says_the_same(values):
    entry = EntryFactory(ticket_id=1, other_ticket_id=None, **values)
    for other_ticket, fits in ((2, True), (99, False), (None, False)):
        ActivityLog.objects.filter(pk=entry.pk).update(other_ticket_id=other_ticket)
        assert is_intact(ActivityLog.objects.get(pk=entry.pk)) is fits


@pytest.mark.parametrize("changes", [[], "x", {"merged_into": 2}, {"merged_into": ["x", {}]}, {"split": [1]}])
def test_changes_that_make_no_sense_name_no_other_ticket(changes):
    entry = EntryFactory(target_type="ticket", activity_type="move", changes=changes)
    assert is_intact(ActivityLog.objects.get(pk=entry.pk))


def test_the_seal_holds_when_the_user_is_deleted(entry, requester):
    requester.delete()
    assert is_intact(ActivityLog.objects.get(pk=entry.pk))


def test_the_seal_holds_after_the_secret_key_was_changed_while_the_old_one_is_a_fallback(entry, settings):
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another key"
    assert is_intact(entry)
    settings.SECRET_KEY_FALLBACKS = []
    assert not is_intact(entry)


def test_nobody_can_seal_without_the_key(entry, settings):
    genuine = entry.seal
    settings.SECRET_KEY = "a guess"
    assert seal(entry) != genuine


def test_who_seals_many_texts_gives_each_its_own_seal(settings):
    one, other = seals.Sealer(), seals.Sealer()
    settings.SECRET_KEY = "another key"
    assert one.seal("a") == other.seal("a") != one.seal("b")
    assert seals.Sealer().seal("a") != one.seal("a")
