"""The user: unique addresses, rights by role alone."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from accounts.actors import SYSTEM, actor_user, request_user
from accounts.enums import Role
from accounts.factories import UserFactory
from accounts.models import EMAIL_KEY_MAX, User

pytestmark = pytest.mark.django_db


def errors_of(user: User) -> dict[str, list[str]]:
    try:
        user.clean_fields(exclude={"password"})
        user.clean()
    except ValidationError as error:
        return error.message_dict
    return {}


@pytest.mark.parametrize("spelling", ["JANE@example.com", " jane@EXAMPLE.com "])
def test_the_database_refuses_a_second_spelling_of_an_address(spelling):
    UserFactory(email="jane@example.com")
    with pytest.raises(IntegrityError), transaction.atomic():
        User(email=spelling, username="Another").save()


def test_cleaning_refuses_a_second_spelling_of_an_address():
    UserFactory(email="jane@bücher.example")
    assert errors_of(User(email="Jane@xn--bcher-kva.example", username="Another")) == {
        "email": ["A user with this e-mail address already exists."]
    }


def test_cleaning_accepts_the_address_that_one_has(requester):
    assert errors_of(requester) == {}


def test_a_changed_address_changes_its_key_even_when_only_the_address_is_saved(requester):
    requester.email = "New@Example.com"
    requester.save(update_fields=["email"])
    requester.refresh_from_db()
    assert (requester.email, requester.email_key) == ("New@Example.com", "new@example.com")


def test_saving_another_field_leaves_the_address_alone(requester):
    requester.email = "unsaved@example.com"
    requester.save(update_fields=["theme"])
    requester.refresh_from_db()
    assert requester.email == "jane.doe@example.com"


def test_an_address_that_grows_too_long_in_ascii_is_refused():
    address = "a@" + "é." * 120 + "com"
    assert len(address) <= 254
    assert errors_of(User(email=address, username="Long")) == {"email": ["This e-mail address is too long."]}
    assert User._meta.get_field("email_key").max_length == EMAIL_KEY_MAX


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("email", "", "This field cannot be blank."),
        ("email", "no address", "Enter a valid email address."),
        ("username", "", "This field cannot be blank."),
        ("username", "\u200b\u200b", "This field cannot be blank."),
        ("username", "x" * 151, "Ensure this value has at most 150 characters (it has 151)."),
        ("username", "Jane\u202eeoD", "Remove the control characters or hidden direction marks from this text."),
        ("username", "Jane\x00", "Remove the control characters or hidden direction marks from this text."),
        ("username", "Jane\ud800", "Remove the control characters or hidden direction marks from this text."),
        ("role", "king", "Value 'king' is not a valid choice."),
        ("time_zone", "Mars/Olympus", "Choose a time zone from the list."),
        ("theme", "pink", "Value 'pink' is not a valid choice."),
    ],
)
def test_a_bad_value_is_refused_at_its_field(field, value, message):
    user = User(**{"email": "jane@example.com", "username": "Jane", field: value})
    assert errors_of(user) == {field: [message]}


@pytest.mark.parametrize("username", ["Jane 🙂 Doe", "Žofie", "O'Brien <b>", "x" * 150])
def test_names_may_be_as_people_are_called(username):
    assert errors_of(User(email="jane@example.com", username=username)) == {}


@pytest.mark.parametrize(
    ("role", "active", "staff"),
    [
        (Role.REQUESTER, True, False),
        (Role.AGENT, True, False),
        (Role.SYSADMIN, True, True),
        (Role.SYSADMIN, False, False),
    ],
)
def test_staff_rights_are_what_the_role_says(role, active, staff):
    user = User(role=role, is_active=active)
    answers = {
        user.is_staff,
        user.is_superuser,
        user.has_perm("accounts.change_user"),
        user.has_perms(["a.b"]),
        user.has_module_perms("accounts"),
    }
    assert answers == {staff}


def test_staff_and_superuser_rights_are_not_stored():
    columns = {field.name for field in User._meta.concrete_fields}
    assert columns.isdisjoint({"is_staff", "is_superuser", "groups", "user_permissions"})


def test_a_user_is_shown_by_name_and_without_a_name_by_address():
    assert str(User(username="Jane", email="jane@example.com")) == "Jane"
    assert User(username="", email="jane@example.com").label == "jane@example.com"
    assert (User(username="Jane").get_full_name(), User(username="Jane").get_short_name()) == ("Jane", "Jane")


@pytest.mark.parametrize(
    ("role", "desk", "runs"), [("requester", False, False), ("agent", True, False), ("sysadmin", True, True)]
)
def test_a_role_tells_who_works_at_the_desk_and_who_runs_the_place(role, desk, runs):
    user = User(role=role)
    assert (user.works_at_desk, user.runs_the_place) == (desk, runs)


def test_the_time_zone_is_that_of_the_installation_until_one_chooses(settings):
    settings.TIME_ZONE = "Europe/Vienna"
    assert User().time_zone == "Europe/Vienna"


def test_the_system_acts_with_a_sysadmins_rights_and_without_an_account(requester):
    assert (SYSTEM.works_at_desk, SYSTEM.runs_the_place, SYSTEM.pk) == (True, True, None)
    assert actor_user(SYSTEM) is None
    assert actor_user(requester) is requester


def test_a_visitor_is_nobody_whom_a_view_could_act_for(rf):
    request = rf.get("/")
    request.user = AnonymousUser()
    with pytest.raises(PermissionDenied):
        request_user(request)
