"""The same code of a second factor from two sides at once, on whichever engine the suite runs."""

import pytest
from allauth.mfa.totp.internal.auth import TOTP

from accounts.services.second_factor import use_code
from accounts.tests.totp import SECRET, code_of
from tms_site.tests.test_concurrency import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def test_of_two_who_send_one_code_at_once_one_is_let_in(requester):
    TOTP.activate(requester, SECRET)
    code = code_of()
    assert sorted(at_once(*[lambda: use_code(requester, code)] * 4)) == [False, False, False, True]
