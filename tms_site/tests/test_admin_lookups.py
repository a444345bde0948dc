"""The admin's lists filter by what they offer, and by nothing else: an address is no way to ask the database."""

import html
import re

import pytest
from django.apps import apps
from django.contrib import admin
from django.urls import reverse

from tickets.factories import CommentFactory, TicketFactory
from tms_site.lib.admin import LookupAdmin

pytestmark = pytest.mark.django_db
LISTS = {model._meta.label: model for model in apps.get_models() if admin.site.is_registered(model)}
# The admin's answers to what it doesn't understand: back to the whole list, or a refusal.
REFUSED = {302, 400}
KINDS = ("startswith", "regex", "iregex", "contains", "gt", "lte", "in", "range", "iexact", "length")


@pytest.fixture
def boss(client_for, sysadmin):
    return client_for(sysadmin)


@pytest.fixture
def asked_by_boss(rf, sysadmin):
    request = rf.get("/admin/")
    request.user = sysadmin
    return request


def address_of(model) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


def parts_of_fields(model) -> list[str]:
    return [f"{field.name}__{kind}" for field in model._meta.fields for kind in KINDS]


def fields_of_relations(model) -> list[str]:
    relations = [field for field in model._meta.get_fields() if field.is_relation and field.related_model]
    names = [f"{field.name}__{other.name}" for field in relations for other in field.related_model._meta.fields]
    return [f"{name}__startswith" for name in names] + ["requester__password", "user__password"]


@pytest.mark.parametrize("label", LISTS)
def test_every_list_takes_its_rule_from_the_same_base(label):
    assert isinstance(admin.site.get_model_admin(LISTS[label]), LookupAdmin)


# Django asks `lookup_allowed` about each parameter of an address. There are some 1,500 combinations, so it's asked
# directly; `test_an_address_gets_the_answer_of_the_rule` shows for each list that addresses get the same answer.
def allowed(model, request, names) -> list[str]:
    model_admin = admin.site.get_model_admin(model)
    return [name for name in names if model_admin.lookup_allowed(name, "1", request)]


@pytest.mark.parametrize("label", LISTS)
def test_no_field_is_looked_up_by_a_part_of_it(asked_by_boss, label):
    names = parts_of_fields(LISTS[label])
    assert len(names) >= len(KINDS)
    assert allowed(LISTS[label], asked_by_boss, names) == []


@pytest.mark.parametrize("label", LISTS)
def test_no_field_of_a_relation_is_looked_up(asked_by_boss, label):
    assert allowed(LISTS[label], asked_by_boss, fields_of_relations(LISTS[label])) == []


@pytest.mark.parametrize("label", LISTS)
def test_an_address_gets_the_answer_of_the_rule(boss, label):
    model = LISTS[label]
    for name in ("pk__gt", parts_of_fields(model)[-1], fields_of_relations(model)[0]):
        assert boss.get(address_of(model), {name: "1"}).status_code in REFUSED, name


@pytest.mark.parametrize(
    "name", ["password", "password__exact", "email__exact", "last_login__isnull", "unknown", "pk__in"]
)
def test_what_the_list_of_users_does_not_offer_is_refused(boss, name):
    assert boss.get("/admin/accounts/user/", {name: "1"}).status_code in REFUSED


def test_two_lookups_of_which_one_is_offered_are_refused(boss):
    query = {"role__exact": "sysadmin", "password__regex": "^argon2"}
    assert boss.get("/admin/accounts/user/", query).status_code in REFUSED


@pytest.mark.parametrize("label", LISTS)
def test_everything_that_a_list_offers_works(boss, agent, label):
    CommentFactory(ticket=TicketFactory(assigned_agent=agent), commented_by=agent)
    address = address_of(LISTS[label])
    page = boss.get(address).content.decode()
    links = {html.unescape(link) for link in re.findall(r'href="(\?[^"]+)"', page)}
    for link in links:
        assert boss.get(address + link).status_code == 200, link
    filters = admin.site.get_model_admin(LISTS[label]).list_filter
    assert len(links) >= len(filters)


def test_days_of_the_calendar_above_a_list_work(boss, sysadmin):
    joined = sysadmin.date_joined
    query = {"date_joined__year": joined.year, "date_joined__month": joined.month, "date_joined__day": joined.day}
    assert sysadmin.email in boss.get("/admin/accounts/user/", query).content.decode()
    assert sysadmin.email not in boss.get("/admin/accounts/user/", query | {"date_joined__year": 1999}).content.decode()
