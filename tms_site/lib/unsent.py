"""What somebody sent after their session had ended: kept in the session until they have logged in again.

A form says, signed, on which page it belongs and whom it was made for. So only what people who were logged in wrote is
kept, and it's given to nobody else who logs in at the same computer. After the log-in that page shows its form with it;
nothing is done by itself. Passwords aren't kept, nor are files: no page can put them into a form.
"""

from __future__ import annotations

import re
from typing import Final

from django import forms
from django.contrib import messages
from django.core import signing
from django.http import HttpRequest
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext

from tms_site.lib.edits import CHOICE, THEIRS

FIELD: Final = "made_for"
SESSION_KEY: Final = "unsent_forms"
# In the address of the log-in page and in its form: what was sent before is not kept.
UNSAVED: Final = "unsaved"
# A session is read with each request: of the longest texts one fits, and of others those of a few tabs.
MOST_CHARACTERS: Final = 150_000
MOST_FORMS: Final = 5
# Long enough for a lunch; after the log-in the session lasts as others do.
SECONDS: Final = 14_400
# What a field is called that nobody but its owner may know, besides the one that's new with each page.
SECRET: Final = re.compile(rf"password|secret|csrf|^{FIELD}$")
# Where the names of files stand that came along: no field is called so.
FILES: Final = "+files"

# Not the salt of forms that didn't name their page yet: those that are still open are refused rather than misread.
_signer = signing.Signer(salt="tms.unsent.page")

Values = dict[str, list[str]]


def name_of(path: str, user_id: int | None) -> str:
    """Return what the hidden field of a form holds.

    Args:
        path: of the page that shows the form and can put what was sent into it, such as `/tickets/7/`; where the page
            has several forms, with the place of this one, such as `/tickets/7/#quick-form`.
        user_id: whom the form was made for.
    """
    return _signer.sign(f"{user_id}{path}")


def keep(request: HttpRequest) -> str:
    """Keep what a visitor who isn't logged in any more has sent.

    Returns:
        the path of the page that will put it into its form; nothing if it isn't kept.
    """
    try:
        name = _signer.unsign(request.POST.get(FIELD, ""))
    except signing.BadSignature:
        return ""
    kept = {**request.session.get(SESSION_KEY, {}), name: _values_of(request)}
    if len(kept) > MOST_FORMS or _size(kept) > MOST_CHARACTERS:
        return ""
    request.session[SESSION_KEY] = kept
    request.session.set_expiry(SECONDS)
    return name[name.index("/") :]


def _values_of(request: HttpRequest) -> Values:
    values = {field: [str(text) for text in texts] for field, texts in request.POST.lists() if not SECRET.search(field)}
    return values | {FILES: [str(file.name) for _field, files in request.FILES.lists() for file in files]}


def _size(kept: dict[str, Values]) -> int:
    return sum(len(text) for values in kept.values() for texts in values.values() for text in texts)


def forget_others(request: HttpRequest, user_id: int) -> None:
    """Forget what others have written at this computer, as somebody logs in."""
    kept = request.session.get(SESSION_KEY)
    if kept is not None:
        request.session[SESSION_KEY] = {name: kept[name] for name in kept if name.startswith(f"{user_id}/")}


def put_back(request: HttpRequest, form: forms.BaseForm, place: str = "") -> bool:
    """Put into the form of a page what its author had sent before they logged in again, and say so; once.

    Args:
        request: the page that's asked for, by whose session may have it.
        form: the page's form. One that was sent just now stays as it is; what isn't one of its fields is left out.
        place: where on the page it stands, if the form says so: it's one of choices then, beside one of text.

    Returns:
        whether there was anything.
    """
    if form.is_bound:
        return False
    kept = request.session.get(SESSION_KEY, {})
    name = f"{request.user.pk}{request.path}{place}"
    if name not in kept:
        return False
    values: Values = kept[name]
    request.session[SESSION_KEY] = {other: kept[other] for other in kept if other != name}
    _fill(form, MultiValueDict(values))
    chosen = gettext("We kept what you had chosen. It isn't saved yet.")
    messages.info(request, chosen if place else gettext("We kept what you had typed. It isn't sent yet."))
    if values.get(FILES):
        messages.warning(request, gettext("Files can't be kept: please add them again."))
    return True


def _fill(form: forms.BaseForm, data: MultiValueDict[str, str]) -> None:
    """Let the form begin with what was sent, a box that was left unticked included.

    With the version and the name of the submission: what others did meanwhile is noticed when it's sent again. Where
    their value was chosen on the page of a conflict, it stands there already.
    """
    for name, field in form.fields.items():
        sent_as = form.add_prefix(name)
        is_theirs = data.get(f"{CHOICE}{sent_as}") == THEIRS
        if not is_theirs and not field.widget.value_omitted_from_data(data, MultiValueDict(), sent_as):
            form.initial[name] = field.widget.value_from_datadict(data, MultiValueDict(), sent_as)
