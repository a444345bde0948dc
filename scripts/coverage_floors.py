"""Checks branch coverage: every rule in full, the rest at least 95 %."""

import json
import re
import sys
from pathlib import Path
from typing import Any

from scripts.console import fail, say

# Who may do what, what follows what, and what is written: a branch that no test enters may hold a hole.
RULES = re.compile(r"(^|/)(policies|workflow|services|querysets)(/|\.py$)")
RULES_FLOOR, REST_FLOOR = 100.0, 95.0


def main(report: str) -> None:
    """Read coverage.py's JSON report and stop with the list of gaps, if there are any."""
    files: dict[str, Any] = json.loads(Path(report).read_text(encoding="utf-8"))["files"]
    rules = {name: data for name, data in files.items() if RULES.search(name)}
    rest = {name: data for name, data in files.items() if name not in rules}
    gaps = [line for name, data in sorted(rules.items()) if (line := _gap(name, data))]
    share = _share(list(rest.values()))
    for name, data in sorted(rest.items(), key=lambda item: item[1]["summary"]["percent_covered"])[:5]:
        say(f"  {data['summary']['percent_covered']:6.2f} %  {name}")
    say(f"Rules: {len(rules) - len(gaps)} of {len(rules)} files covered in full. The rest: {share:.2f} %.")
    if gaps:
        fail("\n".join(["Not covered in full:", *gaps]))
    if share < REST_FLOOR:
        fail(f"The rest must be covered to {REST_FLOOR:.0f} % at least.")


def _gap(name: str, data: dict[str, Any]) -> str:
    if data["summary"]["percent_covered"] >= RULES_FLOOR:
        return ""
    branches = ", ".join(f"{start}->{end}" for start, end in data.get("missing_branches", []))
    lines = ", ".join(map(str, data["missing_lines"]))
    return f"  {name}: lines {lines or 'none'}; branches {branches or 'none'}"


def _share(files: list[dict[str, Any]]) -> float:
    """Return the percentage of lines and branches that ran in all of `files` together."""
    summaries = [data["summary"] for data in files]
    total = sum(s["num_statements"] + s["num_branches"] for s in summaries)
    covered = sum(s["covered_lines"] + s["covered_branches"] for s in summaries)
    return 100 * covered / total if total else 100.0


if __name__ == "__main__":
    main(sys.argv[1])
