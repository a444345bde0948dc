"""The drill counts what everybody met, and leaves nothing running, however it ends."""

import random
import shutil
import threading
from collections import Counter
from pathlib import Path
from types import SimpleNamespace

import pytest

from drills import kill
from drills.databases import Sqlite
from drills.kill import compare, drill
from drills.load import Tally, Visitor

NOTHING = {"tickets": [], "comments": [], "deliveries": []}


def processes_of(folder: Path) -> list[str]:
    """Return the commands of the processes whose environment names the folder."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if str(folder).encode() in (process / "environ").read_bytes():
                found.append((process / "cmdline").read_text())
        except OSError:  # it has ended meanwhile, or is somebody else's
            continue
    return found


def test_errors_that_several_people_met_add_up():
    tallies = [Tally(odd=Counter({500: 2})), Tally(odd=Counter({500: 1, 403: 1})), Tally()]
    result = compare("SQLite", {}, tallies, NOTHING, SimpleNamespace(deliveries=Counter()))
    assert result.odd == {500: 3, 403: 1}
    assert not result.is_good


def test_a_drill_without_errors_is_good():
    result = compare("SQLite", {}, [Tally(), Tally()], NOTHING, SimpleNamespace(deliveries=Counter()))
    assert result.odd == {}
    assert result.is_good


def test_a_drill_that_fails_leaves_nobody_at_work_and_nothing_running(tmp_path, monkeypatch, migrated_file):
    if migrated_file:
        shutil.copy(migrated_file, tmp_path / "tms.sqlite3")
    monkeypatch.setattr(kill, "LEAST_SECONDS", 0)
    monkeypatch.setattr(kill, "MOST_SECONDS", 0)
    seen = []

    def fail(line):
        seen.extend(processes_of(tmp_path))
        raise ZeroDivisionError(line)

    with pytest.raises(ZeroDivisionError):
        drill(Sqlite(tmp_path), tmp_path, 1, random.Random(1), fail)
    assert seen
    assert processes_of(tmp_path) == []
    assert not [thread for thread in threading.enumerate() if isinstance(thread, Visitor)]
