"""The world of house.py, written once for all tests of a module."""

from __future__ import annotations

import copy
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest

from tms_site.tests.house import World, build_world


@pytest.fixture(scope="module")
def written_world(written_once: Callable[[], AbstractContextManager[None]]) -> World:
    """The world's rows."""
    with written_once():
        world = build_world()
        world.log_in_everybody()
    return world


@pytest.fixture
def world(written_world: World, db: None) -> World:
    """The world, of which a test may make what it likes."""
    return copy.deepcopy(written_world)
