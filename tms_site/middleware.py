"""What happens around every request."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from ipaddress import ip_address
from urllib.parse import unquote_to_bytes

from django.conf import settings
from django.contrib.sessions import middleware as sessions
from django.contrib.sessions.exceptions import SessionInterrupted
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers

from tms_site.lib.api.problems import as_problem
from tms_site.lib.outages import AWAY
from tms_site.lib.request_id import new_request_id, reset_request_id, set_request_id

METHODS = ("GET", "HEAD", "POST", "OPTIONS")
API_METHODS = (*METHODS, "PATCH", "DELETE")
API_PREFIX = "/api/"
# Says that a request came through a proxy, whoever that was.
FORWARDED = "TMS_FORWARDED"
FORM_TYPE = "application/x-www-form-urlencoded"

GetResponse = Callable[[HttpRequest], HttpResponse]


def request_id_middleware(get_response: GetResponse) -> GetResponse:
    """Give each request an id of its own, in the logs, in the activity log and in a response header."""

    def middleware(request: HttpRequest) -> HttpResponse:
        request_id = new_request_id()
        request.META["TMS_REQUEST_ID"] = request_id
        token = set_request_id(request_id)
        try:
            response = get_response(request)
        finally:
            reset_request_id(token)
        response["X-Request-ID"] = request_id
        return response

    return middleware


class SessionMiddleware(sessions.SessionMiddleware):
    """Django's, which takes a session that can't be written for one that somebody has ended: a bad request (400).

    Where the database is away, that's what one should hear: try again.
    """

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """Save the session; raises what the database said, or SessionInterrupted."""
        try:
            return super().process_response(request, response)
        except SessionInterrupted as error:
            cause = error.__context__ and error.__context__.__context__
            if isinstance(cause, AWAY):
                raise cause from None
            raise


def trusted_proxy_middleware(get_response: GetResponse) -> GetResponse:
    """Believe X-Forwarded-For and -Proto from TRUSTED_PROXIES only, and forget them otherwise.

    docs/security.md, row 19.

    Afterwards REMOTE_ADDR is the visitor's address, and nothing else need look at the headers.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        forwarded_for = request.META.pop("HTTP_X_FORWARDED_FOR", "")
        scheme = request.META.pop("HTTP_X_FORWARDED_PROTO", "")
        request.META.pop("HTTP_X_FORWARDED_HOST", None)
        request.META[FORWARDED] = bool(forwarded_for or scheme or request.META.pop("HTTP_FORWARDED", ""))
        if _is_trusted(request.META.get("REMOTE_ADDR", "")):
            _believe(request, forwarded_for, scheme)
        return get_response(request)

    return middleware


def _is_trusted(address: str) -> bool:
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    return any(parsed in network for network in settings.TRUSTED_PROXIES)


def _believe(request: HttpRequest, forwarded_for: str, scheme: str) -> None:
    # From the nearest hop backwards: the first address that isn't a proxy of ours is the visitor's.
    for hop in reversed([part.strip() for part in forwarded_for.split(",") if part.strip()]):
        request.META["REMOTE_ADDR"] = hop
        if not _is_trusted(hop):
            break
    if scheme in {"http", "https"}:
        request.META["wsgi.url_scheme"] = scheme


def api_middleware(get_response: GetResponse) -> GetResponse:
    """Keep the API apart from the pages: no cookie opens it, and every error is a problem document."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(API_PREFIX):
            return get_response(request)
        request.META.pop("HTTP_COOKIE", None)
        return as_problem(request, get_response(request))

    return middleware


def private_pages_middleware(get_response: GetResponse) -> GetResponse:
    """Keep pages out of shared and browser caches: they show what one person may see (docs/security.md, row 20)."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if not response.has_header("Cache-Control"):
            add_never_cache_headers(response)
        return response

    return middleware


def wrong_method_middleware(get_response: GetResponse) -> GetResponse:
    """Answer 405, with a page that says what to do, to methods that no page of TMS has or that this one hasn't.

    Some views of Django and allauth would take PUT for POST.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        known = request.method in (API_METHODS if request.path_info.startswith(API_PREFIX) else METHODS)
        response = get_response(request) if known else HttpResponseNotAllowed(METHODS)
        if response.status_code != HTTPStatus.METHOD_NOT_ALLOWED or response.content:
            return response
        page = render(request, "405.html", status=HTTPStatus.METHOD_NOT_ALLOWED)
        page["Allow"] = response.get("Allow", "")
        return page

    return middleware


def plain_text_middleware(get_response: GetResponse) -> GetResponse:
    """Answer 400 to addresses and forms that aren't UTF-8, instead of guessing what they mean.

    docs/security.md, row 10.

    Half of a character, such as a lone surrogate, would otherwise be replaced without a word.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        texts = [request.META.get("QUERY_STRING", "").encode("latin-1", "replace")]
        if request.content_type == FORM_TYPE:
            texts.append(request.body)
        for text in texts:
            try:
                unquote_to_bytes(text).decode()
            except UnicodeDecodeError as error:
                raise BadRequest from error
        return get_response(request)

    return middleware
