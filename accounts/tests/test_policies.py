"""Both sides of each permission about users."""

import pytest

from accounts import policies
from accounts.actors import SYSTEM
from accounts.enums import Role
from accounts.models import User

REQUESTER = User(pk=1, role=Role.REQUESTER)
OTHER = User(pk=2, role=Role.REQUESTER)
AGENT = User(pk=3, role=Role.AGENT)
SYSADMIN = User(pk=4, role=Role.SYSADMIN)
GONE = User(pk=5, role=Role.SYSADMIN, is_active=False)

ABOUT_A_USER = [
    policies.can_view_user,
    policies.can_change_user,
    policies.can_change_role,
    policies.can_deactivate_user,
    policies.can_delete_user,
    policies.can_anonymise_user,
]
ABOUT_NOBODY = [policies.can_list_users, policies.can_create_user]


@pytest.mark.parametrize("policy", ABOUT_A_USER)
@pytest.mark.parametrize("actor", [SYSADMIN, SYSTEM])
def test_a_sysadmin_may_do_everything_to_others(policy, actor):
    assert policy(actor, REQUESTER)


@pytest.mark.parametrize("policy", ABOUT_A_USER)
@pytest.mark.parametrize("actor", [REQUESTER, AGENT])
def test_others_may_do_nothing_to_others(policy, actor):
    decision = policy(actor, OTHER)
    assert not decision
    assert str(decision.reason) == "Only SysAdmins can do that."


@pytest.mark.parametrize("policy", ABOUT_NOBODY)
def test_only_sysadmins_list_and_create_users(policy):
    assert policy(SYSADMIN)
    assert policy(SYSTEM)
    assert not policy(AGENT)
    assert not policy(REQUESTER)


@pytest.mark.parametrize("policy", ABOUT_A_USER)
def test_a_deactivated_sysadmin_may_do_nothing(policy):
    decision = policy(GONE, REQUESTER)
    assert not decision
    assert str(decision.reason) == "Your account is deactivated."


@pytest.mark.parametrize("actor", [REQUESTER, AGENT, SYSADMIN])
def test_everybody_sees_and_edits_their_own_profile(actor):
    assert policies.can_view_user(actor, actor)
    assert policies.can_edit_profile(actor, actor)
    assert policies.can_change_password(actor, actor)


@pytest.mark.parametrize("actor", [REQUESTER, AGENT])
def test_nobody_else_edits_a_profile_but_a_sysadmin(actor):
    decision = policies.can_edit_profile(actor, OTHER)
    assert not decision
    assert str(decision.reason) == "This profile belongs to somebody else."
    assert policies.can_edit_profile(SYSADMIN, OTHER)


@pytest.mark.parametrize("policy", [policies.can_edit_profile, policies.can_change_password, policies.can_view_user])
def test_a_deactivated_user_has_no_profile_to_edit(policy):
    assert not policy(GONE, GONE)


@pytest.mark.parametrize("actor", [REQUESTER, AGENT, SYSADMIN, SYSTEM])
def test_nobody_sets_the_password_of_another(actor):
    assert not policies.can_change_password(actor, OTHER)


@pytest.mark.parametrize("actor", [REQUESTER, AGENT])
def test_nobody_but_a_sysadmin_changes_their_own_role(actor):
    assert not policies.can_change_role(actor, actor)
    assert not policies.can_change_user(actor, actor)
    assert not policies.can_deactivate_user(actor, actor)


def test_nobody_deletes_their_own_account():
    decision = policies.can_delete_user(SYSADMIN, SYSADMIN)
    assert not decision
    assert str(decision.reason) == "You can't delete your own account. Another SysAdmin can."
    assert str(policies.can_delete_user(REQUESTER, REQUESTER).reason) == "Only SysAdmins can do that."


def test_only_the_desk_can_be_away():
    assert policies.can_be_away(AGENT)
    assert policies.can_be_away(SYSADMIN)
    assert str(policies.can_be_away(REQUESTER).reason) == "Only helpdesk agents get tickets."
    assert str(policies.can_be_away(GONE).reason) == "Your account is deactivated."


def test_sign_up_can_be_closed(settings):
    assert policies.can_sign_up()
    settings.SIGNUP_OPEN = False
    decision = policies.can_sign_up()
    assert not decision
    assert "closed" in str(decision.reason)


@pytest.mark.parametrize("actor", [AGENT, SYSADMIN, SYSTEM])
def test_the_desk_looks_everybody_up(actor):
    assert policies.can_look_up(actor, OTHER.pk)
    assert policies.can_look_up(actor, None)


def test_a_requester_looks_themselves_up_and_a_deactivated_account_nobody():
    assert policies.can_look_up(REQUESTER, REQUESTER.pk)
    assert not policies.can_look_up(REQUESTER, OTHER.pk)
    assert not policies.can_look_up(REQUESTER, None)
    assert str(policies.can_look_up(GONE, GONE.pk).reason) == "Your account is deactivated."


@pytest.mark.parametrize("actor", [REQUESTER, AGENT, SYSADMIN])
def test_everybody_uses_tokens_who_has_the_second_factor_that_they_need(actor):
    assert policies.can_use_tokens(actor)
    assert not policies.can_use_tokens(actor, enrolled=False)


def test_a_deactivated_account_uses_no_tokens():
    assert str(policies.can_use_tokens(GONE).reason) == "Your account is deactivated."
