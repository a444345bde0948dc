"""Commands that make SysAdmins."""

import io

import pytest
from django.core.management import CommandError, call_command

from accounts.management.commands.create_sysadmin import Command
from accounts.models import User

pytestmark = pytest.mark.django_db
PASSWORD = "Hello123."


@pytest.fixture
def password(monkeypatch):
    monkeypatch.setenv("TMS_SYSADMIN_PASSWORD", PASSWORD)


@pytest.fixture
def terminal(monkeypatch):
    """A person at the terminal, who answers what `typed` holds."""
    typed: list[str] = []
    monkeypatch.delenv("TMS_SYSADMIN_PASSWORD", raising=False)
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("builtins.input", lambda prompt: typed.pop(0))
    monkeypatch.setattr("getpass.getpass", lambda prompt: typed.pop(0))
    return typed


def run(**options: str) -> str:
    out = io.StringIO()
    call_command("create_sysadmin", stdout=out, **options)
    return out.getvalue()


def test_a_sysadmin_is_created_with_the_password_of_the_environment(password, heard):
    assert "Created the SysAdmin Boss <boss@example.com>." in run(email="boss@example.com", username="Boss")
    user = User.objects.get()
    assert (user.role, user.is_superuser, user.check_password(PASSWORD)) == ("sysadmin", True, True)
    assert heard.names == ["user_created"]
    assert str(heard.last["actor"].label) == "System"


def test_the_name_is_by_default_what_stands_before_the_at(password):
    run(email="boss@example.com")
    assert User.objects.get().username == "boss"


def test_a_person_is_asked_for_address_and_password(terminal):
    terminal += ["boss@example.com", PASSWORD, PASSWORD]
    run()
    assert User.objects.get().check_password(PASSWORD)


def test_two_different_passwords_create_nobody(terminal):
    terminal += [PASSWORD, "Another456."]
    with pytest.raises(CommandError, match="The two passwords differ"):
        run(email="boss@example.com")
    assert not User.objects.exists()


@pytest.mark.parametrize(
    ("options", "message"),
    [({}, "give --email"), ({"email": "boss@example.com"}, "set TMS_SYSADMIN_PASSWORD")],
)
def test_without_a_terminal_it_says_what_to_give(monkeypatch, options, message):
    monkeypatch.delenv("TMS_SYSADMIN_PASSWORD", raising=False)
    monkeypatch.setattr("sys.stdin", io.StringIO())
    with pytest.raises(CommandError, match=message):
        run(**options)


@pytest.mark.parametrize(
    ("options", "secret", "message"),
    [
        ({"email": "no address"}, PASSWORD, "email: Enter a valid email address."),
        ({"email": "jane.doe@example.com"}, PASSWORD, "email: A user with this e-mail address already exists."),
        ({"email": "boss@example.com"}, "short", "password: This password is too short."),
        ({"email": "boss@example.com"}, "", "password: This password is too short."),
        ({"email": "boss@example.com", "username": "x" * 151}, PASSWORD, "username: Ensure this value has at most 150"),
    ],
)
def test_bad_input_ends_with_one_clear_line(monkeypatch, requester, options, secret, message):
    monkeypatch.setenv("TMS_SYSADMIN_PASSWORD", secret)
    with pytest.raises(CommandError, match=message) as caught:
        run(**options)
    assert "\n" not in str(caught.value)
    assert User.objects.count() == 1


def test_its_help_says_where_the_password_comes_from():
    text = Command().create_parser("manage.py", "create_sysadmin").format_help()
    assert "TMS_SYSADMIN_PASSWORD" in text
    assert "--email" in text


def test_createsuperuser_makes_a_sysadmin_with_one_entry(monkeypatch, heard):
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", PASSWORD)
    call_command("createsuperuser", interactive=False, email="root@example.com", username="Root", stdout=io.StringIO())
    user = User.objects.get()
    assert (user.role, user.check_password(PASSWORD)) == ("sysadmin", True)
    assert heard.names == ["user_created"]


def test_createsuperuser_refuses_a_weak_password(monkeypatch):
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", "short")
    with pytest.raises(CommandError, match="too short"):
        call_command("createsuperuser", interactive=False, email="root@example.com", username="Root")
    assert not User.objects.exists()
