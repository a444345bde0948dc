"""Status and priority as pills."""

import pytest
from django.utils import translation

from tickets.enums import Priority, Status
from tms_site.templatetags.pills import priority_pill, status_pill


@pytest.mark.parametrize("status", Status.values)
def test_a_status_is_told_by_an_icon_and_a_word(status):
    html = status_pill(status)
    assert html.startswith(f'<span class="pill pill-{status}"><svg')
    assert html.endswith(f"</svg>{Status(status).label}</span>")


@pytest.mark.parametrize("priority", Priority.values)
def test_a_priority_is_told_by_an_icon_and_a_word(priority):
    html = priority_pill(priority)
    assert html.startswith(f'<span class="pill priority priority-{priority}"><svg')
    assert html.endswith(f"</svg>{Priority(priority).label}</span>")


def test_a_pill_speaks_the_language_of_the_page():
    with translation.override("de"):
        german = status_pill("open")
    with translation.override("en"):
        assert status_pill("open") is not german


def test_what_is_no_status_has_no_pill():
    with pytest.raises(ValueError, match="closed"):
        status_pill("closed")
