"""The project's own PostgreSQL cluster: loopback only, never run as root.

``DATABASE_URL`` (``postgresql://user:password@host:port``) brings another server.
"""

import json
import os
import pwd
import secrets
import shutil
import subprocess
import tempfile
import urllib.parse
from dataclasses import asdict, dataclass
from pathlib import Path

from .paths import LOCAL, PRODUCT
from .ports import free_port
from .steps import CannotGoOn, apt_install, done, run, step

RECORD = LOCAL / "postgres.json"
REMEDY = "Install the package 'postgresql', or set DATABASE_URL to your own server."
# The cluster holds nothing that cannot be made again: speed before durability.
OPTIONS = (
    "-c listen_addresses=127.0.0.1 -c unix_socket_directories='' "
    "-c fsync=off -c synchronous_commit=off -c full_page_writes=off "
    "-c shared_buffers=512MB -c max_connections=200 -c max_locks_per_transaction=512"
)


@dataclass
class Server:
    """How to reach the server; ``data`` is empty for a server of the user's own.

    ``started`` tells whether this process has started it, and so may stop it.
    """

    host: str
    port: int
    user: str
    password: str
    data: str = ""
    started: bool = False

    def environment(self) -> dict[str, str]:
        """The variables that PostgreSQL's own clients read."""
        return {
            **os.environ,
            "PGHOST": self.host,
            "PGPORT": str(self.port),
            "PGUSER": self.user,
            "PGPASSWORD": self.password,
        }


def start() -> Server:
    """Return a running server, making and starting the cluster where needed."""
    url = os.environ.get("DATABASE_URL")
    if url:
        return from_url(url)
    server = load() or create()
    if status(server):
        done(f"PostgreSQL on 127.0.0.1:{server.port}")
        return server
    with step("PostgreSQL: starting"):
        server.port = free_port(server.port)
        save(server)
        log = Path(server.data).parent / "postgres.log"
        options = f"-p {server.port} {OPTIONS}"
        control(server, "start", "-w", "-l", str(log), "-o", options)
    server.started = True
    return server


def restart(server: Server, mode: str = "fast") -> None:
    """Restart the cluster under its sessions; ``immediate`` is a crash."""
    if not server.data:
        raise CannotGoOn("A server of DATABASE_URL is not ours to restart.")
    log = Path(server.data).parent / "postgres.log"
    control(server, "restart", "-w", "-m", mode, "-l", str(log))


def stop() -> None:
    """Stop the cluster, if it is ours and runs."""
    server = load()
    if server and status(server):
        with step("PostgreSQL: stopping"):
            control(server, "stop", "-m", "fast")


def remove() -> None:
    """Stop the cluster and delete its data, wherever they lie."""
    stop()
    server = load()
    if server:
        shutil.rmtree(Path(server.data).parent, ignore_errors=True)


def load() -> Server | None:
    """The cluster that an earlier start has made."""
    if not RECORD.exists():
        return None
    server = Server(**json.loads(RECORD.read_text()))
    return server if Path(server.data).exists() else None


def save(server: Server) -> None:
    """Remember the cluster; the file holds its password."""
    LOCAL.mkdir(exist_ok=True)
    RECORD.touch(mode=0o600)
    RECORD.write_text(json.dumps({**asdict(server), "started": False}))


def from_url(url: str) -> Server:
    """Parse ``DATABASE_URL``; the database's name in it is not used."""
    parts = urllib.parse.urlsplit(url)
    if not (parts.hostname and parts.username):
        raise CannotGoOn("DATABASE_URL must look like postgresql://user:pass@host:5432")
    password = urllib.parse.unquote(parts.password or "")
    return Server(parts.hostname, parts.port or 5432, parts.username, password)


def create() -> Server:
    """Make the cluster with a random password for the role ``odoo``."""
    binaries()
    server = Server("127.0.0.1", 5440, "odoo", secrets.token_urlsafe(18))
    with step("PostgreSQL: making the project's cluster"):
        home = cluster_home()
        server.data = str(home / "data")
        with tempfile.NamedTemporaryFile("w", dir=home, delete=False) as secret:
            secret.write(server.password)
        give(Path(secret.name))
        command = [f"{binaries()}/initdb", "-D", server.data, "-U", server.user]
        command += ["--auth=scram-sha-256", f"--pwfile={secret.name}"]
        command += ["-E", "UTF8", "--locale=C.UTF-8"]
        run([*owner_prefix(), *command], REMEDY, cwd=home)
        Path(secret.name).unlink()
        save(server)
    return server


def cluster_home() -> Path:
    """A folder that the cluster's owner can reach: ``.local`` wherever possible."""
    home = LOCAL / "postgres"
    home.mkdir(parents=True, exist_ok=True)
    give(home)
    if subprocess.run([*owner_prefix(), "test", "-w", str(home)]).returncode == 0:
        return home
    # A checkout below a private home folder: PostgreSQL's user cannot enter it.
    home = Path(tempfile.mkdtemp(prefix=f"{PRODUCT}-", dir="/var/tmp"))
    give(home)
    return home


def owner_prefix() -> list[str]:
    """PostgreSQL refuses root, so root runs it as another user."""
    if os.geteuid() != 0:
        return []
    try:
        pwd.getpwnam("postgres")
    except KeyError:
        run(["useradd", "--system", "--no-create-home", "postgres"], REMEDY)
    return ["runuser", "-u", "postgres", "--"]


def give(path: Path) -> None:
    """Hand a file to the cluster's owner."""
    if os.geteuid() == 0:
        owner_prefix()
        shutil.chown(path, "postgres")


def binaries() -> str:
    """The folder with ``initdb`` and ``pg_ctl``, installed where missing."""
    found = find_binaries()
    if not found:
        with step("PostgreSQL: installing"):
            apt_install(["postgresql"], REMEDY)
        found = find_binaries()
    if not found:
        raise CannotGoOn(REMEDY)
    return found


def find_binaries() -> str | None:
    """The newest PostgreSQL of the machine."""

    def version(path: Path) -> float:
        return float(path.parent.parent.name)

    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=version)
    found = shutil.which("initdb") or (debian and debian[-1])
    return str(Path(found).parent) if found else None


def control(server: Server, *arguments: str) -> None:
    """Call ``pg_ctl`` for the cluster."""
    command = [*owner_prefix(), f"{binaries()}/pg_ctl", "-D", server.data, *arguments]
    # The daemon keeps its standard output open: read from a file, not from a pipe.
    with tempfile.TemporaryFile() as output:
        result = subprocess.run(
            command, stdout=output, stderr=subprocess.STDOUT, cwd="/"
        )
        output.seek(0)
        if result.returncode:
            raise CannotGoOn(f"pg_ctl: {output.read().decode()[-800:]}\n{REMEDY}")


def status(server: Server) -> bool:
    """Tell whether the cluster runs."""
    command = [f"{binaries()}/pg_ctl", "-D", server.data, "status"]
    result = subprocess.run([*owner_prefix(), *command], capture_output=True, cwd="/")
    return result.returncode == 0
