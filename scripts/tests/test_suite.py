"""What `make test` hands to pytest."""

import os

import pytest

from scripts.suite import one_for_each_core


@pytest.mark.parametrize(
    ("arguments", "changed"),
    [
        (["-n", "3", "-k", "merging"], ["-n", "2", "-k", "merging"]),
        (["-n3", "-q"], ["-n", "2", "-q"]),
        (["-n", "1"], ["-n", "1"]),
        (["-n", "3", "-n", "0"], ["-n", "0"]),
        (["-n", "auto"], ["-n", "auto"]),
        (["--no-header", "-q"], ["--no-header", "-q"]),
    ],
)
def test_the_part_on_a_server_has_no_more_workers_than_cores(monkeypatch, arguments, changed):
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    assert one_for_each_core(arguments) == changed
