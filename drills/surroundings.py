"""What stands around TMS's processes: Redis, and nginx as docs/operations.md configures it."""

from __future__ import annotations

import os
import re
import shutil
import socket
import ssl
import time
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from benchmarks.servers import ROOT, free_port
from drills.processes import PAUSE, START_SECONDS, Process

NGINX_CONF = ROOT / "deploy" / "nginx.conf"
HOST = "tickets.example.com"


def program(name: str) -> str | None:
    """Return where a program is; Debian keeps servers where only root looks for them."""
    return shutil.which(name) or shutil.which(name, path="/usr/sbin")


class Service(Process):
    """A process that can be reached once it listens."""

    def wait(self, port: int) -> None:
        """Return once somebody listens on `port`; raises SystemExit when nobody does."""
        end = time.monotonic() + START_SECONDS
        while True:
            with closing(socket.socket()) as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    return
            if time.monotonic() > end or self._process.poll() is not None:
                raise SystemExit(f"{self._command[0]} doesn't start; {self._log} may say why.")
            time.sleep(PAUSE)


class Redis(Service):
    """A Redis that keeps nothing on the disk."""

    def __init__(self, folder: Path) -> None:
        port = free_port()
        options = ["--bind", "127.0.0.1", "--port", str(port), "--save", "", "--dir", str(folder)]
        super().__init__([program("redis-server") or "", *options], dict(os.environ), folder / "logs", "redis")
        self.wait(port)
        self.url = f"redis://127.0.0.1:{port}/0"


class Nginx(Service):
    """One nginx with a way in, deploy/nginx.conf, for each list of web servers.

    Args:
        folder: for its files.
        ways: the ports of the web servers that each way leads to.
    """

    def __init__(self, folder: Path, *ways: Sequence[int]) -> None:
        self._folder = folder / "nginx"
        self._folder.mkdir()
        self.certificate = self._folder / "fullchain.pem"
        _make_certificate(self._folder)
        self.ports = [free_port() for _way in ways]
        for number, (port, servers) in enumerate(zip(self.ports, ways, strict=True)):
            (self._folder / f"way-{number}.conf").write_text(self._way(number, port, servers))
        command = [program("nginx") or "", "-c", str(self._main()), "-e", str(self._folder / "error.log")]
        super().__init__(command, dict(os.environ), folder / "logs", "nginx")
        self.wait(self.ports[-1])

    def trust(self) -> ssl.SSLContext:
        """Return what a client needs to believe the certificate."""
        return ssl.create_default_context(cafile=self.certificate)

    def _way(self, number: int, port: int, servers: Sequence[int]) -> str:
        """Return the documented configuration with nothing changed but addresses and places."""
        text = NGINX_CONF.read_text()
        one = re.search(r"    server [\d.:]+( .*;\n)", text)
        if one is None:
            raise SystemExit(f"{NGINX_CONF} names no web server.")
        lines = "".join(f"    server 127.0.0.1:{each}{one[1]}" for each in servers)
        changes = (
            (r"(?:    server [\d.:]+ .*;\n)+", lines),
            (r"upstream tms \{", f"upstream tms_{number} {{"),
            (r"http://tms;", f"http://tms_{number};"),
            (r"listen 80;", f"listen 127.0.0.1:{free_port()};"),
            (r"listen 443 ssl;", f"listen 127.0.0.1:{port} ssl;"),
            (r"/etc/ssl/tms/fullchain\.pem", str(self.certificate)),
            (r"/etc/ssl/tms/privkey\.pem", str(self._folder / "privkey.pem")),
        )
        for pattern, value in changes:
            text, times = re.subn(pattern, value, text)
            if times != 1:
                raise SystemExit(f"{NGINX_CONF} has {pattern} {times} times.")
        return text

    def _main(self) -> Path:
        places = "".join(
            f"    {kind}_temp_path {self._folder / kind};\n"
            for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        user = "user root;\n" if os.geteuid() == 0 else ""
        file = self._folder / "nginx.conf"
        file.write_text(
            f"{user}daemon off;\npid {self._folder / 'pid'};\nevents {{}}\n"
            f"http {{\n    access_log off;\n{places}    include {self._folder}/way-*.conf;\n}}\n"
        )
        return file


def _make_certificate(folder: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    now = datetime.now(UTC)
    names = [x509.DNSName(HOST), x509.IPAddress(ip_address("127.0.0.1"))]
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "fullchain.pem").write_bytes(certificate.public_bytes(Encoding.PEM))
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / "privkey.pem").write_bytes(secret)
