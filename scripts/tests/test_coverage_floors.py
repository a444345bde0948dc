import json

import pytest

from scripts import coverage_floors


@pytest.fixture
def report(tmp_path):
    def write(**percents: float) -> str:
        files = {
            name.replace("__", "/") + ".py": {
                "summary": {
                    "percent_covered": percent,
                    "num_statements": 100,
                    "num_branches": 0,
                    "covered_lines": percent,
                    "covered_branches": 0,
                },
                "missing_lines": [7],
                "missing_branches": [[7, 9]],
            }
            for name, percent in percents.items()
        }
        (tmp_path / "coverage.json").write_text(json.dumps({"files": files}))
        return str(tmp_path / "coverage.json")

    return write


def test_full_rules_and_95_percent_of_the_rest_pass(report, capsys):
    coverage_floors.main(report(tickets__policies=100, tickets__services__comments=100, tickets__views=95))

    assert "Rules: 2 of 2 files covered in full. The rest: 95.00 %." in capsys.readouterr().out


@pytest.mark.parametrize("name", ["tickets__policies", "tickets__services__comments", "accounts__querysets"])
def test_a_gap_in_a_rule_fails_with_its_place(report, name):
    with pytest.raises(SystemExit, match="lines 7; branches 7->9"):
        coverage_floors.main(report(**{name: 99.9}))


def test_less_than_95_percent_of_the_rest_fails(report):
    with pytest.raises(SystemExit, match="95 % at least"):
        coverage_floors.main(report(tickets__policies=100, tickets__views=94))
