"""A request that is too big is read to its end, so that its sender gets to see the answer."""

import io
from types import SimpleNamespace

import pytest
from django.core.exceptions import RequestDataTooBig

from tms_site import views


@pytest.mark.django_db
@pytest.mark.parametrize(("size", "left"), [(100_000, 0), (views.SWALLOWED_MAX + 10, 10)])
def test_an_oversized_body_is_swallowed_up_to_a_limit(rf, size, left):
    body = io.BytesIO(b"x" * size)
    request = rf.get("/")
    request.META |= {"CONTENT_LENGTH": str(size), "wsgi.input": body}
    assert views.bad_request(request, RequestDataTooBig()).status_code == 413
    assert len(body.read()) == left


@pytest.mark.django_db
def test_a_sender_who_stops_half_way_is_not_waited_for(rf):
    request = rf.get("/")
    request.META |= {"CONTENT_LENGTH": "100", "wsgi.input": SimpleNamespace(read=lambda size: b"")}
    assert views.bad_request(request, RequestDataTooBig()).status_code == 413
