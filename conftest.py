"""The personas of all tests, and what a test may need from the machine."""

from __future__ import annotations

import gc
import os
import shutil
import socket
import sqlite3
from collections.abc import Callable, Generator, Iterator
from contextlib import AbstractContextManager, ExitStack, closing
from fcntl import LOCK_EX, flock
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import caches
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection, transaction
from django.test import Client, TransactionTestCase
from django.test.utils import setup_databases, teardown_databases
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from pytest_django import DjangoDbBlocker

from accounts.factories import UserFactory
from accounts.models import User

# No limits of time: a loaded machine is no reason to fail, and the same examples each time make failures repeatable.
hypothesis_settings.register_profile(
    "tms", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
hypothesis_settings.load_profile("tms")

# Django's own rows about our models: each migration of a database writes the same ones, and no test changes them.
ROWS_THAT_STAY = {"django_content_type", "auth_permission"}

ClientFor = Callable[[User], Client]
Lasting = Callable[[], AbstractContextManager[None]]
# Without the window that nobody sees, pages open in a third of the time.
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser")
NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
REDIS = shutil.which("redis-server")
CHROMIUM = os.environ.get("TMS_CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)


def _required() -> set[str]:
    return {word.strip() for word in os.environ.get("TMS_REQUIRE", "").split(",") if word.strip()}


def _database_server_answers() -> bool:
    try:
        with socket.create_connection(("127.0.0.1", 3306), timeout=2):
            return True
    except OSError:
        return False


def _runs_on_mysql() -> bool:
    return settings.DATABASES["default"]["ENGINE"].endswith("mysql")


def pytest_configure(config: pytest.Config) -> None:
    """Refuse to start when TMS_REQUIRE names something that this machine doesn't have."""
    required = _required()
    unknown = required - {"browser", "mysql", "nginx"}
    if unknown:
        raise pytest.UsageError(f"TMS_REQUIRE knows browser, mysql and nginx, not {', '.join(sorted(unknown))}")
    if "browser" in required and CHROMIUM is None:
        raise pytest.UsageError("TMS_REQUIRE names browser, but there is no chromium on this machine")
    if "mysql" in required and not _runs_on_mysql() and not _database_server_answers():
        raise pytest.UsageError("TMS_REQUIRE names mysql, but no server answers on 127.0.0.1:3306")
    if "nginx" in required and not (NGINX and REDIS):
        raise pytest.UsageError("TMS_REQUIRE names nginx, but nginx or redis-server is missing on this machine")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave out the files that don't name the mark when only one is asked for: importing all of them takes longer."""
    mark = config.option.markexpr
    if not mark.isidentifier() or not collection_path.match("test_*.py"):
        return None
    return f"mark.{mark}" not in collection_path.read_text() or None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what this machine or this database can't run, and say why."""
    no_browser = pytest.mark.skip(reason="needs chromium, which this machine doesn't have")
    no_mysql = pytest.mark.skip(reason="needs MySQL or MariaDB as the database: run `make test-mysql`")
    no_nginx = pytest.mark.skip(reason="needs nginx and redis-server (Debian's packages nginx-light and redis-server)")
    for item in items:
        if item.get_closest_marker("browser") and CHROMIUM is None:
            item.add_marker(no_browser)
        if item.get_closest_marker("mysql") and not _runs_on_mysql():
            item.add_marker(no_mysql)
        if item.get_closest_marker("nginx") and not (NGINX and REDIS):
            item.add_marker(no_nginx)


def pytest_collection_finish() -> None:
    """Let the garbage collector leave alone what all tests need: going through all that was imported costs a tenth."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Let a test log half a character: the workers of pytest-xdist could not send its report otherwise."""
    report = yield
    report.sections = [(name, text.encode(errors="backslashreplace").decode()) for name, text in report.sections]
    return report


@pytest.fixture(autouse=True)
def small_desk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep no documents a second time, whatever numbers of tickets other tests have used up: queries are counted."""
    monkeypatch.setattr("tickets.search.recent.WINDOW", 1 << 60)


@pytest.fixture(scope="session")
def chromium() -> str:
    """Where the browser is; tests that ask for it carry the mark `browser`."""
    if CHROMIUM is None:
        pytest.skip("needs chromium, which this machine doesn't have")
    return CHROMIUM


@pytest.fixture(scope="session")
def emptied_tables() -> Iterator[None]:
    """Empty the tables after a test that commits without deleting what Django writes for each model.

    Django would look through all models for it and write it anew: that takes longer than many a test.
    """

    def empty_tables(test_case: TransactionTestCase) -> None:
        tables = set(connection.introspection.django_table_names(only_existing=True, include_views=False))
        statements = connection.ops.sql_flush(no_style(), sorted(tables - ROWS_THAT_STAY))
        connection.ops.execute_sql_flush(statements)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", empty_tables)
        yield


@pytest.fixture(scope="session")
def django_db_setup(
    request: pytest.FixtureRequest,
    django_test_environment: None,
    django_db_blocker: DjangoDbBlocker,
    django_db_modify_db_settings: None,
    emptied_tables: None,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[None]:
    """Make the test database, in place of pytest-django's fixture: migrating takes seconds, which one worker spends.

    On SQLite the others wait for it and begin with a copy of its file.
    """
    migrated = _migrated_file(request, tmp_path_factory)
    with ExitStack() as turn, django_db_blocker.unblock():
        if migrated:
            flock(turn.enter_context(migrated.with_suffix(".lock").open("w")), LOCK_EX)
        is_copied = migrated is not None and migrated.exists()
        if migrated and is_copied:
            shutil.copy(migrated, settings.DATABASES["default"]["TEST"]["NAME"])
        made = setup_databases(verbosity=0, interactive=False, serialized_aliases=[], keepdb=is_copied)
        if migrated and not is_copied:
            _copy_database(migrated)
    yield
    with django_db_blocker.unblock():
        teardown_databases(made, verbosity=0)


def _migrated_file(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path | None:
    """Return where this run keeps a SQLite file as the migrations left it; None on a server."""
    if _runs_on_mysql():
        return None
    own = tmp_path_factory.getbasetemp()
    # A worker's own folder lies in that of the run.
    return (own.parent if hasattr(request.config, "workerinput") else own) / "migrated.sqlite3"


def _copy_database(copy: Path) -> None:
    with closing(sqlite3.connect(connection.settings_dict["NAME"])) as database:
        database.execute("VACUUM INTO ?", [str(copy)])


@pytest.fixture
def requester(db: None) -> User:
    """Jane, who asks for help."""
    return UserFactory(requester=True, email="jane.doe@example.com", username="Jane Doe")


@pytest.fixture
def other_requester(db: None) -> User:
    """Michael, whose tickets are none of Jane's business."""
    return UserFactory(requester=True, email="michael.brown@example.com", username="Michael Brown")


@pytest.fixture
def agent(db: None) -> User:
    """John, who works at the desk."""
    return UserFactory(agent=True, email="john.smith@example.com", username="John Smith")


@pytest.fixture
def other_agent(db: None) -> User:
    """Alex, who works at the desk too."""
    return UserFactory(agent=True, email="alex.johnson@example.com", username="Alex Johnson")


@pytest.fixture
def sysadmin(db: None) -> User:
    """Who runs the place."""
    return UserFactory(sysadmin=True, email="admin@example.com", username="Admin")


@pytest.fixture
def anonymous(db: None) -> Client:
    """A visitor who isn't logged in."""
    return Client()


@pytest.fixture
def client_for(db: None) -> ClientFor:
    """Make the browser of a user who is logged in."""

    def make(user: User, **kwargs: object) -> Client:
        client = Client(**kwargs)
        client.force_login(user)
        return client

    return make


@pytest.fixture
def fresh_limits(db: None) -> None:
    """Forget how often anybody has tried anything: what's in the caches outlives a test that commits."""
    for cache in caches.all():
        cache.clear()


@pytest.fixture(scope="module")
def lasting(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Lasting]:
    """Give what rows are written inside of that stay for all tests of a module, and are gone for the next one.

    For what commits, such as ANALYZE TABLE and other programs; what needn't is quicker as `written_once`.
    """
    yield django_db_blocker.unblock
    with django_db_blocker.unblock():
        call_command("flush", verbosity=0, interactive=False)
        connection.close()


@pytest.fixture(scope="module")
def written_once(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Lasting]:
    """Give what rows are written inside of that stay for all tests of a module: its end undoes them.

    They lie in a transaction around those of the tests. A module with tests that commit can't have it.
    """
    with ExitStack() as around:
        with django_db_blocker.unblock():
            around.enter_context(transaction.atomic())
            around.callback(transaction.set_rollback, True)
        yield django_db_blocker.unblock
        with django_db_blocker.unblock():
            around.close()


@pytest.fixture(scope="session")
def migrated_file(
    django_db_setup: None, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Path | None:
    """A SQLite file with all tables for programs that tests start: copying it is quicker than migrating.

    It's as the migrations left it: in a worker's own database tests that commit have used up numbers, and which tests
    those were depends on how busy the machine is. None where the tests run on a server.
    """
    return _migrated_file(request, tmp_path_factory)
