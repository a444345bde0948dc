"""Making an account for oneself: the form of the page, with its limits and its silence about who has one already."""

from __future__ import annotations

from http import HTTPStatus

from allauth.account.internal.flows.email_verification import send_verification_email_at_login
from allauth.account.models import Login
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Router

from accounts import policies
from accounts.api.schemas import SignedUp, SignUp
from accounts.forms import SignupForm, addresses_are_verified
from accounts.tokens.login import SIGNUP, count_request
from tms_site.lib.api.answers import answer
from tms_site.lib.api.errors import field_errors
from tms_site.lib.api.problems import Problem
from tms_site.lib.permissions import require

router = Router(tags=["Log-in"])

# What the form calls a field that the API calls otherwise.
NAMES = {"password1": "password"}


@router.post("/signup", auth=None, response={201: SignedUp}, summary="Make an account", url_name="sign_up")
def sign_up(request: HttpRequest, body: SignUp) -> HttpResponse:
    """Make a Requester's account. Where addresses are verified, a mail brings the link that opens it."""
    require(policies.can_sign_up())
    count_request(request, SIGNUP)
    form = SignupForm({"email": body.email, "password1": body.password, "username": body.username})
    if not form.is_valid():
        raise Problem(422, errors=field_errors(form, NAMES))
    user, _response = form.try_save(request)
    if user is not None and addresses_are_verified():
        send_verification_email_at_login(request, Login(user=user, email=user.email, signup=True))
    detail = _("Open the link in the mail that we have sent.") if addresses_are_verified() else _("You can log in now.")
    return answer(request, {"email": body.email, "detail": detail}, status=HTTPStatus.CREATED)
