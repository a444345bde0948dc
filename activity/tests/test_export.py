"""The activity log as CSV."""

import csv
from io import StringIO

import pytest
from django.urls import reverse

from activity.factories import EntryFactory
from activity.models import ActivityLog
from activity.services import record_export
from tms_site.lib.errors import ServiceError
from tms_site.lib.permissions import PermissionDeniedError

pytestmark = pytest.mark.django_db


def export(client, **parameters):
    response = client.get(reverse("activity:export"), parameters)
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    _header, *rows = csv.reader(StringIO(text))
    return rows


def test_the_whole_log_is_sent_newest_first_and_that_is_in_it(client_for, sysadmin, agent):
    older = EntryFactory(user=agent, details="=Opened ticket #7.")
    rows = export(client_for(sysadmin))
    newest, *_others, oldest = rows
    assert newest[4] == "Exported the activity log."
    assert (oldest[0], oldest[2], oldest[4]) == (str(older.pk), older.user_label, "'=Opened ticket #7.")


def test_the_filters_are_those_of_the_page(client_for, sysadmin, agent):
    kept = EntryFactory(user=agent, activity_type="login")
    EntryFactory(activity_type="login")
    rows = export(client_for(sysadmin), user=str(agent.pk), activity_type="login")
    assert [int(row[0]) for row in rows] == [kept.pk]


def test_the_page_links_to_its_own_export(client_for, sysadmin, agent):
    EntryFactory(user=agent)
    client = client_for(sysadmin)
    page = client.get(reverse("activity:user", args=[agent.pk]), {"activity_type": "read"})
    address = f"{reverse('activity:export')}?activity_type=read&user={agent.pk}"
    assert page.context["listing"].export_url == address
    assert address.replace("&", "&amp;") in page.content.decode()


def test_nobody_but_a_sysadmin_writes_that_they_took_the_log(agent):
    with pytest.raises((PermissionDeniedError, ServiceError)):
        record_export(actor=agent, filters="")
    assert not ActivityLog.objects.filter(activity_type="export").exists()
