"""A request that is too big is read to its end, so that its sender gets to see the answer."""

from types import SimpleNamespace

import pytest
from django.core.exceptions import RequestDataTooBig

from tms_site import views

pytestmark = pytest.mark.django_db
LIMIT = 200_000


def sending(rf, size, read):
    """Return a request whose sender announces `size` bytes."""
    stream = SimpleNamespace(read=read, readline=read)
    return rf.generic("POST", "/", b"", "text/plain", **{"CONTENT_LENGTH": str(size), "wsgi.input": stream})


@pytest.mark.parametrize(("size", "swallowed"), [(100_000, 100_000), (LIMIT + 10, LIMIT)])
def test_an_oversized_body_is_swallowed_up_to_a_limit(rf, size, swallowed, monkeypatch):
    monkeypatch.setattr(views, "SWALLOWED_MAX", LIMIT)
    sizes = []

    def read(wanted):
        sizes.append(wanted)
        return b"x" * wanted

    assert views.bad_request(sending(rf, size, read), RequestDataTooBig()).status_code == 413
    assert sum(sizes) == swallowed
    assert max(sizes) <= views.CHUNK


def test_a_sender_who_stops_half_way_is_not_waited_for(rf):
    assert views.bad_request(sending(rf, 100, lambda _size: b""), RequestDataTooBig()).status_code == 413


def test_a_sender_who_goes_away_gets_no_error_of_ours(rf):
    def read(_size):
        raise ConnectionResetError

    assert views.bad_request(sending(rf, 100, read), RequestDataTooBig()).status_code == 413
