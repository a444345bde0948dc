"""The description of the API (OpenAPI 3.1), and the pages that show it."""

from __future__ import annotations

import json
from functools import cache
from hashlib import blake2b
from typing import Any

from csp.constants import NONCE
from csp.decorators import csp_update
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import condition, require_safe

from accounts.tokens import access
from tms_site.api import api
from tms_site.lib.api.problems import DETAILS, MEDIA_TYPE
from tms_site.lib.api.schemas import ProblemDocument

Document = dict[str, Any]

SECURITY_SCHEMES = {
    "login": {
        "type": "oauth2",
        "description": f"Log in with e-mail address and password; good for {access.seconds() // 60} minutes.",
        "flows": {
            "password": {
                "tokenUrl": "/api/v1/token",
                "refreshUrl": "/api/v1/token",
                "scopes": {"read": "Read", "write": "Read and write"},
            }
        },
    },
    "token": {
        "type": "http",
        "scheme": "bearer",
        "description": "An access token, or a personal access token from your profile.",
    },
}
# What each operation may answer besides what it is for.
ALWAYS = (400, 413, 422, 429, 503)
REASONS = {
    401: "The token is missing, wrong, expired or revoked.",
    409: "What is there now doesn't allow it.",
    412: "Somebody changed it since the version that If-Match names.",
    428: "If-Match is missing.",
} | {status: str(detail) for status, detail in DETAILS.items()}
TAG = {"schema": {"type": "string"}, "description": "Names this version; goes into If-Match and If-None-Match."}
IF_MATCH = {
    "name": "If-Match",
    "in": "header",
    "required": True,
    "schema": {"type": "string", "pattern": r"\S"},
    "description": "The ETag of what you change.",
}
IDEMPOTENCY_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "schema": {"type": "string", "pattern": "^[A-Za-z0-9_-]{1,64}$"},
    "description": "Names this submission: sent twice, it's done once.",
}
IF_NONE_MATCH = {
    "name": "If-None-Match",
    "in": "header",
    "required": False,
    "schema": {"type": "string"},
    "description": "An ETag: 304 when nothing has changed.",
}
LINK = {"schema": {"type": "string"}, "description": "The pages before and after this one (RFC 8288)."}
RETRY_AFTER = {"schema": {"type": "integer"}, "description": "For how many seconds to wait."}
CHALLENGE = {
    "schema": {"type": "string"},
    "description": "What kind of token is wanted, and what was wrong (RFC 6750).",
}
HEADERS: dict[int, Document] = {401: {"WWW-Authenticate": CHALLENGE}, 429: {"Retry-After": RETRY_AFTER}}
# Operations that change one thing which somebody else may have changed, and those that can be sent again.
GUARDED = frozenset({"change_ticket", "change_comment", "change_user", "change_me"})
REPEATABLE = frozenset({"create_ticket", "create_comment", "create_attachment"})
MORE: dict[str, tuple[int, ...]] = {
    "create_token": (401, 403),
    "sign_up": (403,),
    "delete_user": (409,),
    "create_comment": (409,),
}


@cache
def document() -> Document:
    """Return the description, made once: it doesn't depend on who asks."""
    described: Document = json.loads(json.dumps(api.get_openapi_schema()))
    components = described["components"]
    problem = ProblemDocument.model_json_schema(ref_template="#/components/schemas/{model}")
    components["schemas"] |= problem.pop("$defs", {}) | {"ProblemDocument": problem}
    components["securitySchemes"] = SECURITY_SCHEMES
    for path, operations in described["paths"].items():
        for method, operation in operations.items():
            _complete(path, method, operation)
    return described


def _complete(path: str, method: str, operation: Document) -> None:
    name, parameters, responses = operation["operationId"], operation["parameters"], operation["responses"]
    for parameter in parameters:
        parameter["schema"] = _as_text_has_it(parameter["schema"])
    for form in _forms(operation):
        # The parts of a form come from one schema, whose strictness Ninja leaves out.
        form["additionalProperties"] = False
        form["properties"] = {field: _as_text_has_it(schema) for field, schema in form["properties"].items()}
    statuses = {*ALWAYS, *MORE.get(name, ())}
    if operation.pop("security", None):
        scope = "read" if method == "get" else "write"
        operation["security"] = [{"login": [scope]}, {"token": []}]
        statuses |= {401, 403}
    if "{" in path:
        statuses.add(404)
    if "requestBody" in operation:
        statuses.add(415)
    if name in GUARDED:
        parameters.append(IF_MATCH)
        statuses |= {412, 428}
    if name in REPEATABLE:
        parameters.append(IDEMPOTENCY_KEY)
    if method == "get":
        parameters.append(IF_NONE_MATCH)
        responses["304"] = {"description": "Nothing has changed.", "headers": {"ETag": TAG}}
    for status in {"200", "201"} & responses.keys():
        is_page = any(parameter["name"] == "cursor" for parameter in parameters)
        responses[status]["headers"] = {"ETag": TAG} | ({"Link": LINK} if is_page else {})
    responses |= {str(status): _problem(status) for status in sorted(statuses)}


def _forms(operation: Document) -> list[Document]:
    contents = operation.get("requestBody", {}).get("content", {})
    return [content["schema"] for media_type, content in contents.items() if media_type != "application/json"]


def _as_text_has_it(schema: Document) -> Document:
    """Return the schema of a value in an address or a form, where a value that isn't there can't be null."""
    kinds = [kind for kind in schema.get("anyOf", ()) if kind != {"type": "null"}]
    return {name: value for name, value in schema.items() if name != "anyOf"} | kinds[0] if kinds else schema


def _problem(status: int) -> Document:
    schema = {"$ref": "#/components/schemas/ProblemDocument"}
    described: Document = {"description": REASONS[status], "content": {MEDIA_TYPE: {"schema": schema}}}
    if status in HEADERS:
        described["headers"] = HEADERS[status]
    return described


@cache
def _as_text() -> tuple[bytes, str]:
    text = json.dumps(document(), ensure_ascii=False).encode()
    return text, f'"{blake2b(text, digest_size=8).hexdigest()}"'


def _etag(request: HttpRequest) -> str:
    return _as_text()[1]


@login_not_required
@require_safe
@condition(etag_func=_etag)
def openapi_json(request: HttpRequest) -> HttpResponse:
    """Answer with the description."""
    return HttpResponse(_as_text()[0], content_type="application/json")


@login_not_required
@require_safe
def swagger(request: HttpRequest) -> HttpResponse:
    """Show the description with Swagger UI, where one can try things."""
    return render(request, "api/swagger.html")


# ReDoc makes its style sheets while it runs: they bear this answer's nonce, and nobody else's do. Its search runs in
# a worker whose code it carries along. Both for this page alone; scripts come from our own files as everywhere.
@login_not_required
@require_safe
@csp_update({"style-src": [NONCE], "worker-src": ["blob:"]})
def redoc(request: HttpRequest) -> HttpResponse:
    """Show the description with ReDoc, for reading."""
    return render(request, "api/redoc.html")
