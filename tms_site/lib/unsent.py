"""What somebody sent after their session had ended: kept in the session until they have logged in again.

A form says, signed, which form it is and whom it was made for. So only what people who were logged in wrote is kept,
and it's given to nobody else who logs in at the same computer. Files aren't kept: no page can put them into a form.
"""

from __future__ import annotations

from typing import Final

from django import forms
from django.contrib import messages
from django.core import signing
from django.http import HttpRequest
from django.utils.translation import gettext

FIELD: Final = "made_for"
SESSION_KEY: Final = "unsent"
# In the address of the log-in page and in its form: what was sent before is not kept.
UNSAVED: Final = "unsaved"
# A session is read with each request: of the longest texts one fits, and of others those of a few tabs.
MOST_CHARACTERS: Final = 150_000
MOST_FORMS: Final = 5
# Long enough for a lunch; after the log-in the session lasts as others do.
SECONDS: Final = 14_400

_signer = signing.Signer(salt="tms.unsent")


def name_of(form: str, user_id: int | None) -> str:
    """Return what the hidden field of a form holds, such as `comment/7` for the user 3."""
    return _signer.sign(f"{user_id}/{form}")


def keep(request: HttpRequest) -> bool:
    """Keep what a visitor who isn't logged in any more has sent; tells whether it's kept."""
    try:
        name = _signer.unsign(request.POST.get(FIELD, ""))
    except signing.BadSignature:
        return False
    values = {field: str(value) for field, value in request.POST.items() if field not in {FIELD, "csrfmiddlewaretoken"}}
    kept = {**request.session.get(SESSION_KEY, {}), name: values}
    if len(kept) > MOST_FORMS or _size(kept) > MOST_CHARACTERS:
        return False
    request.session[SESSION_KEY] = kept
    request.session.set_expiry(SECONDS)
    return True


def _size(kept: dict[str, dict[str, str]]) -> int:
    return sum(len(value) for values in kept.values() for value in values.values())


def forget_others(request: HttpRequest, user_id: int) -> None:
    """Forget what others have written at this computer, as somebody logs in."""
    kept = request.session.get(SESSION_KEY)
    if kept is not None:
        request.session[SESSION_KEY] = {name: kept[name] for name in kept if name.startswith(f"{user_id}/")}


def put_back(request: HttpRequest, form: forms.Form, name: str) -> None:
    """Put into a form that's shown what its author had sent before they logged in again, and say so; once.

    Args:
        request: whose session may have it.
        form: the form; what isn't one of its fields is left out.
        name: which form it is, as in `name_of`.
    """
    kept = request.session.get(SESSION_KEY, {})
    values = kept.pop(f"{request.user.pk}/{name}", None)
    if values is None:
        return
    request.session[SESSION_KEY] = kept
    # With the version and the name of the submission: what others did meanwhile is noticed when it's sent again.
    form.initial.update({field: value for field, value in values.items() if field in form.fields})
    messages.info(request, gettext("We kept what you had typed. It isn't sent yet."))
