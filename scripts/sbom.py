"""Writes the bill of materials of the running site, CycloneDX 1.6 JSON, from the pinned requirements."""

import json
import re
import sys
from pathlib import Path

from scripts.console import say

FILES = ("requirements.txt", "requirements-mysql.txt", "requirements-s3.txt")
_PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;]+)(?:\s*;\s*([^\\]+?))?\s*\\?$")
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")


def main(target: str) -> None:
    """Write the bill to `target`."""
    # The last file names again what it shares with the first.
    found = {str(component["purl"]): component for file in FILES for component in _components(Path(file))}
    components = list(found.values())
    bill = {"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1, "components": components}
    Path(target).write_text(json.dumps(bill, indent=2) + "\n", encoding="utf-8")
    say(f"{len(components)} packages in {target}")


def _components(file: Path) -> list[dict[str, object]]:
    components: list[dict[str, object]] = []
    references: list[dict[str, str]] = []
    for line in file.read_text(encoding="utf-8").splitlines():
        if pin := _PIN.match(line):
            name, version, marker = pin.groups()
            references = []
            components.append(_component(name, version, marker, references))
        elif digest := _HASH.search(line):
            references.append({"name": "pip:sha256", "value": digest.group(1)})
    return components


def _component(name: str, version: str, marker: str | None, hashes: list[dict[str, str]]) -> dict[str, object]:
    component: dict[str, object] = {
        "type": "library",
        "name": name,
        "version": version,
        "purl": f"pkg:pypi/{name}@{version}",
        # A pin accepts several files of one version (a wheel for each platform), so these are its properties.
        "properties": hashes,
    }
    if marker:
        component["description"] = f"Only where {marker}"
    return component


if __name__ == "__main__":
    main(sys.argv[1])
