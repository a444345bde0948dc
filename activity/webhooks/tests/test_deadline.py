"""Who answers slowly is listened to until one deadline, however often a little comes."""

import socket
import ssl
import threading
from datetime import timedelta
from http.client import parse_headers
from ipaddress import ip_address
from time import monotonic

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.utils import timezone

from activity.webhooks import guard, sending
from activity.webhooks.factories import WebhookFactory
from activity.webhooks.models import WebhookDelivery
from activity.webhooks.services import send_ping

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("inside_is_allowed")]

# After so many drops the answer is whole: who listens that long takes it for one.
DROPS = 100
PAUSE = 0.02
# How long a server waits for somebody to come.
PATIENCE = 10


class Dripping:
    """Answers on a socket: a beginning at once, then drop by drop, then an end. Sets `hung_up` if nobody listens."""

    def __init__(self, beginning, end, context=None, pause=PAUSE):
        self.beginning, self.end, self.context, self.pause = beginning, end, context, pause
        self.hung_up = threading.Event()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.listener.settimeout(PATIENCE)
        self.port = self.listener.getsockname()[1]
        self.thread = threading.Thread(target=self.answer)
        self.thread.start()

    def answer(self):
        try:
            connection, _address = self.listener.accept()
            if self.context is not None:
                connection = self.context.wrap_socket(connection, server_side=True)
            with connection:
                self.read_request(connection)
                connection.sendall(self.beginning)
                for _drop in range(DROPS):
                    self.hung_up.wait(self.pause)
                    connection.sendall(b"x")
                connection.sendall(self.end)
        except OSError:
            self.hung_up.set()

    @staticmethod
    def read_request(connection):
        """Read all of it: who hangs up with something unread takes the answer back."""
        with connection.makefile("rb") as stream:
            stream.readline()
            stream.read(int(parse_headers(stream)["Content-Length"]))


@pytest.fixture
def drip():
    """Begin to answer in drops."""
    running = []

    def begin(*args, **kwargs):
        running.append(Dripping(*args, **kwargs))
        return running[-1]

    yield begin
    for each in running:
        each.listener.close()
        each.thread.join()


@pytest.fixture
def trusted(tmp_path, monkeypatch):
    """What a server has that proves to be 127.0.0.1."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test")])
    now = timezone.now()
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path / "server.pem"
    path.write_bytes(
        certificate.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context


def delivery_to(url, sysadmin):
    send_ping(actor=sysadmin, webhook_id=WebhookFactory(url=url).pk)
    return WebhookDelivery.objects.select_related("webhook").get()


HEAD = b"HTTP/1.1 200 OK\r\nX-Drops: "
BODY = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % DROPS


@pytest.mark.parametrize(("beginning", "end"), [(HEAD, b"\r\nContent-Length: 0\r\n\r\n"), (BODY, b"")])
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_an_answer_in_drops_is_cut_off_at_the_deadline(scheme, beginning, end, drip, trusted, sysadmin, monkeypatch):
    server = drip(beginning, end, context=trusted if scheme == "https" else None)
    delivery = delivery_to(f"{scheme}://127.0.0.1:{server.port}/hook", sysadmin)
    monkeypatch.setattr(sending, "TIMEOUT_SECONDS", 0.3)
    outcome = sending.send(delivery, timezone.now())
    assert outcome.status is None
    assert "There was no answer within" in outcome.answer
    server.thread.join()
    assert server.hung_up.is_set()


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_an_answer_in_drops_that_is_there_in_time_is_one(scheme, drip, trusted, sysadmin):
    server = drip(BODY, b"", context=trusted if scheme == "https" else None, pause=0)
    delivery = delivery_to(f"{scheme}://127.0.0.1:{server.port}/hook", sysadmin)
    outcome = sending.send(delivery, timezone.now())
    assert (outcome.status, outcome.answer) == (200, "x" * DROPS)


def test_a_server_that_never_begins_with_tls_is_not_waited_for_longer(sysadmin, monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        delivery = delivery_to(f"https://127.0.0.1:{silent.getsockname()[1]}/hook", sysadmin)
        monkeypatch.setattr(sending, "TIMEOUT_SECONDS", 0.3)
        assert "There was no answer within" in sending.send(delivery, timezone.now()).answer


def test_after_the_deadline_nothing_is_tried():
    with socket.create_server(("127.0.0.1", 0)) as listener, pytest.raises(TimeoutError):
        guard.connect("127.0.0.1", listener.getsockname()[1], monotonic() - 1)


def test_of_many_addresses_a_few_are_tried(monkeypatch):
    closed = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (f"127.0.0.{last}", 1)) for last in range(1, 100)]
    with socket.create_server(("127.0.0.1", 0)) as listener:
        there = (socket.AF_INET, socket.SOCK_STREAM, 6, "", listener.getsockname())
        for before, is_reached in ((guard.ADDRESSES_TRIED - 1, True), (guard.ADDRESSES_TRIED, False)):
            found = [*closed[:before], there]
            monkeypatch.setattr(socket, "getaddrinfo", lambda *args, found=found, **kwargs: found)
            if is_reached:
                guard.connect("many.example", 1, monotonic() + 5).close()
                continue
            with pytest.raises(guard.Unreachable, match="Nothing answers"):
                guard.connect("many.example", 1, monotonic() + 5)
