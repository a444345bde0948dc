"""The services: who may, what is refused, what is told, and that all of it is one transaction."""

from datetime import UTC, datetime, timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.db import transaction
from django.dispatch import Signal

from accounts import services, signals
from accounts.actors import SYSTEM
from accounts.enums import Theme
from accounts.factories import PASSWORD, UserFactory
from accounts.models import User
from accounts.services import versions
from accounts.tests.conftest import address_taken_meanwhile
from tms_site.lib.permissions import PermissionDeniedError
from tms_site.lib.transactions import TryAgain

pytestmark = pytest.mark.django_db
LONG_AGO = datetime(2020, 5, 4, 12, tzinfo=UTC)


def address_of(user: User) -> tuple[str, bool, bool]:
    row = EmailAddress.objects.get(user_id=user.pk)
    return row.email, row.verified, row.primary


@pytest.fixture
def second_sysadmin(sysadmin) -> User:
    return UserFactory(sysadmin=True, email="second@example.com", username="Second")


# --- Creating --------------------------------------------------------------------------------------------------------


def test_a_sysadmin_creates_a_user(sysadmin, heard):
    user = services.create_user(
        actor=sysadmin,
        email=" Ann@Example.com ",
        username="  Ann   Smith ",
        role="agent",
        password=PASSWORD,
        time_zone="Europe/Vienna",
        theme="dark",
        at=LONG_AGO,
    )
    user.refresh_from_db()
    assert (user.email, user.username, user.role) == ("Ann@Example.com", "Ann Smith", "agent")
    assert (user.time_zone, user.theme, user.date_joined, user.is_active) == ("Europe/Vienna", "dark", LONG_AGO, True)
    assert user.check_password(PASSWORD)
    assert address_of(user) == ("ann@example.com", True, True)
    assert heard.names == ["user_created"]
    assert (heard.last["user"], heard.last["actor"], heard.last["at"]) == (user, sysadmin, LONG_AGO)


def test_a_user_without_a_password_cant_log_in(sysadmin):
    user = services.create_user(actor=sysadmin, email="ann@example.com", username="Ann")
    assert not user.has_usable_password()
    assert (user.role, user.time_zone, user.theme) == ("requester", "UTC", "system")


def test_a_user_can_be_created_inactive(sysadmin):
    assert not services.create_user(actor=SYSTEM, email="a@example.com", username="Ann", is_active=False).is_active


@pytest.mark.parametrize("who", ["requester", "agent"])
def test_nobody_but_a_sysadmin_creates_users(request, who, heard):
    actor = request.getfixturevalue(who)
    with pytest.raises(PermissionDeniedError, match="Only SysAdmins"):
        services.create_user(actor=actor, email="ann@example.com", username="Ann")
    assert heard.names == []
    assert User.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", "jane.DOE@example.com"),
        ("email", "no address"),
        ("email", ""),
        ("email", "a\x00b@example.com"),
        ("email", "a" * 250 + "@example.com"),
        ("username", "   "),
        ("username", "x" * 151),
        ("role", "king"),
        ("time_zone", "Mars/Olympus"),
        ("theme", "pink"),
        ("password", "short"),
        ("password", "password"),
        ("password", "ann@example.com"),
        ("password", "Hello\x00123."),
        ("password", "Hello\ud800123."),
        ("password", "x" * 257),
    ],
)
def test_a_bad_value_is_refused_by_field_and_nothing_is_created(requester, heard, field, value):
    data = {"email": "ann@example.com", "username": "Ann", "password": PASSWORD, field: value}
    with pytest.raises(ValidationError) as caught:
        services.create_user(actor=SYSTEM, **data)
    assert set(caught.value.message_dict) == {field}
    assert User.objects.count() == EmailAddress.objects.count() == 1
    assert heard.names == []


def test_an_address_taken_between_check_and_save_is_the_same_error(db, heard):
    with pytest.raises(ValidationError) as caught, address_taken_meanwhile("ANN@example.com"):
        services.create_user(actor=SYSTEM, email="ann@example.com", username="Ann")
    assert caught.value.message_dict == {"email": ["A user with this e-mail address already exists."]}
    assert heard.names == []


def test_an_address_taken_before_a_change_is_saved_is_the_same_error(requester, heard):
    with pytest.raises(ValidationError) as caught, address_taken_meanwhile("new@example.com"):
        services.change_user(actor=SYSTEM, user=requester, changes={"email": "New@example.com"})
    assert set(caught.value.message_dict) == {"email"}
    assert heard.names == []


def test_django_creates_superusers_through_the_service(heard):
    user = User.objects.create_superuser("root@example.com", "Root", PASSWORD)
    assert (user.role, user.is_superuser, user.check_password(PASSWORD)) == ("sysadmin", True, True)
    assert heard.names == ["user_created"]
    assert heard.last["actor"] is SYSTEM


# --- Signing up ------------------------------------------------------------------------------------------------------


