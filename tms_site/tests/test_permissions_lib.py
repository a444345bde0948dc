"""Decisions: true or false, and why not."""

import pytest
from django.core.exceptions import PermissionDenied

from tms_site.lib.errors import ServiceError
from tms_site.lib.permissions import ALLOWED, Allowed, Denied, PermissionDeniedError, require


def test_a_decision_is_a_condition():
    assert Allowed()
    assert not Denied("because")
    assert Denied("because").reason == "because"


def test_a_decision_cannot_be_changed_afterwards():
    with pytest.raises(AttributeError):
        Denied("because").reason = "otherwise"


def test_an_allowed_action_goes_on():
    require(ALLOWED)


def test_a_refused_action_stops_with_the_reason_as_djangos_403():
    with pytest.raises(PermissionDenied) as refused:
        require(Denied("Only SysAdmins can do that."))
    assert isinstance(refused.value, PermissionDeniedError)
    assert refused.value.reason == "Only SysAdmins can do that."


def test_a_service_error_reads_as_its_message_and_knows_its_field():
    error = ServiceError("No such agent.", field="assigned_agent")
    assert (str(error), error.field) == ("No such agent.", "assigned_agent")
    assert ServiceError("Nothing").field is None
