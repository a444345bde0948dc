"""A change and its log entry are one: whichever write of a service fails, nothing of it remains."""

import inspect
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from itertools import chain
from types import FunctionType

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps
from django.db import connection

from accounts import services as accounts
from accounts.factories import UserFactory
from tms_site.environment import BASE_DIR
from tms_site.tests.faults import SERVICES, TELLERS
from tms_site.tests.house import stored

pytestmark = pytest.mark.django_db

WRITES = ("INSERT", "UPDATE", "DELETE")
MOST_WRITES = 60


class InjectedFaultError(Exception):
    """The database refused a write."""


@dataclass
class FailingWrite:
    """Fails the n-th write statement, and remembers whether there was one."""

    number: int
    seen: int = 0

    def __call__(self, execute, sql, params, many, context):
        if sql.lstrip().upper().startswith(WRITES):
            self.seen += 1
            if self.seen == self.number:
                raise InjectedFaultError
        return execute(sql, params, many, context)


def snapshot():
    ours = (apps.get_app_config(app).get_models() for app in ("accounts", "tickets", "activity"))
    models = [*chain.from_iterable(ours), EmailAddress]
    return {model: stored(model) for model in models}


@contextmanager
def failing(number):
    fault = FailingWrite(number)
    with connection.execute_wrapper(fault):
        yield fault


# These take an actor too, but write nothing, or only as a part of another service that is tested here.
READERS = {"changed_since", "add_mentioned", "add_watchers", "remove_watchers"}
# Sessions end in no transaction, and no log tells of it: accounts/tests/test_sessions.py.
IN_STEPS = {"end_session"}


def service_modules():
    """Every module of services in the house; of a package that says what it offers, only the package."""
    for app in ("accounts", "tickets", "activity"):
        for path in sorted((BASE_DIR / app).rglob("*.py")):
            module = str(path.relative_to(BASE_DIR).with_suffix("")).replace("/", ".").removesuffix(".__init__")
            if "services" in module.split(".") and ".tests" not in module:
                yield import_module(module)


def acting_services():
    """The names of all public services that somebody acts by, and the one by which somebody becomes an actor."""
    modules = list(service_modules())
    speakers = {module.__name__ for module in modules if hasattr(module, "__all__")}
    for module in modules:
        if any(module.__name__.startswith(f"{speaker}.") for speaker in speakers):
            continue
        for name in getattr(module, "__all__", None) or own_functions(module):
            if acts(getattr(module, name)):
                yield name
    yield accounts.register_user.__name__


def own_functions(module):
    members = inspect.getmembers(module, inspect.isfunction)
    return [name for name, member in members if member.__module__ == module.__name__ and not name.startswith("_")]


def acts(member):
    return isinstance(member, FunctionType) and "actor" in inspect.signature(member).parameters


def test_no_service_is_missing_here():
    tested = {prepare.__name__ for prepare in [*SERVICES, *TELLERS]}
    assert set(acting_services()) - READERS - IN_STEPS - tested == set()


@pytest.fixture
def people(requester, agent, sysadmin):
    UserFactory(sysadmin=True)
    return {"requester": requester, "agent": agent, "sysadmin": sysadmin}


@pytest.mark.parametrize("prepare", [*SERVICES, *TELLERS], ids=lambda service: service.__name__)
def test_a_service_whose_nth_write_fails_leaves_nothing_behind(prepare, people):
    call = prepare(people)
    before = snapshot()
    for number in range(1, MOST_WRITES):
        with failing(number) as fault:
            try:
                call()
            except InjectedFaultError:
                assert snapshot() == before, f"write {number} of {prepare.__name__} failed, but something remains"
                continue
        break
    else:
        pytest.fail(f"{prepare.__name__} writes more often than this test can tell")
    # At least the change itself and its log entry were there to fail.
    assert fault.seen == number - 1 >= (1 if prepare in TELLERS else 2)
    assert snapshot() != before
