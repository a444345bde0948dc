"""docs/import-export.md describes the columns that there are."""

import json
import re

import pytest

from tms_site.environment import BASE_DIR
from tms_site.transfer.tables import TABLES
from tms_site.transfer.values import parse

PAGE = (BASE_DIR / "docs" / "import-export.md").read_text()
SECTIONS = {part.split("\n", 1)[0]: part for part in re.split(r"^### ", PAGE, flags=re.MULTILINE)[1:]}
ROW = re.compile(r"^\| `(\w+)` \| (yes)? ?\|", re.MULTILINE)


def test_the_tables_stand_there_in_the_order_in_which_they_are_imported():
    assert [name for name in SECTIONS if name in TABLES] == list(TABLES)


@pytest.mark.parametrize("name", TABLES)
def test_each_column_stands_there_and_whether_it_must_be_filled(name):
    said = [(column, bool(required)) for column, required in ROW.findall(SECTIONS[name])]
    assert said == [(column.name, column.required) for column in TABLES[name].columns]


@pytest.mark.parametrize("name", TABLES)
def test_the_example_of_each_table_is_one(name):
    [example] = re.findall(r"```json\n(.*?)\n```", SECTIONS[name], re.DOTALL)
    from datetime import UTC  # noqa: PLC0415 - only here

    parse(TABLES[name], json.loads(example), UTC)


@pytest.mark.parametrize("name", TABLES)
def test_the_words_of_each_choice_stand_there(name):
    for column in TABLES[name].columns:
        row = next(line for line in SECTIONS[name].splitlines() if line.startswith(f"| `{column.name}` "))
        if column.choices and not re.search(r"a priority|the status|the priority|what the source was", row):
            assert set(column.choices) <= set(re.findall(r"`(\w+)`", row))
