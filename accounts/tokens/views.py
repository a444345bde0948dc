"""Personal access tokens on one's profile: making, listing and revoking them."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods

from accounts.actors import request_user
from accounts.tokens import services
from accounts.tokens.forms import PersonalTokenForm
from accounts.tokens.models import PersonalToken
from accounts.tokens.services import Made
from tms_site.lib.errors import ServiceError
from tms_site.lib.forms import render_form
from tms_site.lib.once import once

UNPROCESSABLE = 422


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_variables("made")
def tokens(request: HttpRequest) -> HttpResponse:
    """Show one's tokens and the form for another. A new one is shown in the answer to the form, and never again."""
    if request.method != "POST":
        return _page(request, PersonalTokenForm())
    form = PersonalTokenForm(request.POST)
    made = _make(request, form)
    if made is None:
        return _page(request, form, status=UNPROCESSABLE)
    if made.secret:
        return _page(request, PersonalTokenForm(), made=made)
    messages.info(request, gettext("This token exists already. It was shown once, when it was made."))
    return redirect("account_tokens")


def _make(request: HttpRequest, form: PersonalTokenForm) -> Made | None:
    if not form.is_valid():
        return None
    try:
        return services.create_personal_token(actor=request_user(request), **form.cleaned_data)
    except ServiceError as error:
        form.add_error(error.field if error.field in form.fields else None, str(error))
    except ValidationError as error:
        form.add_error(None, error)
    return None


@require_http_methods(["GET", "HEAD", "POST"])
@once("account_tokens")
def revoke(request: HttpRequest, token_id: int) -> HttpResponse:
    """Ask, then revoke; 404 for a token that is somebody else's, or none."""
    actor = request_user(request)
    token = PersonalToken.objects.visible_to(actor).filter(pk=token_id).first()
    if token is None:
        raise Http404
    if request.method != "POST":
        return render(request, "accounts/token_revoke.html", {"token": token})
    services.revoke_personal_token(actor=actor, token_id=token_id)
    messages.success(request, gettext("The token “%(name)s” is revoked.") % {"name": token.name})
    return redirect("account_tokens")


def _page(
    request: HttpRequest, form: PersonalTokenForm, *, made: Made | None = None, status: int = 200
) -> HttpResponse:
    own = PersonalToken.objects.visible_to(request_user(request)).order_by("-pk")
    return render_form(request, "accounts/tokens.html", {"form": form, "tokens": own, "made": made}, status=status)
