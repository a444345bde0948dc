"""Keeping views: what the services do, refuse and tell the log."""

import pytest
from django.core.exceptions import ValidationError

from accounts import services as accounts
from accounts.enums import Role
from activity.enums import ActivityType, TargetType
from activity.models import ActivityLog
from tickets import policies, services
from tickets.models import SavedView
from tickets.services import saved_views
from tms_site.lib.errors import ServiceError
from tms_site.lib.permissions import PermissionDeniedError

pytestmark = pytest.mark.django_db


def save(actor, name="Printers", parameters="status=open", **kwargs):
    return services.create_view(actor=actor, name=name, parameters=parameters, **kwargs)


def entries():
    return ActivityLog.objects.filter(target_type=TargetType.VIEW).order_by("pk")


def test_a_view_keeps_filters_and_order_but_not_the_page(agent):
    view = save(agent, " My   printers ", "status=waiting&page=abc&view=x&sort=title&status=open&q=")
    assert view.name == "My printers"
    assert view.parameters == "sort=title&status=open&status=waiting"
    assert view.slug.startswith("my-printers-")
    assert not view.is_shared


def test_two_views_of_one_name_have_addresses_of_their_own(agent, requester):
    assert save(agent).slug != save(requester).slug


def test_a_name_without_letters_has_an_address_too(agent):
    assert save(agent, "打印机").get_absolute_url()


def test_each_change_of_a_view_is_in_the_log(agent):
    view = save(agent)
    services.change_view(actor=agent, view_id=view.pk, changes={"name": "Ink", "is_shared": True})
    services.set_default_view(actor=agent, view_id=view.pk)
    services.delete_view(actor=agent, view_id=view.pk)
    kinds = [entry.activity_type for entry in entries()]
    assert kinds == [ActivityType.CREATE, ActivityType.UPDATE, ActivityType.UPDATE, ActivityType.DELETE]
    assert entries()[1].changes == {"name": ["Printers", "Ink"], "is_shared": [False, True]}
    assert not SavedView.objects.exists()


def test_a_change_to_the_same_values_tells_nothing(agent):
    view = save(agent)
    services.change_view(actor=agent, view_id=view.pk, changes={"name": "Printers"})
    assert entries().count() == 1


@pytest.mark.parametrize("name", ["", "x" * 61, "a\x00b", "\u202etxt"])
def test_a_name_is_checked_like_other_text(agent, name):
    with pytest.raises(ValidationError):
        save(agent, name)
    view = save(agent)
    with pytest.raises(ValidationError):
        services.change_view(actor=agent, view_id=view.pk, changes={"name": name})


def test_parameters_have_a_limit(agent):
    with pytest.raises(ValidationError):
        save(agent, parameters="q=" + "x" * 1000)


def test_nobody_keeps_more_than_fifty_views(agent, other_agent, monkeypatch):
    monkeypatch.setattr(saved_views, "MOST_VIEWS", 2)
    save(agent, "One"), save(agent, "Two")
    with pytest.raises(ServiceError, match="have 2 views"):
        save(agent, "Three")
    save(other_agent)


def test_requesters_keep_views_but_share_none(requester):
    view = save(requester)
    with pytest.raises(PermissionDeniedError):
        save(requester, is_shared=True)
    with pytest.raises(PermissionDeniedError):
        services.change_view(actor=requester, view_id=view.pk, changes={"is_shared": True})
    assert [bool(policies.can_share_views(requester)), bool(policies.can_save_views(requester))] == [False, True]


def test_views_move_up_and_down_but_not_out_of_the_row(agent, other_agent):
    first, second, third = save(agent, "1"), save(agent, "2"), save(agent, "3")
    save(other_agent, "x")

    def order():
        return [view.name for view in SavedView.objects.owned_by(agent).in_order()]

    services.move_view(actor=agent, view_id=third.pk, up=True)
    assert order() == ["1", "3", "2"]
    services.move_view(actor=agent, view_id=first.pk, up=False)
    assert order() == ["3", "1", "2"]
    services.move_view(actor=agent, view_id=third.pk, up=True)
    services.move_view(actor=agent, view_id=second.pk, up=False)
    assert order() == ["3", "1", "2"]


def test_there_is_one_default_at_most(agent):
    first, second = save(agent, "1"), save(agent, "2")
    services.set_default_view(actor=agent, view_id=first.pk)
    services.set_default_view(actor=agent, view_id=second.pk)
    assert list(SavedView.objects.filter(is_default=True)) == [second]
    services.set_default_view(actor=agent, view_id=None)
    assert not SavedView.objects.filter(is_default=True).exists()


def test_a_sysadmin_does_not_begin_with_somebody_elses_view(agent, sysadmin):
    view = save(agent, is_shared=True)
    with pytest.raises(PermissionDeniedError):
        services.set_default_view(actor=sysadmin, view_id=view.pk)


