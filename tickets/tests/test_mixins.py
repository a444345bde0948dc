"""Where a service's refusal is shown."""

import pytest
from django import forms
from django.core.exceptions import ValidationError

from tickets.mixins import attempt
from tms_site.lib.edits import EditConflict
from tms_site.lib.errors import ServiceError


class Form(forms.Form):
    title = forms.CharField()


def refused(error):
    form = Form({"title": "Ink"})

    def service():
        raise error

    assert attempt(form, service) is None
    return form.errors


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (ServiceError("No.", field="title"), {"title": ["No."]}),
        (ServiceError("No.", field="status"), {"__all__": ["No."]}),
        (ServiceError("No."), {"__all__": ["No."]}),
        (ValidationError({"title": "No."}), {"title": ["No."]}),
        (ValidationError({"requester": ["No.", "Never."]}), {"__all__": ["No.", "Never."]}),
        (ValidationError("No."), {"__all__": ["No."]}),
    ],
)
def test_a_refusal_stands_at_its_field_or_else_at_the_form(error, expected):
    assert refused(error) == expected


def test_a_form_with_mistakes_reaches_no_service():
    assert attempt(Form({"title": ""}), pytest.fail) is None


def test_what_a_service_returns_comes_back():
    assert attempt(Form({"title": "Ink"}), lambda: "done") == "done"


def test_a_conflict_is_for_people_to_settle():
    with pytest.raises(EditConflict):
        refused(EditConflict([], 2))
