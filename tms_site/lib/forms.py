"""What all forms that write have in common."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from tms_site.lib import unsent
from tms_site.lib.fields import TokenField, new_token


def with_values(data: Mapping[str, Any], **values: str) -> QueryDict:
    """Return a copy of what was sent, with other values in some of its fields."""
    changed = QueryDict(mutable=True)
    changed.update(data)
    for name, value in values.items():
        changed[name] = value
    return changed


def render_form(
    request: HttpRequest, template_name: str, context: Mapping[str, Any], status: int = 200
) -> HttpResponse:
    """Render a page with its form and its lists; what was typed before the session ended is in it again.

    For that, the page's template says within the form `{% made_for %}`.

    Args:
        request: the page that's asked for.
        template_name: the page.
        context: what the page shows, with its form as `form`.
        status: of the answer.
    """
    form = context["form"]
    unsent.put_back(request, form)
    if isinstance(form, SubmissionForm):
        form.offer_choices(request.user)
    return render(request, template_name, context, status=status)


class SubmissionForm(forms.Form):
    """A form that names its submission. A name that isn't one of ours is refused and replaced."""

    client_token = TokenField()

    def full_clean(self) -> None:
        """Check the form; give it a new name when the old one was wrong."""
        super().full_clean()
        if not self.is_bound:
            return
        if isinstance(self.data, QueryDict):
            self._refuse_lists(self.data)
        if "client_token" in self.errors:
            self.renew_token()

    def _refuse_lists(self, data: QueryDict) -> None:
        # Django would take the last of several values without a word.
        for name, field in self.fields.items():
            if len(data.getlist(name)) > 1 and not isinstance(field, forms.MultipleChoiceField):
                self.add_error(name, _("This was sent more than once. Check it and send it again."))

    def offer_choices(self, actor: Any) -> None:
        """Load what the form's lists offer to `actor`: only for a form that's shown, with all that stands in it."""

    def renew_token(self) -> None:
        """Make the next submission a new one."""
        self.data = with_values(self.data, client_token=new_token())
