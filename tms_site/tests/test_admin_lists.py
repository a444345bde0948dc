"""The administration's lists of very many rows: the first of them, and no search without end."""

import pytest
from django.apps import apps
from django.contrib import admin
from django.urls import reverse

from activity.factories import EntryFactory
from activity.models import ActivityLog
from tickets.factories import TicketFactory
from tickets.models import Ticket
from tms_site.lib.admin import CappedPaginator, LookupAdmin
from tms_site.tests.slow import slowly

pytestmark = pytest.mark.django_db

LOG = reverse("admin:activity_activitylog_changelist")
TICKETS = reverse("admin:tickets_ticket_changelist")


@pytest.fixture
def client(client_for, sysadmin):
    return client_for(sysadmin)


def test_every_list_of_ours_is_such_a_list():
    models = [model for app in ("accounts", "activity", "tickets") for model in apps.get_app_config(app).get_models()]
    ours = [admin.site.get_model_admin(model) for model in models if admin.site.is_registered(model)]
    assert len(ours) >= 6
    assert all(isinstance(each, LookupAdmin) for each in ours)


def test_of_very_many_rows_the_first_are_shown_and_it_is_said_that_there_are_more(client, monkeypatch):
    monkeypatch.setattr(CappedPaginator, "cap", 3)
    monkeypatch.setattr(admin.site.get_model_admin(ActivityLog), "list_per_page", 2)
    monkeypatch.setattr(admin.site.get_model_admin(ActivityLog), "list_max_show_all", 2)
    EntryFactory.create_batch(4)
    page = client.get(LOG)
    assert "More than 3: these are the first. Search or filter to see others." in page.content.decode()
    assert "3 results" not in page.content.decode()
    assert len(page.context["cl"].result_list) == 2
    assert len(client.get(LOG, {"p": 2}).context["cl"].result_list) == 1


def test_of_as_many_rows_as_may_be_all_are_shown(client, monkeypatch):
    TicketFactory.create_batch(3)
    monkeypatch.setattr(CappedPaginator, "cap", 3)
    page = client.get(TICKETS)
    assert "More than" not in page.content.decode()
    assert page.context["cl"].result_count == 3


def test_a_search_that_takes_too_long_is_given_up_in_words(client, monkeypatch, settings):
    settings.LIST_TIME_LIMIT = 0.05
    TicketFactory(title="Printer")
    site = admin.site.get_model_admin(Ticket)
    search = site.get_search_results
    monkeypatch.setattr(
        site, "get_search_results", lambda request, rows, term: search(request, slowly(rows) if term else rows, term)
    )
    page = client.get(TICKETS, {"q": "printer"}, follow=True)
    assert page.redirect_chain == [(TICKETS, 302)]
    assert "There&#x27;s too much to look through for that." in page.content.decode()
    assert page.context["cl"].result_count == 1


def test_a_list_counts_no_further_than_it_shows(client, django_assert_num_queries, monkeypatch):
    monkeypatch.setattr(CappedPaginator, "cap", 2)
    EntryFactory.create_batch(5)
    pages = CappedPaginator(ActivityLog.objects.order_by("pk"), 2)
    with django_assert_num_queries(1) as asked:
        assert (pages.count, pages.is_capped, pages.num_pages) == (2, True, 1)
    assert "LIMIT 3" in asked.captured_queries[0]["sql"]


def test_only_a_search_is_told_above_the_list_how_many_it_found(client):
    TicketFactory(title="Printer")
    TicketFactory(title="Scanner")
    assert "2 results" not in client.get(TICKETS).content.decode()
    assert "1 result" in client.get(TICKETS, {"q": "printer"}).content.decode()
