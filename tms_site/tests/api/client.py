"""A program that uses the API: a client with a token."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import User
from accounts.tokens import services
from accounts.tokens.models import Scope

ROOT = "/api/v1"
JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
PROBLEM = "application/problem+json"


def token_for(user: User, scope: str = Scope.WRITE) -> str:
    """Return an access token of somebody, made as by a log-in."""
    return services.start_login(actor=user, scope=scope).access_token


class Api:
    """Sends JSON with a token (or without one), and returns Django's responses."""

    def __init__(self, token: str = "", **kwargs: Any) -> None:
        self.client = Client(raise_request_exception=False, **kwargs)
        self.headers = {"Authorization": f"Bearer {token}"} if token else {}

    def send(self, method: str, path: str, data: Any = None, **headers: str) -> Any:
        """Send a request; names of headers with underscores for dashes."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        body = {} if data is None else {"data": json.dumps(data), "content_type": JSON}
        return self.client.generic(method, ROOT + path, headers=self.headers | named, **body)

    def get(self, path: str, **headers: str) -> Any:
        return self.send("GET", path, **headers)

    def post(self, path: str, data: Any = None, **headers: str) -> Any:
        return self.send("POST", path, data, **headers)

    def patch(self, path: str, data: Any = None, **headers: str) -> Any:
        return self.send("PATCH", path, data, **headers)

    def delete(self, path: str, **headers: str) -> Any:
        return self.send("DELETE", path, **headers)

    def upload(self, path: str, content: bytes = b"All is well.", name: str = "report.txt", **rest: Any) -> Any:
        """Send a file; fields of the form beside it in small letters, headers as in `send`."""
        headers = {key.replace("_", "-"): value for key, value in rest.items() if key[0].isupper()}
        fields = {key: value for key, value in rest.items() if key[0].islower()}
        body = {"file": SimpleUploadedFile(name, content), **fields}
        return self.client.post(ROOT + path, body, headers=self.headers | headers)

    def form(self, path: str, **fields: str) -> Any:
        """Send a form, as the log-in takes it."""
        return self.client.post(ROOT + path, urlencode(fields), content_type=FORM, headers=self.headers)


def api(user: User, scope: str = Scope.WRITE) -> Api:
    """Return a program of somebody that has logged in."""
    return Api(token_for(user, scope))


def errors(response: Any) -> dict[str, str]:
    """Return the fields that a problem names, with what's wrong with each."""
    return {error["field"]: error["message"] for error in response.json()["errors"]}
