"""Who reads and purges the log."""

import pytest

from accounts.actors import SYSTEM
from activity import policies
from activity.factories import EntryFactory
from activity.models import ActivityLog

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("policy", [policies.can_see_log, policies.can_purge])
def test_sysadmins_and_the_system_may_and_others_hear_why_not(policy, requester, agent, sysadmin):
    assert policy(sysadmin)
    assert policy(SYSTEM)
    for actor in (requester, agent):
        assert policy(actor).reason == "Only SysAdmins can see the activity log."


def test_a_deactivated_sysadmin_may_nothing(sysadmin):
    sysadmin.is_active = False
    assert not policies.can_see_log(sysadmin)


def test_the_log_is_visible_as_a_whole_or_not_at_all(requester, agent, sysadmin):
    entry = EntryFactory(user=requester)
    for actor in (requester, agent, sysadmin, SYSTEM):
        visible = entry in ActivityLog.objects.visible_to(actor)
        assert visible == bool(policies.can_see_log(actor))
