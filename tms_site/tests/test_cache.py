"""The cache that all web servers share holds limits: nobody may push them out of it."""

import pytest
from django.core.cache import cache

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fresh_limits")]

# More than Django keeps in a table unless it's told otherwise.
MANY = 400


def test_what_is_not_over_stays_however_much_comes_after_it():
    cache.set("aaa", "a limit", 600)
    cache.set_many({f"other{number}": number for number in range(MANY)}, 600)
    assert cache.get("aaa") == "a limit"
