"""A field that was left empty is told what to enter, not only that it is required."""

import pytest

from tms_site.tests.forms import FORMS, send
from tms_site.tests.house import rows

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fresh_limits")]


@pytest.mark.parametrize("form", FORMS)
def test_an_empty_form_says_what_to_enter_in_each_field(world, form):
    person, path, fields = FORMS[form]
    client, path, fields, before = world.client(person), world.path(path), world.data(fields), rows()
    response = send(client, path, fields, **dict.fromkeys(fields, ""))
    # Every page brings the script's own words along.
    page = response.content.decode().replace('data-required="This field is required."', "")
    assert "This field is required." not in page
    if response.status_code != 302:
        assert rows() == before
