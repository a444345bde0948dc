"""Seals: an entry that was changed behind TMS is found out."""

from datetime import timedelta

import pytest
from django.utils import timezone

from activity import seals
from activity.factories import EntryFactory
from activity.models import ActivityLog
from activity.seals import is_intact, seal

pytestmark = pytest.mark.django_db

TAMPERED = {
    "user_label": "Somebody else",
    "activity_type": "update",
    "activity_date": timezone.now() - timedelta(days=9),
    "details": "Nothing happened.",
    "target_type": "user",
    "target_id": 99,
    "target_label": "Another",
    "ticket_id": 99,
    "changes": {"title": ["a", "c"]},
    "request_id": "forged",
    "seal": "0" * 64,
}


@pytest.fixture
def entry(requester):
    return EntryFactory(user=requester, target_id=1, ticket_id=1, changes={"title": ["a", "b"]}, request_id="r1")


def test_an_entry_read_back_from_the_database_is_intact(entry):
    assert is_intact(ActivityLog.objects.get(pk=entry.pk))


@pytest.mark.parametrize("field", TAMPERED)
def test_a_change_of_any_field_breaks_the_seal(entry, field):
    ActivityLog.objects.filter(pk=entry.pk).update(**{field: TAMPERED[field]})
    assert not is_intact(ActivityLog.objects.get(pk=entry.pk))


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
