"""Somebody can always run the place."""

import threading

import pytest
from django.db import connection

from accounts import services
from accounts.actors import SYSTEM
from accounts.enums import Role
from accounts.errors import LastSysAdmin
from accounts.factories import UserFactory
from accounts.models import User

WAYS = {
    "demoted": lambda user: services.change_user(actor=SYSTEM, user=user, changes={"role": Role.AGENT}),
    "deactivated": lambda user: services.deactivate_user(actor=SYSTEM, user=user),
    "deleted": lambda user: services.delete_user(actor=SYSTEM, user=user),
    "anonymised": lambda user: services.anonymise_user(actor=SYSTEM, user=user),
}


@pytest.mark.parametrize("way", WAYS)
def test_the_last_active_sysadmin_stays(sysadmin, agent, way, heard):
    UserFactory(sysadmin=True, is_active=False)
    with pytest.raises(LastSysAdmin, match="last active SysAdmin"):
        WAYS[way](sysadmin)
    sysadmin.refresh_from_db()
    assert sysadmin.is_superuser
    assert heard.names == []


@pytest.mark.parametrize("way", WAYS)
def test_one_of_two_may_go(sysadmin, way):
    second = UserFactory(sysadmin=True)
    WAYS[way](second)
    assert list(User.objects.active().sysadmins()) == [sysadmin]


@pytest.mark.parametrize("way", WAYS)
def test_a_deactivated_sysadmin_may_go(sysadmin, way):
    WAYS[way](UserFactory(sysadmin=True, is_active=False))
    assert list(User.objects.active().sysadmins()) == [sysadmin]


@pytest.mark.parametrize(("changes", "field"), [({"role": "agent"}, "role"), ({"is_active": False}, "is_active")])
def test_the_refusal_names_its_field(sysadmin, changes, field):
    with pytest.raises(LastSysAdmin) as caught:
        services.change_user(actor=SYSTEM, user=sysadmin, changes=changes)
    assert caught.value.field == field


def test_the_last_sysadmin_may_change_their_name(sysadmin):
    changes = {"username": "Boss", "role": Role.SYSADMIN, "is_active": True}
    assert services.change_user(actor=sysadmin, user=sysadmin, changes=changes).username == "Boss"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("round_number", range(3))
def test_two_at_once_leave_one(way, round_number):
    pair = [UserFactory(sysadmin=True), UserFactory(sysadmin=True)]
    barrier = threading.Barrier(2)
    outcomes: list[str] = []

    def leave(user: User) -> None:
        try:
            connection.ensure_connection()
            barrier.wait(timeout=10)
            WAYS[way](user)
            outcomes.append("gone")
        except LastSysAdmin:
            outcomes.append("stays")
        finally:
            connection.close()

    threads = [threading.Thread(target=leave, args=(user,)) for user in pair]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert sorted(outcomes) == ["gone", "stays"]
    assert User.objects.active().sysadmins().count() == 1
