"""What is installed is what was looked at (docs/security.md, row 30)."""

import json
import re
from pathlib import Path

import pytest

from scripts import sbom

ROOT = Path(__file__).resolve().parents[2]
FILES = ["requirements.txt", "requirements-mysql.txt", "requirements-s3.txt", "requirements-dev.txt"]
PIN = re.compile(r"^[A-Za-z0-9._-]+==[^\s;]+( ; [^\\]+)? \\$")


def blocks(file: str) -> list[str]:
    text = (ROOT / file).read_text()
    return re.findall(r"^(?![#\s])(?=.).*(?:\n .*)*", text, re.MULTILINE)


@pytest.mark.parametrize("file", FILES)
def test_every_package_is_pinned_with_hashes(file):
    for block in blocks(file):
        first = block.splitlines()[0]
        assert PIN.match(first), first
        assert "--hash=sha256:" in block, first


@pytest.mark.parametrize("file", FILES)
def test_no_index_and_no_folder_of_a_machine_is_named(file):
    assert not re.search(r"https?://|file:|--(extra-)?index-url|--find-links|^-f |@ ", (ROOT / file).read_text())


def test_the_three_files_agree_on_versions():
    versions: dict[str, set[str]] = {}
    for file in FILES:
        for block in blocks(file):
            name, _, version = block.split(" ", 1)[0].partition("==")
            versions.setdefault(name, set()).add(version)

    assert {name: found for name, found in versions.items() if len(found) > 1} == {}


def test_the_bill_of_materials_names_every_package_with_its_hashes(tmp_path, capsys):
    target = tmp_path / "sbom.json"

    sbom.main(str(target))

    components = json.loads(target.read_text())["components"]
    assert {component["name"] for component in components} >= {"django", "mysqlclient", "boto3", "pillow"}
    assert len({component["name"] for component in components}) == len(components)
    assert all(component["properties"] for component in components)
