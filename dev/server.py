"""Odoo on the project's cluster: its configuration, its databases, its process."""

import configparser
import os
import signal
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

from . import odoo_source, ports, postgres
from .paths import LOCAL, ROOT, STAND_INS, VENV
from .steps import CannotGoOn, run

# Sum of running jobs below the workers, root above the campaign channel: design 5.
CHANNELS_THREADED = (
    "root:4,root.sms:4,root.sms.send:2,root.sms.now:1,root.sms.event:1,"
    "root.sms.reply:1,root.sms.plan:1,root.sms.mirror:1,root.sms.care:1"
)
CHANNELS_PREFORK = CHANNELS_THREADED.replace("root:4,root.sms:4", "root:3,root.sms:3")
JOB_SLOTS_PREFORK = 3


def write_config(
    name: str,
    server: postgres.Server,
    database: str,
    port: int,
    workers: int = 0,
    channels: str | None = None,
) -> Path:
    """Write ``.local/<name>.conf``; ``workers`` are those left for people.

    In prefork the jobs sit on HTTP workers too, so their slots come on top.
    """
    home = odoo_source.recorded()
    paths = [str(ROOT), str(STAND_INS)]
    if (home / "addons" / "web").exists():
        paths.append(str(home / "addons"))
    parser = configparser.ConfigParser(interpolation=None)
    parser["options"] = {
        "addons_path": ",".join(paths),
        "data_dir": str(LOCAL / "data"),
        "db_host": server.host,
        "db_port": str(server.port),
        "db_user": server.user,
        "db_password": server.password,
        "db_name": database,
        "db_maxconn": "64",
        "list_db": "False",
        "http_interface": "127.0.0.1",
        "http_port": str(port),
        "gevent_port": str(ports.free_port(port + 1)),
        "workers": str(workers + JOB_SLOTS_PREFORK if workers else 0),
        "limit_time_real": "1200",
        "limit_time_cpu": "600",
        "max_cron_threads": "1",
        "server_wide_modules": "base,rpc,web,queue_job",
        "pidfile": str(LOCAL / f"{name}.pid"),
    }
    default = CHANNELS_PREFORK if workers else CHANNELS_THREADED
    parser["queue_job"] = {
        "channels": channels or default,
        "host": "127.0.0.1",
        "port": str(port),
    }
    path = LOCAL / f"{name}.conf"
    path.touch(mode=0o600)
    with path.open("w") as stream:
        parser.write(stream)
    return path


def database_exists(server: postgres.Server, name: str) -> bool:
    """Tell whether the cluster holds a database of that name."""
    return bool(sql(server, f"SELECT 1 FROM pg_database WHERE datname = '{name}'"))


def sql(server: postgres.Server, statement: str, database: str = "postgres") -> str:
    """Run one statement of ours with psql and return its output."""
    command = ["psql", "-X", "-q", "-t", "-A", "-d", database, "-c", statement]
    return run(command, postgres.REMEDY, env=server.environment()).strip()


def drop_database(server: postgres.Server, name: str) -> None:
    """Drop a database of the project, with its sessions."""
    sql(server, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def copy_database(server: postgres.Server, source: str, target: str) -> None:
    """Make ``target`` a copy of ``source`` (attachments lie in the database)."""
    drop_database(server, target)
    sql(server, f'CREATE DATABASE "{target}" TEMPLATE "{source}"')


def odoo(arguments: list[str], log: Path | None = None) -> None:
    """Run one Odoo command to its end; its log shows when it fails."""
    command = [str(VENV / "bin" / "odoo"), *arguments]
    if log:
        command += ["--logfile", str(log)]
    remedy = f"See {log}." if log else "See the lines above."
    run(command, remedy, cwd=ROOT)


def install(config: Path, database: str, modules: list[str], log: Path) -> None:
    """Install addons into a database, making it where needed."""
    log.unlink(missing_ok=True)
    arguments = ["-c", str(config), "-d", database, "-i", ",".join(modules)]
    odoo([*arguments, "--stop-after-init", "--no-http"], log)


class Process:
    """A running Odoo server, stopped with its children."""

    def __init__(self, config: Path, log: Path):
        self.config, self.log = config, log
        self.port = read_port(config)
        self.process: subprocess.Popen | None = None

    def start(self, environment: dict[str, str] | None = None) -> None:
        """Start the server and wait until it answers."""
        command = [str(VENV / "bin" / "odoo"), "-c", str(self.config)]
        command += ["--logfile", str(self.log)]
        # A pipe that the server inherits would keep "make serve | …" waiting.
        with self.log.open("a") as output:
            self.process = subprocess.Popen(
                command,
                cwd=ROOT,
                env={**os.environ, **(environment or {})},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        self._wait()

    def _wait(self, seconds: int = 120) -> None:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise CannotGoOn(f"Odoo did not start: see {self.log}.")
            if self.answers():
                return
            time.sleep(0.3)
        raise CannotGoOn(f"Odoo does not answer on port {self.port}: see {self.log}.")

    def answers(self) -> bool:
        """Tell whether the server serves its health page."""
        url = f"http://127.0.0.1:{self.port}/web/health"
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                return answer.status == 200
        except (OSError, urllib.error.URLError):
            return False

    def stop(self) -> None:
        """Stop the server and what it started."""
        if self.process is None or self.process.poll() is not None:
            return
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(10)


def read_port(config: Path) -> int:
    """The HTTP port of a configuration file."""
    parser = configparser.ConfigParser(interpolation=None)
    parser.read(config)
    return parser.getint("options", "http_port")
