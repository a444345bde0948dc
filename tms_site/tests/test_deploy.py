"""What is kept for deployments fits what TMS reads, and is valid by the tools of those who read it."""

import json
import re
from importlib import import_module

import pytest
import yaml

from tms_site.environment import BASE_DIR

DEPLOY = BASE_DIR / "deploy"
TEMPLATE = DEPLOY / "aws" / "template.yml"


def test_the_template_for_aws_passes_cfn_lint():
    # It brings a system of algebra along, for which only the worker that runs this shall wait.
    linter = import_module("cfnlint.api")
    regions = linter.ManualArgs(regions=["eu-central-1", "us-east-1"])
    found = [
        each for each in linter.lint(TEMPLATE.read_text(), config=regions) if each.rule.severity != "informational"
    ]
    assert found == []


def test_the_template_sets_only_variables_that_tms_knows():
    named = re.findall(r"application:environment(?:secrets)?\"?,? *\n? *OptionName: ([A-Z0-9_]+)", TEMPLATE.read_text())
    assert {"RDS_HOSTNAME", "RDS_PASSWORD", "SECRET_KEY", "STATIC_HOST", "REDIS_URL"} <= set(named)
    known = set(
        re.findall(r"^\| `([A-Z0-9_]+)` \|", (BASE_DIR / "docs" / "configuration.md").read_text(), re.MULTILINE)
    )
    assert set(named) - known == set()


def test_the_files_for_elastic_beanstalk_and_monitors_can_be_read():
    for path in [*DEPLOY.rglob("*.config"), *(DEPLOY / "monitoring").glob("*.yml")]:
        assert yaml.safe_load(path.read_text()), path
    assert json.loads((DEPLOY / "monitoring" / "dashboard.json").read_text())["panels"]


@pytest.mark.parametrize("path", sorted((DEPLOY / "aws").rglob("*.sh")), ids=lambda path: path.parent.parent.name)
def test_hooks_can_be_run(path):
    assert path.stat().st_mode & 0o100
    assert path.read_text().startswith("#!/bin/sh\n")
