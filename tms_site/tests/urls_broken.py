"""The addresses of TMS, and some that fail in ways that TMS itself (we hope) never does."""

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.urls import path

from tms_site import urls

SECRET = "the-inner-workings"


@login_not_required
def broken(request: HttpRequest) -> HttpResponse:
    """Fail with something that visitors mustn't see."""
    password = request.POST.get("password", "")
    raise RuntimeError(f"{SECRET} {len(password)}")


@login_not_required
def forbidden(request: HttpRequest) -> HttpResponse:
    """Refuse, as Django's own code does."""
    raise PermissionDenied(SECRET)


@login_not_required
def away(request: HttpRequest) -> HttpResponse:
    """Fail as when the database goes away in the middle of a page."""
    raise OperationalError(2006, SECRET)


urlpatterns = [path("broken/", broken), path("forbidden/", forbidden), path("away/", away), *urls.urlpatterns]
handler400, handler403, handler404, handler500 = (
    urls.handler400,
    urls.handler403,
    urls.handler404,
    urls.handler500,
)
