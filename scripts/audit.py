"""Looks up the pinned packages among the known vulnerabilities (docs/security.md, row 30).

Exit status: 0 none known, 1 at least one, 2 the service doesn't answer. `--offline-ok` turns 2 into 0, for
machines that reach a package registry but no vulnerability service.
"""

import argparse
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from scripts.console import say

FILES = ("requirements.txt", "requirements-mysql.txt", "requirements-s3.txt", "requirements-dev.txt")
VULNERABLE, UNREACHABLE = 1, 2
TIMEOUT_SECONDS = 180


def main() -> int:
    """Audit every requirements file and return the exit status."""
    parser = argparse.ArgumentParser(description="Look for known vulnerabilities in the pinned packages.")
    parser.add_argument("--offline-ok", action="store_true", help="a service that doesn't answer is no failure")
    options = parser.parse_args()
    packages = _report()
    answered = [package for package in packages or [] if "skip_reason" not in package]
    found = [(package, flaw) for package in answered for flaw in package["vulns"]]
    for package, flaw in found:
        fixes = ", ".join(flaw["fix_versions"]) or "no version yet"
        say(f"{package['name']} {package['version']}: {flaw['id']}, fixed in {fixes}")
    if found:
        say(f"{len(found)} known vulnerabilities in {len(answered)} packages.")
        return VULNERABLE
    if not answered:
        say("The vulnerability service doesn't answer here, so the packages were not audited.")
        return 0 if options.offline_ok else UNREACHABLE
    unknown = len(packages or []) - len(answered)
    say(
        f"No known vulnerabilities in {len(answered)} packages." + (f" {unknown} are unknown there." if unknown else "")
    )
    return 0


def _report() -> list[dict[str, Any]] | None:
    """Return pip-audit's findings by package, or None when it could not ask."""
    tool = Path(sys.executable).with_name("pip-audit")
    command = [str(tool), "--format", "json", "--progress-spinner", "off", "--require-hashes", "--disable-pip"]
    for file in FILES:
        command += ["--requirement", file]
    try:
        done = subprocess.run(command, capture_output=True, check=False, text=True, timeout=TIMEOUT_SECONDS)
        return list(json.loads(done.stdout)["dependencies"])
    except (subprocess.TimeoutExpired, json.JSONDecodeError, KeyError):
        return None


if __name__ == "__main__":
    sys.exit(main())
