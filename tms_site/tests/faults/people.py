"""Services of accounts."""

from allauth.mfa.models import Authenticator

from accounts import services as accounts
from accounts.factories import UserFactory
from accounts.services import second_factor
from tickets.factories import CommentFactory, TicketFactory
from tms_site.tests.faults.case import Prepare


def create_user(people):
    return lambda: accounts.create_user(
        actor=people["sysadmin"], email="new@example.com", username="New", password="Str0ng!pass"
    )


def register_user(people):
    return lambda: accounts.register_user(email="new@example.com", password="Str0ng!pass")


def update_profile(people):
    user = people["requester"]
    return lambda: accounts.update_profile(actor=user, user=user, changes={"username": "Renamed"})


def change_user(people):
    changes = {"email": "renamed@example.com", "role": "requester"}
    TicketFactory(assigned_agent=people["agent"])
    return lambda: accounts.change_user(actor=people["sysadmin"], user=people["agent"], changes=changes)


def deactivate_user(people):
    TicketFactory(assigned_agent=people["agent"])
    return lambda: accounts.deactivate_user(actor=people["sysadmin"], user=people["agent"])


def activate_user(people):
    user = UserFactory(is_active=False)
    return lambda: accounts.activate_user(actor=people["sysadmin"], user=user)


def delete_user(people):
    TicketFactory(assigned_agent=people["agent"])
    return lambda: accounts.delete_user(actor=people["sysadmin"], user=people["agent"])


def anonymise_user(people):
    CommentFactory(commented_by=people["agent"])
    return lambda: accounts.anonymise_user(actor=people["sysadmin"], user=people["agent"])


def set_password(people):
    user = people["requester"]
    return lambda: accounts.set_password(actor=user, user=user, password="An0ther!pass")


def record_password_change(people):
    user = people["requester"]
    return lambda: accounts.record_password_change(actor=user, user=user)


def record_second_factor(people):
    user = people["requester"]
    return lambda: second_factor.record_second_factor(actor=user, user=user, has_one=True)


def remove_second_factor(people):
    user = people["agent"]
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={})
    return lambda: accounts.remove_second_factor(actor=people["sysadmin"], user=user)


SERVICES: list[Prepare] = [
    create_user,
    register_user,
    update_profile,
    change_user,
    deactivate_user,
    activate_user,
    delete_user,
    anonymise_user,
    set_password,
    remove_second_factor,
]
TELLERS: list[Prepare] = [
    record_password_change,
    record_second_factor,
]
