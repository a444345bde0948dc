"""What docs/api.md says to people who write programs is what these programs meet."""

import re
import time
from datetime import datetime

import pytest

from activity.webhooks.enums import PING, Event
from activity.webhooks.sending import signature
from tms_site.environment import BASE_DIR

PAGE = (BASE_DIR / "docs" / "api.md").read_text()
WEBHOOKS = PAGE.split("## Webhooks")[1].split("\n## ")[0]
FOLDERS = ("accounts/api", "accounts/tokens", "activity", "tickets/api", "tms_site/lib/api")


def named_in_code(argument):
    code = "\n".join(
        path.read_text()
        for folder in FOLDERS
        for path in (BASE_DIR / folder).rglob("*.py")
        if "tests" not in path.parts and "Problem" in path.read_text()
    )
    return {name.replace("_", "-") for name in re.findall(rf'\b{argument}="([a-z_-]+)"', code)}


def test_every_type_of_problem_that_has_a_name_of_its_own_is_explained():
    rows = set(re.findall(r"^\| `([a-z-]+)` \| \d{3} \|", PAGE, re.MULTILINE))
    assert rows == named_in_code("kind") | named_in_code("error")
    assert "stale" in rows


def test_every_event_is_explained_and_no_other():
    table = WEBHOOKS.split("| --- | --- |")[1].split("\n\n")[0]
    first = [line.split("|")[1] for line in table.strip().splitlines()]
    assert sorted(re.findall(r"`([a-z.]+)`", " ".join(first))) == sorted([*Event.values, PING])


@pytest.mark.parametrize(
    ("secret", "body", "age", "is_believed"),
    [
        ("secret", b"{}", 0, True),
        ("another", b"{}", 0, False),
        ("secret", b"[]", 0, False),
        ("secret", b"{}", 3600, False),
    ],
)
def test_the_recipe_for_the_signature_believes_ours_and_no_other(secret, body, age, is_believed):
    recipe = {}
    exec(re.search(r"```python\n(.*?)```", WEBHOOKS, re.DOTALL)[1], recipe)  # noqa: S102 - our own page
    header = signature("secret", b"{}", int(time.time()) - age)
    assert recipe["is_from_tms"](secret, header, body) == is_believed


def test_the_example_of_a_delivery_has_a_time_as_ours():
    assert datetime.fromisoformat(re.search(r'"created_at": "([^"]+)"', WEBHOOKS)[1]).tzinfo is not None
