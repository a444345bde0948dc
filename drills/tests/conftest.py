"""TMS on two machines, so to speak: two web servers behind nginx, one database, one Redis, one folder of files."""

import shutil
from contextlib import ExitStack
from types import SimpleNamespace

import httpx
import pytest
from django.db import connection

from accounts.factories import PASSWORD, UserFactory
from drills.processes import Tms
from drills.surroundings import HOST, Nginx, Redis
from tickets.factories import TicketFactory

ORIGIN = f"https://{HOST}"


def address_of_database():
    values = connection.settings_dict
    account = f"{values['USER']}:{values['PASSWORD']}" if values["PASSWORD"] else values["USER"]
    return f"mysql://{account}@{values['HOST']}:{values['PORT'] or 3306}/{values['NAME']}"


def make_people():
    people = {
        "jane": UserFactory(requester=True, email="jane.doe@example.com", username="Jane Doe"),
        "john": UserFactory(agent=True, email="john.smith@example.com", username="John Smith"),
        "alex": UserFactory(agent=True, email="alex.johnson@example.com", username="Alex Johnson"),
    }
    return SimpleNamespace(**people, ticket=TicketFactory(requester=people["jane"]).pk)


class Visitor:
    """A browser at an address of its own, which comes in by one of nginx's ways."""

    _last = 0

    def __init__(self, site):
        Visitor._last += 1
        transport = httpx.HTTPTransport(verify=site.trust, local_address=f"127.0.1.{Visitor._last}")
        # For everybody but the visitor the site has its documented name.
        self._client = httpx.Client(transport=transport, headers={"Host": HOST, "Origin": ORIGIN}, timeout=60)

    def get(self, way, path, **kwargs):
        return self._client.get(f"https://127.0.0.1:{way}{path}", **kwargs)

    def post(self, way, path, values, **kwargs):
        headers = {"X-CSRFToken": self._client.cookies["__Host-csrf"], **kwargs.pop("headers", {})}
        return self._client.post(f"https://127.0.0.1:{way}{path}", data=values, headers=headers, **kwargs)

    def try_password(self, way, email, password, **kwargs):
        if "__Host-csrf" not in self._client.cookies:
            self.get(way, "/accounts/login/")
        return self.post(way, "/accounts/login/", {"login": email, "password": password}, **kwargs)

    def log_in(self, way, user):
        assert self.try_password(way, user.email, PASSWORD).status_code == 302
        return self

    def is_logged_in(self, way):
        return self.get(way, "/accounts/profile/").status_code == 200

    def close(self):
        self._client.close()


@pytest.fixture(scope="module")
def site(lasting, tmp_path_factory):
    """Two web servers, `first` and `second`, each with a way in of its own, and the `way` that leads to both."""
    folder = tmp_path_factory.mktemp("site")
    with ExitStack() as ends:
        ends.callback(shutil.rmtree, folder, ignore_errors=True)
        with lasting():
            people = make_people()
        redis = Redis(folder)
        ends.callback(redis.stop)
        variables = {"REDIS_URL": redis.url, "TMS_HTTPS": "1", "TRUSTED_PROXIES": "127.0.0.1"}
        tms = Tms(address_of_database(), folder, **variables)
        ends.callback(tms.stop)
        first, second = tms.web(workers=1), tms.web(workers=1)
        nginx = Nginx(folder, [first.port], [second.port], [first.port, second.port])
        ends.callback(nginx.stop)
        first.wait()
        second.wait()
        a, b, both = nginx.ports
        yield SimpleNamespace(people=people, first=first, second=second, a=a, b=b, both=both, trust=nginx.trust())


@pytest.fixture
def visitor(site):
    """Make visitors, whose connections end with the test."""
    with ExitStack() as ends:

        def make():
            one = Visitor(site)
            ends.callback(one.close)
            return one

        yield make
