"""`make run`, first half: what needs nothing installed. The second half is `scripts.serve`, inside .venv."""

import os
import socket
import time

from scripts import env_file
from scripts.console import STOPPED, fail, say
from scripts.install import PYTHON, ROOT, install

EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104 - recognised so that we can warn, not bound
PATIENCE_SECONDS = 3
HIGHEST_PORT = 65535


def main() -> None:
    """Install, configure, then become the server."""
    os.chdir(ROOT)
    host = env_file.setting("HOST", "127.0.0.1").strip("[]")
    port = port_number(env_file.setting("PORT", "8000"))
    require_free(host, port)
    if env_file.ensure_local():
        say(f"Wrote {env_file.path()} with a new SECRET_KEY.")
    install(*wanted_packages())
    os.environ.update(HOST=host, PORT=str(port))
    announce_hosts(host, port)
    # The same process goes on as the server, so that Ctrl-C and signals reach it directly.
    os.execv(PYTHON, [str(PYTHON), "-m", "scripts.serve"])


def port_number(text: str) -> int:
    """Return the port that `text` names, or stop with one clear line."""
    if text.isascii() and text.isdigit() and len(text) <= len(str(HIGHEST_PORT)) and 1 <= int(text) <= HIGHEST_PORT:
        return int(text)
    return fail(f"PORT is {text[:20]!r}; it takes a number from 1 to {HIGHEST_PORT}.")


def require_free(host: str, port: int) -> None:
    """Stop with one clear line unless a server can listen there.

    A server that was just killed may hold its port for a moment, so a taken port is tried again for some seconds.
    """
    deadline = time.monotonic() + PATIENCE_SECONDS
    while problem := _listening_problem(host, port):
        if time.monotonic() > deadline:
            fail(problem)
        time.sleep(0.2)


def _listening_problem(host: str, port: int) -> str:
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except OSError:
        return f"HOST is {host!r}, which is no address of this machine."
    try:
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except PermissionError:
        return f"Port {port} needs more rights than this account has. Choose one above 1023: make run PORT=8000"
    except OSError as error:
        if error.strerror and "in use" in error.strerror:
            return f"Port {port} on {host} is taken by another program. Choose another: make run PORT={port + 1}"
        return f"TMS can't listen on {host}, port {port}: {error.strerror}."
    return ""


def wanted_packages() -> list[str]:
    """Return the requirements files that the configuration calls for."""
    scheme = env_file.setting("DATABASE_URL").partition(":")[0]
    server = scheme in {"mysql", "mysql2", "mariadb"} or bool(env_file.setting("RDS_HOSTNAME"))
    return ["base", "mysql"] if server or env_file.setting("REDIS_URL") else ["base"]


def announce_hosts(host: str, port: int) -> None:
    """Let the site answer to the address that it is served on, besides those of the configuration."""
    allowed = [name for name in env_file.setting("ALLOWED_HOSTS").split(",") if name.strip()]
    shown = socket.gethostname() if host in EVERYWHERE else host
    names = {f"[{host}]" if ":" in host else host} if host not in EVERYWHERE else _own_names()
    os.environ["ALLOWED_HOSTS"] = ",".join([*allowed, *sorted(names - set(allowed))])
    if not env_file.setting("BASE_URL"):
        os.environ["BASE_URL"] = f"http://{f'[{shown}]' if ':' in shown else shown}:{port}"
    if host in EVERYWHERE:
        say("Warning: other machines can reach this server, and its demo accounts have well-known passwords.")


def _own_names() -> set[str]:
    name = socket.gethostname()
    try:
        addresses = {str(entry[4][0]) for entry in socket.getaddrinfo(name, None)}
    except OSError:
        addresses = set()
    return {name, socket.getfqdn()} | {f"[{a}]" if ":" in a else a for a in addresses if "%" not in a}


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        fail(STOPPED)
