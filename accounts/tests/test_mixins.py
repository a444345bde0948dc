"""Views that ask a policy before anything else."""

import pytest
from django.http import HttpResponse

from accounts import policies
from accounts.enums import Role
from accounts.mixins import RoleRequiredMixin
from accounts.models import User
from tms_site.lib.permissions import PermissionDeniedError


class People(RoleRequiredMixin):
    required = policies.can_list_users

    def get(self, request):
        return HttpResponse("everybody")


def visit(rf, role):
    request = rf.get("/")
    request.user = User(pk=1, role=role)
    return People.as_view()(request)


def test_the_right_role_gets_the_page(rf):
    assert visit(rf, Role.SYSADMIN).content == b"everybody"


@pytest.mark.parametrize("role", [Role.REQUESTER, Role.AGENT])
def test_another_role_is_refused_with_the_reason(rf, role):
    with pytest.raises(PermissionDeniedError) as caught:
        visit(rf, role)
    assert str(caught.value.reason) == "Only SysAdmins can do that."
