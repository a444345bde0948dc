"""The environment of `make run` and `make test` is made anew where it can't work."""

import sys

import pytest

from scripts.install import make_way, works


@pytest.fixture
def environment(tmp_path):
    """An environment that was made where it lies, as far as anybody can tell."""
    venv = tmp_path / ".venv"
    (venv / "bin").mkdir(parents=True)
    # A script, not a link: the interpreter finds its packages by its own place.
    python = venv / "bin" / "python"
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    python.chmod(0o755)
    (venv / ".made-at").write_text(str(venv))
    return venv


def test_an_environment_where_it_was_made_works(environment):
    assert works(environment)


def test_one_that_was_moved_with_its_folder_does_not(environment, tmp_path):
    moved = tmp_path / "elsewhere"
    environment.rename(moved)
    assert not works(moved)


def test_one_without_an_interpreter_does_not(environment):
    (environment / "bin" / "python").unlink()
    assert not works(environment)


def test_one_without_pip_does_not(environment):
    (environment / "bin" / "python").write_text("#!/bin/sh\nexit 1\n")
    assert not works(environment)


def test_a_link_to_one_works_and_is_removed_without_it(environment, tmp_path):
    link = tmp_path / "link"
    link.symlink_to(environment)
    assert works(link)
    make_way(link)
    assert not link.is_symlink()
    assert works(environment)


def test_one_that_is_in_the_way_is_removed(environment):
    make_way(environment)
    assert not environment.exists()
    make_way(environment)
