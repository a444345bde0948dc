"""`manage.py seed`: all or nothing, once, and never a known password where strangers could use it."""

from datetime import UTC, datetime
from io import StringIO

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command

from accounts.factories import UserFactory
from accounts.models import User
from tickets import services
from tickets.enums import Status
from tickets.models import Comment, Ticket
from tickets.seeding import PEOPLE, STORIES, seed
from tickets.seeding import run as seeding

pytestmark = pytest.mark.django_db
FEW = STORIES[:3]


@pytest.fixture(autouse=True)
def few_stories(monkeypatch):
    """Three stories show the same as all of them, sooner."""
    monkeypatch.setattr(seeding, "STORIES", FEW)


def run(*arguments):
    out = StringIO()
    call_command("seed", *arguments, stdout=out)
    return out.getvalue()


def snapshot():
    return [list(model.objects.order_by("pk").values()) for model in (User, Ticket, Comment)]


def by(email):
    return User.objects.with_email(email).get()


def test_it_says_what_it_wrote():
    out = run()
    assert f"11 users, 3 tickets, {Comment.objects.count()} comments and " in out
    assert "Log in as admin@example.com" in out


def test_the_demo_is_the_same_every_time():
    seed(datetime(2026, 3, 31, 12, tzinfo=UTC))
    first = Ticket.objects.order_by("pk").first()
    assert (first.title, first.status) == (FEW[0].title, Status.RESOLVED)
    assert first.creation_date == datetime(2026, 3, 10, 8, 52, tzinfo=UTC)


# --- again -----------------------------------------------------------------------------------------------------------


def test_a_second_run_changes_nothing():
    run()
    before = snapshot()
    assert "The demo is there already: nothing to do." in run()
    assert snapshot() == before


def test_a_second_run_adds_what_is_missing_and_leaves_what_people_changed():
    run()
    jane, ticket = by("jane.doe@example.com"), Ticket.objects.order_by("pk").first()
    jane.set_password("Another123.")
    jane.save()
    services.update_ticket(actor=by("admin@example.com"), ticket_id=ticket.pk, changes={"title": "Changed"})
    gone = Ticket.objects.order_by("pk").last()
    services.delete_ticket(actor=by("admin@example.com"), ticket_id=gone.pk)
    assert "0 users, 1 tickets" in run()
    assert Ticket.objects.get(pk=ticket.pk).title == "Changed"
    assert by("jane.doe@example.com").check_password("Another123.")
    assert Ticket.objects.filter(title=gone.title).exists()


def test_a_run_that_breaks_half_way_leaves_nothing_and_the_next_one_writes_it_all(monkeypatch):
    add_comment = services.add_comment
    calls = []

    def failing(**arguments):
        calls.append(arguments)
        if len(calls) == 4:
            raise RuntimeError
        return add_comment(**arguments)

    with monkeypatch.context() as patch:
        patch.setattr(seeding.services, "add_comment", failing)
        with pytest.raises(RuntimeError):
            run()
    assert snapshot() == [[], [], []]
    run()
    assert Ticket.objects.count() == len(FEW)


def test_if_empty_does_nothing_where_somebody_has_an_account():
    UserFactory()
    assert "no demo data written" in run("--if-empty")
    assert (User.objects.count(), Ticket.objects.count()) == (1, 0)


def test_if_empty_writes_the_demo_into_an_empty_database():
    run("--if-empty")
    assert User.objects.count() == len(PEOPLE)


def test_a_user_who_has_the_address_already_keeps_password_and_name():
    UserFactory(sysadmin=True, email="ADMIN@example.com", username="The boss", password="Another123.")
    run()
    admin = by("admin@example.com")
    assert (admin.username, admin.check_password("Another123.")) == ("The boss", True)


# --- known passwords -------------------------------------------------------------------------------------------------


def test_outside_local_mode_it_refuses_with_one_clear_line(settings):
    settings.LOCAL_MODE = False
    for arguments in ([], ["--if-empty"]):
        with pytest.raises(CommandError) as refusal:
            run(*arguments)
        assert "--allow-known-passwords" in str(refusal.value)
        assert "\n" not in str(refusal.value)
    assert not User.objects.exists()


def test_outside_local_mode_it_obeys_when_told_in_so_many_words(settings):
    settings.LOCAL_MODE = False
    run("--allow-known-passwords")
    assert User.objects.count() == len(PEOPLE)


def test_people_whose_roles_have_changed_since_do_not_disturb_a_second_run():
    run()
    User.objects.filter(email="john.smith@example.com").update(is_active=False)
    assert "nothing to do" in run()


@pytest.mark.parametrize(("role", "is_active"), [("agent", True), ("sysadmin", False)])
def test_a_database_that_it_does_not_fit_into_stays_as_it_is_and_says_why(role, is_active):
    UserFactory(email="admin@example.com", role=role, is_active=is_active)
    with pytest.raises(CommandError) as refusal:
        run()
    assert str(refusal.value) == (
        "The demo doesn't fit into this database, nothing was written: "
        "admin@example.com exists already and isn't an active SysAdmin."
    )
    assert User.objects.count() == 1
    assert not Ticket.objects.exists()


def test_a_password_rule_that_the_demo_breaks_is_told(settings):
    name = "django.contrib.auth.password_validation.MinimumLengthValidator"
    settings.AUTH_PASSWORD_VALIDATORS = [{"NAME": name, "OPTIONS": {"min_length": 40}}]
    with pytest.raises(CommandError) as refusal:
        run()
    assert isinstance(refusal.value.__cause__, ValidationError)
    assert "at least 40 characters" in str(refusal.value)
