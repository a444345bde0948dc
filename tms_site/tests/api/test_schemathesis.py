"""Schemathesis sends what openapi.json allows, and what it doesn't, as everybody, and checks every answer."""

import copy
import os
from itertools import product

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.config import SchemathesisConfig
from schemathesis.core.failures import FailureGroup
from schemathesis.generation import GenerationMode

from tms_site.openapi import GUARDED, document
from tms_site.tests.api.test_api_matrix import program
from tms_site.tests.house import NOBODY, build_world, undone

pytestmark = [pytest.mark.django_db]

PEOPLE = ("anonymous", "owner", "agent", "sysadmin")
# Generating data costs more than answering: each is sent as everybody. More, and others each time, when somebody asks.
USUAL = 2
EXAMPLES = int(os.environ.get("TMS_API_EXAMPLES", USUAL))

# What a schema can't say, the answer says: such data fit the schema, and are refused all the same.
ACCEPTED = ["2xx", "3xx", "401", "403", "404"]
CURSOR, FILTER = "cursors are made by TMS alone", "whom and what a filter names must be there, and days must be days"
TEXT, NUMBER = "a text has to be seen, and has no control characters", "some numbers are nobody's"
REFUSED = {
    "409": {"delete_user": "nobody deletes who has tickets"},
    "412": dict.fromkeys(GUARDED, "an entity tag may be one of another version"),
    "429": {"create_attachment": "files are counted, also those of a test that sends many"},
    "422": {
        "list_tickets": (CURSOR, FILTER),
        "list_assigned": (CURSOR, FILTER),
        "list_comments": CURSOR,
        "list_attachments": CURSOR,
        "get_timeline": CURSOR,
        "list_users": CURSOR,
        "list_activity": (CURSOR, FILTER),
        "list_user_activity": (CURSOR, FILTER),
        "purge_activity": "what is to come can't be purged",
        "purge_user_activity": "what is to come can't be purged",
        "create_ticket": (TEXT, NUMBER),
        "change_ticket": (TEXT, NUMBER, "the workflow has no such step"),
        "create_comment": (TEXT, "the workflow has no such step"),
        "change_comment": TEXT,
        "create_attachment": "a file has a name whose ending is one of those that are taken",
        "create_view": TEXT,
        "change_view": TEXT,
        "sign_up": (TEXT, "a password is too simple"),
        "create_user": (TEXT, "a password is too simple", "there is no such zone", "an address is taken"),
        "change_user": (TEXT, "there is no such zone", "an address is taken"),
        "change_me": (TEXT, "there is no such zone"),
    },
}


def description_for(world):
    """Return the description with numbers that are somebody's, half of the time."""
    described = copy.deepcopy(document())
    numbers = {
        "ticket_id": world.ticket.pk,
        "comment_id": world.comment.pk,
        "user_id": world.people["owner"].pk,
        "attachment_id": world.file.pk,
        "view_id": world.view.pk,
    }
    for operations in described["paths"].values():
        for operation in operations.values():
            for parameter in operation["parameters"]:
                if parameter["in"] == "path":
                    parameter["schema"] = {"enum": [numbers[parameter["name"]], NOBODY], "type": "integer"}
                if parameter["name"] == "If-Match":
                    parameter["schema"] = {"enum": ["*", '"1.0"'], "type": "string"}
    return described


def config():
    accepted = {
        name: [*ACCEPTED, *(status for status, names in REFUSED.items() if name in names)]
        for names in REFUSED.values()
        for name in names
    }
    return SchemathesisConfig.from_dict(
        {
            "checks": {
                "positive_data_acceptance": {"expected-statuses": ACCEPTED},
                # RFC 6585 has a status of its own for what If-Match is wanted for.
                "missing_required_header": {"expected-statuses": ["401", "403", "404", "422", "428"]},
                # What is no entity tag is none of the present version either.
                "negative_data_rejection": {
                    "expected-statuses": ["400", "401", "403", "404", "405", "412", "415", "422", "428", "429"]
                },
            },
            "operations": [
                {
                    "include-operation-id": name,
                    "checks": {"positive_data_acceptance": {"expected-statuses": statuses}},
                }
                for name, statuses in accepted.items()
            ],
        }
    )


def app(environ, start_response, handler=WSGIHandler()):  # noqa: B008 - one for all requests
    """Answer as a server does, which closes what it has answered; Schemathesis's client leaves that to chance."""
    response = handler(environ, start_response)
    try:
        return [b"".join(response)]
    finally:
        response.close()


def test_every_answer_is_as_described(connection_stays, settings):
    settings.ACCOUNT_RATE_LIMITS = False
    settings.ALLOWED_HOSTS = ["*"]
    world = build_world()
    schema = schemathesis.openapi.from_dict(description_for(world), config=config())
    schema.app = app
    # The answers as they are: the client of the tests doesn't unpack them.
    everybody = {person: program(world, person).headers | {"Accept-Encoding": "identity"} for person in PEOPLE}
    failures = []
    for result, mode in product(schema.get_all_operations(), GenerationMode):
        examine(result.ok(), mode, everybody, failures)
    assert not failures, "\n\n".join(failures)


def examine(operation, mode, everybody, failures):
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=EXAMPLES == USUAL,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def check(case):
        for person, headers in everybody.items():
            try:
                with undone():
                    case.call_and_validate(headers=headers)
            except FailureGroup as group:
                failures.append(f"{person}: {group}")

    check()