def test_a_deactivated_person_keeps_nothing(agent):
    view = save(agent)
    agent.is_active = False
    with pytest.raises(PermissionDeniedError):
        save(agent)
    assert not SavedView.objects.visible_to(agent).exists()
    assert not policies.can_see_view(agent, view)


def test_the_policy_and_the_queryset_agree_on_views(requester, other_requester, agent, other_agent, sysadmin):
    people = [requester, other_requester, agent, other_agent, sysadmin]
    views = [save(requester), save(agent), save(agent, is_shared=True), save(sysadmin, is_shared=True)]
    for person in people:
        visible = set(SavedView.objects.visible_to(person))
        assert visible == {view for view in views if policies.can_see_view(person, view)}


def test_shared_views_are_changed_by_their_owner_or_a_sysadmin(requester, agent, other_agent, sysadmin):
    shared, personal = save(agent, is_shared=True), save(agent)
    assert [bool(policies.can_change_view(person, shared)) for person in (agent, sysadmin, other_agent)] == [
        True, True, False,
    ]  # fmt: skip
    assert not policies.can_change_view(sysadmin, personal)
    with pytest.raises(PermissionDeniedError):
        services.delete_view(actor=other_agent, view_id=shared.pk)
    for stranger in (requester, sysadmin):
        with pytest.raises(SavedView.DoesNotExist):
            services.delete_view(actor=stranger, view_id=personal.pk)
    services.change_view(actor=sysadmin, view_id=shared.pk, changes={"parameters": "q=x", "name": "New"})
    shared.refresh_from_db()
    assert (shared.name, shared.parameters, shared.owner) == ("New", "q=x", agent)


def test_who_left_the_desk_keeps_no_hold_on_what_they_shared(agent, sysadmin):
    shared, personal = save(agent, is_shared=True), save(agent, "Mine")
    agent.role = Role.REQUESTER
    assert policies.can_see_view(agent, shared)
    for change in (
        lambda: services.change_view(actor=agent, view_id=shared.pk, changes={"name": "New"}),
        lambda: services.change_view(actor=agent, view_id=shared.pk, changes={"is_shared": False}),
        lambda: services.move_view(actor=agent, view_id=shared.pk, up=False),
        lambda: services.delete_view(actor=agent, view_id=shared.pk),
    ):
        with pytest.raises(PermissionDeniedError, match="Only helpdesk agents"):
            change()
    services.change_view(actor=agent, view_id=personal.pk, changes={"name": "Still mine"})
    services.change_view(actor=sysadmin, view_id=shared.pk, changes={"is_shared": False})
    services.delete_view(actor=agent, view_id=shared.pk)
    assert [view.name for view in SavedView.objects.all()] == ["Still mine"]


def test_tms_begins_with_ones_own_view_only_and_for_nobody_who_is_deactivated(agent, other_agent, sysadmin):
    shared = save(agent, is_shared=True)
    assert policies.can_begin_with_view(agent, shared)
    for colleague in (other_agent, sysadmin):
        assert policies.can_see_view(colleague, shared)
        assert not policies.can_begin_with_view(colleague, shared)
    agent.is_active = False
    assert policies.can_begin_with_view(agent, shared) == policies.DEACTIVATED


def test_where_tms_begins_for_oneself_is_ones_own_choice_after_the_desk_too(agent):
    shared = save(agent, is_shared=True)
    agent.role = Role.REQUESTER
    services.set_default_view(actor=agent, view_id=shared.pk)
    assert list(SavedView.objects.filter(is_default=True)) == [shared]


def test_the_same_form_sent_twice_keeps_one_view(agent, other_agent):
    first, second = (save(agent, "Printers", "status=open") for _time in range(2))
    assert first == second
    assert save(agent, "Printers", "status=waiting") != first
    assert save(other_agent, "Printers", "status=open") != first
    assert SavedView.objects.count() == 3


def test_choosing_the_default_again_changes_nothing(agent):
    view = save(agent)
    for _time in range(2):
        services.set_default_view(actor=agent, view_id=view.pk)
    assert list(SavedView.objects.filter(is_default=True)) == [view]
    assert entries().filter(activity_type=ActivityType.UPDATE).count() == 1


def test_who_is_anonymised_leaves_the_shared_views_alone_and_the_log_says_no_name_again(agent, other_agent, sysadmin):
    save(agent, "Smith's own", "q=John+Smith")
    kept = {save(agent, "Printers", is_shared=True), save(other_agent, "Mine")}
    told = entries().count()
    accounts.anonymise_user(actor=sysadmin, user=agent)
    assert set(SavedView.objects.all()) == kept
    assert entries().count() == told
