"""Which users one reads."""

import pytest
from django.core.exceptions import ObjectDoesNotExist

from accounts import policies
from accounts.actors import SYSTEM
from accounts.factories import UserFactory
from accounts.models import User

pytestmark = pytest.mark.django_db


def test_only_active_agents_and_sysadmins_can_be_assigned(requester, agent, sysadmin):
    UserFactory(agent=True, is_active=False)
    assert set(User.objects.assignable()) == {agent, sysadmin}
    assert {user for user in User.objects.all() if user.is_assignable} == {agent, sysadmin}


def test_active_users_are_those_who_may_log_in(requester):
    UserFactory(is_active=False)
    assert list(User.objects.active()) == [requester]


def test_sysadmins_are_found_by_role(requester, agent, sysadmin):
    assert list(User.objects.sysadmins()) == [sysadmin]


@pytest.mark.parametrize("spelling", ["jane.doe@example.com", "JANE.Doe@Example.com", " jane.doe@example.com"])
def test_a_user_is_found_by_any_spelling_of_the_address(requester, other_requester, spelling):
    assert list(User.objects.with_email(spelling)) == [requester]
    assert User.objects.get_by_natural_key(spelling) == requester


@pytest.mark.parametrize("nobody", [None, "", "nobody@example.com"])
def test_nobody_is_found_by_an_unknown_address(requester, nobody):
    with pytest.raises(ObjectDoesNotExist):
        User.objects.get_by_natural_key(nobody)


def test_a_requester_sees_only_themself(requester, other_requester, agent):
    assert list(User.objects.visible_to(requester)) == [requester]


def test_the_desk_and_the_system_see_everybody(requester, agent, sysadmin):
    for actor in (agent, sysadmin, SYSTEM):
        assert User.objects.visible_to(actor).count() == 3


def test_a_deactivated_user_sees_nobody(requester, agent):
    agent.is_active = False
    assert list(User.objects.visible_to(agent)) == []


def test_who_may_see_an_account_finds_it(requester, other_requester, agent, sysadmin):
    people = [requester, other_requester, agent, sysadmin]
    for actor in people:
        for user in people:
            if policies.can_view_user(actor, user):
                assert user in User.objects.visible_to(actor)


def test_a_list_of_people_loads_what_it_shows_and_no_password(requester, django_assert_num_queries):
    with django_assert_num_queries(1):
        user = User.objects.for_choice().get()
        assert (user.username, user.email, user.role, user.is_active) == (
            "Jane Doe",
            requester.email,
            "requester",
            True,
        )
    assert "password" in user.get_deferred_fields()


def test_names_to_choose_from_tell_namesakes_apart_by_their_addresses(agent):
    twins = [UserFactory(username="Sam Lee", email=email) for email in ("sam@example.com", "lee@example.com")]
    assert User.objects.names() == [
        (agent.pk, "John Smith"),
        (twins[0].pk, "Sam Lee (sam@example.com)"),
        (twins[1].pk, "Sam Lee (lee@example.com)"),
    ]


def test_names_to_choose_from_end_where_they_are_told_to(requester, agent, sysadmin):
    assert len(User.objects.names(limit=2)) == 2
