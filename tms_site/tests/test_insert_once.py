"""Whatever one submission makes is there once, and other refusals of the database are not taken for that."""

import pytest
from django.db import IntegrityError

from tickets.factories import TicketFactory
from tickets.models import SavedView
from tms_site.lib.submissions import insert_once

pytestmark = pytest.mark.django_db


def view(owner):
    return SavedView(owner=owner, name="Kites", slug="kites", parameters="")


def test_the_first_is_in_and_the_second_gets_the_first(agent):
    first, second = view(agent), view(agent)
    assert insert_once(first, lambda: None) is None
    assert insert_once(second, SavedView.objects.first) == first
    assert SavedView.objects.count() == 1


def test_another_refusal_is_no_second_submission_and_breaks_nothing_around_it(agent):
    insert_once(view(agent), lambda: None)
    with pytest.raises(IntegrityError):
        insert_once(view(agent), lambda: None)
    assert TicketFactory().pk