def test_one_signs_up_as_a_requester_with_an_unverified_address(db, heard):
    user = services.register_user(email="ann@example.com", password=PASSWORD, username="Ann", at=LONG_AGO)
    assert (user.role, user.username, user.date_joined) == ("requester", "Ann", LONG_AGO)
    assert address_of(user) == ("ann@example.com", False, True)
    assert heard.names == ["user_created"]
    assert heard.last["actor"] == user


def test_without_a_name_one_is_called_by_the_address(db):
    assert services.register_user(email="ann.smith@example.com", password=PASSWORD).username == "ann.smith"


def test_a_weak_password_is_refused_at_sign_up(db):
    with pytest.raises(ValidationError) as caught:
        services.register_user(email="ann@example.com", password="12345678")
    assert "password" in caught.value.message_dict


def test_nobody_signs_up_when_it_is_closed(db, settings):
    settings.SIGNUP_OPEN = False
    with pytest.raises(PermissionDeniedError, match="closed"):
        services.register_user(email="ann@example.com", password=PASSWORD)
    assert User.objects.count() == 0


# --- The profile -----------------------------------------------------------------------------------------------------


def test_one_edits_ones_own_profile(requester, heard):
    changes = {"username": " Jane  D. ", "time_zone": "Asia/Tokyo", "theme": "dark"}
    user = services.update_profile(actor=requester, user=requester, changes=changes)
    user.refresh_from_db()
    assert (user.username, user.time_zone, user.theme) == ("Jane D.", "Asia/Tokyo", "dark")
    assert heard.names == ["user_updated"]
    assert heard.last["changes"] == {
        "username": ("Jane Doe", "Jane D."),
        "time_zone": ("UTC", "Asia/Tokyo"),
        "theme": ("system", "dark"),
    }


def test_nothing_is_told_when_nothing_changed(requester, heard):
    services.update_profile(actor=requester, user=requester, changes={"username": "Jane Doe ", "theme": Theme.SYSTEM})
    assert heard.names == []


@pytest.mark.parametrize("who", ["other_requester", "agent"])
def test_one_does_not_edit_anothers_profile(request, requester, who):
    with pytest.raises(PermissionDeniedError, match="somebody else"):
        services.update_profile(actor=request.getfixturevalue(who), user=requester, changes={"theme": "dark"})


@pytest.mark.parametrize("field", ["role", "is_active", "email", "password", "is_staff"])
def test_a_profile_has_no_other_fields(sysadmin, field):
    with pytest.raises(ValueError, match=field):
        services.update_profile(actor=sysadmin, user=sysadmin, changes={field: "x"})


def test_a_bad_time_zone_is_refused_by_field(requester):
    with pytest.raises(ValidationError) as caught:
        services.update_profile(actor=requester, user=requester, changes={"time_zone": "Mars/Olympus"})
    assert set(caught.value.message_dict) == {"time_zone"}


# --- Changing --------------------------------------------------------------------------------------------------------


def test_a_sysadmin_changes_everything_about_a_user_with_one_entry(sysadmin, requester, heard):
    changes = {"email": "j@example.org", "username": "J", "role": "agent", "is_active": False, "theme": "dark"}
    user = services.change_user(actor=sysadmin, user=requester, changes=changes, at=LONG_AGO)
    user.refresh_from_db()
    assert (user.email, user.email_key, user.role, user.is_active) == ("j@example.org", "j@example.org", "agent", False)
    assert address_of(user) == ("j@example.org", True, True)
    assert heard.names == ["user_updated"]
    assert heard.last["at"] == LONG_AGO
    assert heard.last["changes"] == {
        "email": ("jane.doe@example.com", "j@example.org"),
        "username": ("Jane Doe", "J"),
        "role": ("requester", "agent"),
        "is_active": (True, False),
        "theme": ("system", "dark"),
    }


def test_what_is_stored_counts_and_not_what_the_caller_remembers(sysadmin, requester, heard):
    stale = User.objects.get(pk=requester.pk)
    services.change_user(actor=sysadmin, user=requester, changes={"theme": "dark"})
    services.change_user(actor=sysadmin, user=stale, changes={"username": "J"})
    requester.refresh_from_db()
    assert (requester.theme, requester.username) == ("dark", "J")
    assert heard.last["changes"] == {"username": ("Jane Doe", "J")}


@pytest.mark.parametrize("who", ["requester", "agent", "other_requester"])
@pytest.mark.parametrize(
    "changes",
    [{"email": "x@example.com"}, {"username": "x"}, {"role": "sysadmin"}, {"is_active": False}, {"theme": "dark"}],
)
def test_nobody_but_a_sysadmin_changes_accounts(request, requester, who, changes):
    with pytest.raises(PermissionDeniedError, match="Only SysAdmins"):
        services.change_user(actor=request.getfixturevalue(who), user=requester, changes=changes)


def test_unknown_fields_are_an_error_of_the_caller(sysadmin, requester):
    with pytest.raises(ValueError, match="is_staff, pk"):
        services.change_user(actor=sysadmin, user=requester, changes={"pk": 1, "is_staff": True})


