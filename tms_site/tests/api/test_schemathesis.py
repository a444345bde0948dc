"""Schemathesis sends what openapi.json allows, and what it doesn't, as everybody, and checks every answer."""

from itertools import product

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.config import SchemathesisConfig
from schemathesis.core.failures import FailureGroup
from schemathesis.generation import GenerationMode

from tms_site.openapi import document
from tms_site.tests.api.test_api_matrix import program
from tms_site.tests.house import build_world

pytestmark = [pytest.mark.django_db]

EXAMPLES = 2
# What a schema can't say (whether a number is somebody's, a step is one of the workflow, a text can be seen), the
# answer says: such data fit the schema and are refused all the same.
CONFIG = {
    "checks": {
        "positive_data_acceptance": {
            "expected-statuses": ["2xx", "3xx", "401", "403", "404", "409", "412", "422", "428", "429"]
        },
        "missing_required_header": {"expected-statuses": ["400", "401", "403", "406", "415", "422", "428"]},
    }
}


@pytest.mark.parametrize("person", ["anonymous", "owner", "agent", "sysadmin"])
def test_every_answer_is_as_described(person, connection_stays, settings):
    settings.ACCOUNT_RATE_LIMITS = False
    settings.ALLOWED_HOSTS = ["*"]
    world = build_world()
    schema = schemathesis.openapi.from_dict(document(), config=SchemathesisConfig.from_dict(CONFIG))
    schema.app = WSGIHandler()
    # The answers as they are: the client of the tests doesn't unpack them.
    headers = program(world, person).headers | {"Accept-Encoding": "identity"}
    failures = []
    for result, mode in product(schema.get_all_operations(), GenerationMode):
        try:
            examine(result.ok(), headers, mode)
        except FailureGroup as group:
            failures.append(str(group))
    assert not failures, "\n".join(failures)


def examine(operation, headers, mode):
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def check(case):
        with transaction.atomic():
            case.call_and_validate(headers=headers)
            transaction.set_rollback(True)

    check()
