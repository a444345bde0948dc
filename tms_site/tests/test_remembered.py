"""Parts of pages that are rendered once for each language and each set of arguments, and never with somebody's data."""

import pytest
from django.template import Context, Template
from django.utils.translation import override

from tms_site.templatetags.tms import remembered

TEMPLATE = "remembered.html"
SOURCE = "{% load i18n %}{{ name }} {{ request }}{{ user }}{% translate 'Close' %}"


@pytest.fixture
def templates(tmp_path, settings):
    """A folder of templates that only this test knows."""
    first = settings.TEMPLATES[0]
    settings.TEMPLATES = [first | {"DIRS": [tmp_path, *first["DIRS"]]}]
    (tmp_path / TEMPLATE).write_text(SOURCE)
    return tmp_path


def page(**context):
    source = "{% load tms %}{% remembered 'remembered.html' name=name %}"
    return Template(source).render(Context(context))


def test_a_part_is_rendered_once_for_its_arguments(templates):
    first = remembered(TEMPLATE, name="Jane")
    assert remembered(TEMPLATE, name="Jane") is first
    assert remembered(TEMPLATE, name="John").startswith("John")


def test_a_part_sees_nothing_of_the_page_around_it(templates):
    assert page(name="Jane", request="REQUEST", user="USER") == "Jane Close"


def test_what_is_remembered_is_escaped_like_any_template(templates):
    assert page(name="<b>") == "&lt;b&gt; Close"


def test_each_language_has_its_own(templates):
    assert "Close" in remembered(TEMPLATE, name="Jane")
    with override("de"):
        assert "Schließen" in remembered(TEMPLATE, name="Jane")


def test_while_one_works_on_templates_nothing_is_remembered(templates, settings):
    settings.DEBUG = True
    assert remembered(TEMPLATE, name="Jane").startswith("Jane")
    (templates / TEMPLATE).write_text("changed")
    settings.TEMPLATES = [*settings.TEMPLATES]  # the loaders read it anew
    assert remembered(TEMPLATE, name="Jane") == "changed"