def test_an_address_of_somebody_else_is_refused(sysadmin, requester, other_requester):
    with pytest.raises(ValidationError) as caught:
        services.change_user(actor=sysadmin, user=requester, changes={"email": "Michael.Brown@example.com"})
    assert set(caught.value.message_dict) == {"email"}


def test_a_value_of_the_wrong_type_is_refused(sysadmin, requester):
    with pytest.raises(ValidationError) as caught:
        services.change_user(actor=sysadmin, user=requester, changes={"username": None, "is_active": "perhaps"})
    assert set(caught.value.message_dict) == {"username", "is_active"}


def test_extra_address_rows_are_cleared_when_the_address_changes(sysadmin, requester):
    EmailAddress.objects.create(user_id=requester.pk, email="older@example.com", primary=False, verified=False)
    user = services.change_user(actor=sysadmin, user=requester, changes={"email": "new@example.com"})
    assert address_of(user) == ("new@example.com", True, True)


def test_a_user_who_is_gone_is_said_to_be_gone(sysadmin, requester):
    User.objects.filter(pk=requester.pk).delete()
    for service in (services.deactivate_user, services.anonymise_user, services.delete_user):
        with pytest.raises(services.UserIsGone, match="deleted meanwhile"):
            service(actor=sysadmin, user=requester)
    with pytest.raises(services.UserIsGone):
        services.set_password(actor=requester, user=requester, password=PASSWORD)


# --- One transaction -------------------------------------------------------------------------------------------------


def changes_of(signal: Signal, work) -> tuple[int, int]:
    def refuse(sender, **kwargs):
        raise RuntimeError("the log is full")

    signal.connect(refuse)
    try:
        with pytest.raises(RuntimeError, match="the log is full"):
            work()
    finally:
        signal.disconnect(refuse)
    return User.objects.count(), EmailAddress.objects.count()


def test_a_user_who_cant_be_logged_is_not_created(db):
    work = lambda: services.create_user(actor=SYSTEM, email="ann@example.com", username="Ann")  # noqa: E731 - called once
    assert changes_of(signals.user_created, work) == (0, 0)


def test_a_change_that_cant_be_logged_is_not_made(requester):
    def work():
        services.change_user(actor=SYSTEM, user=requester, changes={"email": "new@example.com"})

    changes_of(signals.user_updated, work)
    requester.refresh_from_db()
    assert requester.email == "jane.doe@example.com"
    assert address_of(requester)[0] == "jane.doe@example.com"


def test_a_deletion_that_cant_be_logged_is_not_made(requester):
    assert changes_of(signals.user_deleted, lambda: services.delete_user(actor=SYSTEM, user=requester)) == (1, 1)


def test_times_default_to_now(sysadmin, requester, heard):
    services.change_user(actor=sysadmin, user=requester, changes={"theme": "dark"})
    assert abs(heard.last["at"] - datetime.now(UTC)) < timedelta(seconds=10)


# --- Versions --------------------------------------------------------------------------------------------------------


def test_each_change_raises_the_version(sysadmin, requester):
    services.change_user(actor=sysadmin, user=requester, changes={"username": "Jane D."})
    services.change_user(actor=sysadmin, user=requester, changes={"username": "Jane D."})
    services.set_password(actor=requester, user=requester, password="An0ther!pass")
    services.deactivate_user(actor=sysadmin, user=requester)
    requester.refresh_from_db()
    assert requester.version == 4


def test_a_form_from_before_a_password_change_is_still_good(requester):
    services.set_password(actor=requester, user=requester, password="An0ther!pass")
    changed = services.update_profile(actor=requester, user=requester, changes={"theme": "dark"}, version=1)
    assert (changed.theme, changed.version) == ("dark", 3)


def test_an_anonymised_user_has_no_past(sysadmin, requester):
    services.change_user(actor=sysadmin, user=requester, changes={"username": "Jane D."})
    services.anonymise_user(actor=sysadmin, user=requester)
    requester.refresh_from_db()
    assert requester.version == 3
    assert not requester.revisions.exists()


def test_a_write_upon_what_somebody_else_has_changed_is_tried_again(sysadmin, requester):
    stale = User.objects.get(pk=requester.pk)
    services.change_user(actor=sysadmin, user=requester, changes={"theme": "dark"})
    with pytest.raises(TryAgain):
        versions.write(stale, {"username": stale.username})


def test_a_revision_says_whose_and_which_it_is(sysadmin, requester):
    services.change_user(actor=sysadmin, user=requester, changes={"theme": "dark"})
    assert str(requester.revisions.get()) == f"{requester.pk} v1"


def test_an_address_that_somebody_takes_at_the_last_moment_is_refused_as_taken(requester, other_requester):
    requester.email = other_requester.email
    with pytest.raises(ValidationError, match="already exists"), transaction.atomic():
        versions.write(requester, {"email": "jane.doe@example.com"})
