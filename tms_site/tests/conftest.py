"""The world of house.py, written once for all tests of a module."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from pytest_django import DjangoDbBlocker

from tms_site.tests.house import World, build_world, undone


@pytest.fixture(scope="module")
def written_world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """The world's rows, in a transaction around those of the module's tests; its end undoes them."""
    with ExitStack() as around:
        with django_db_blocker.unblock():
            around.enter_context(undone())
            world = build_world()
            world.log_in_everybody()
        yield world
        with django_db_blocker.unblock():
            around.close()


@pytest.fixture
def world(written_world: World, db: None) -> World:
    """The world, of which a test may make what it likes."""
    return copy.deepcopy(written_world)
