"""Each class in our stylesheets is one that a page uses: what nobody uses goes."""

import ast
import re

import pytest

from tickets.enums import Status
from tms_site.environment import BASE_DIR

WORD = re.compile(r"[A-Za-z_][\w-]*")
# Put together from a beginning and a value.
COMPOSED = {
    *(f"pill-{status}" for status in Status.values),
    *(f"avatar-{number}" for number in range(1, 6)),
    "is-resolved",  # tms_site/templatetags/rows.py, by the ticket's status
    "pill-bad",  # templates/tickets/ratings/_pill.html
    "mine-waiting",  # templates/tickets/mine/_card.html
    "alert-error",  # templates/includes/message.html, by a message's level
}
# Set by libraries, where we style what they make.
FOREIGN = {
    "inline-group": "Django's admin: rows of another table in a form",
    "nowrap": "Django's admin: dates and the like in a list",
    "sortable": "Django's admin: the head of a column",
    "field-assigned_agent": "Django's admin: a column is named after its field",
    "field-commented_by": "the same",
    "field-description": "the same",
    "field-requester": "the same",
    "field-title": "the same",
    "field-username": "the same",
}


def classes_of(sheet: str) -> set[str]:
    """Return the classes in the selectors of a stylesheet."""
    bare = re.sub(r'/\*.*?\*/|"[^"]*"', "", sheet, flags=re.DOTALL)
    return {
        name for selector in re.findall(r"([^{}]+)\{", bare) for name in re.findall(r"\.([A-Za-z_][\w-]*)", selector)
    }


def words_of_template(template: str) -> set[str]:
    """Return the words in a template's class attributes, in the arguments of its tags, and in its blocks of classes."""
    bare = re.sub(r"\{#.*?#\}|\{% comment %\}.*?\{% endcomment %\}", "", template, flags=re.DOTALL)
    tags = re.findall(r"\{%.*?%\}", bare, re.DOTALL)
    arguments = [text for tag in tags for text in re.findall(r"""(?:"[^"]*"|'[^']*')""", tag)]
    blocks = re.findall(r"\{% block \w*class\w* %\}(.*?)\{% endblock", bare)
    plain = re.sub(r"\{%.*?%\}", lambda tag: re.sub(r"[\"']", " ", tag[0]), bare, flags=re.DOTALL)
    attributes = re.findall(r'class="([^"]*)"', plain)
    return set(WORD.findall(" ".join([*arguments, *blocks, *attributes])))


def words_of_python(source: str) -> set[str]:
    """Return the words of a module's texts."""
    texts = [node.value for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Constant)]
    return set(WORD.findall(" ".join(text for text in texts if isinstance(text, str))))


def words_of_script(source: str) -> set[str]:
    """Return the words of a script's texts."""
    return set(WORD.findall(" ".join(re.findall(r'"[^"\n]*"|`[^`]*`', source))))


def used() -> set[str]:
    found = set()
    for path in (BASE_DIR / "templates").rglob("*.html"):
        found |= words_of_template(path.read_text())
    for path in (BASE_DIR / "static" / "js").rglob("*.js"):
        found |= words_of_script(path.read_text())
    for room in ("accounts", "activity", "tickets", "tms_site"):
        for path in (BASE_DIR / room).rglob("*.py"):
            if "tests" not in path.parts:
                found |= words_of_python(path.read_text())
    return found


def styled() -> set[str]:
    return set().union(*(classes_of(path.read_text()) for path in (BASE_DIR / "static" / "css").rglob("*.css")))


def test_every_class_that_has_a_style_is_used():
    assert len(styled()) > 200
    assert styled() - used() - COMPOSED - set(FOREIGN) == set()


def test_no_exception_is_kept_that_is_not_needed():
    assert COMPOSED | set(FOREIGN) <= styled() - used()


@pytest.mark.parametrize(
    "template",
    [
        '<p class="lead">',
        '<p class="{% if a == "b" %}lead{% endif %} wide">',
        '{% include "x.html" with kind="lead" %}',
        "{% block page_class %}lead{% endblock %}",
    ],
)
def test_a_class_of_a_template_is_found(template):
    assert "lead" in words_of_template(template)


@pytest.mark.parametrize("template", ["<p>lead</p>", '{# class="lead" #}', '{% comment %}"lead"{% endcomment %}'])
def test_what_is_no_class_is_passed_over(template):
    assert "lead" not in words_of_template(template)


def test_the_classes_of_a_stylesheet_are_found():
    rule = '.b > .c-d:not(.e) { background: url("x.f"); width: 0.5rem; }'
    sheet = f"/* .a {{}} */ {rule} @media (width < 1.5rem) {{ .g {{ top: 0; }} }}"
    assert classes_of(sheet) == {"b", "c-d", "e", "g"}
