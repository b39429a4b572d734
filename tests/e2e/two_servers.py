"""Two Odoo servers on one database, behind a balancer: what several nodes are."""

import configparser
import os
import signal
from pathlib import Path

import psutil

from dev import ports, server
from dev.paths import LOCAL
from dev.stack import Stack, prepare_template
from dev.steps import step
from tests.balancer import Balancer
from tests.demo.json2 import Json2

# queue_job's own number: who holds this lock is the one job runner of the database.
ELECTION = 2293787760715711918
HOLDERS = f"""
    SELECT a.client_port FROM pg_locks l JOIN pg_stat_activity a USING (pid)
    WHERE l.locktype = 'advisory' AND l.granted AND a.datname = current_database()
      AND l.database = (SELECT oid FROM pg_database WHERE datname = a.datname)
      AND l.classid = {ELECTION >> 32} AND l.objid = {ELECTION & (2**32 - 1)}
"""


class Node:
    """One Odoo server: its processes, port and log. The data directory is shared."""

    def __init__(self, name: str, config: Path, log: Path):
        self.name, self.log = name, log
        self.log.unlink(missing_ok=True)
        self.process = server.Process(config, log)
        self.port = self.process.port
        self.url = f"http://127.0.0.1:{self.port}"

    def __repr__(self) -> str:
        return f"<node {self.name}>"

    @property
    def group(self) -> int:
        """The process group: the server and all that it has started."""
        return self.process.process.pid

    def start(self) -> None:
        self.process.start()

    def kill(self) -> None:
        """``kill -9`` the whole server, as a power cut would; wait until it is gone."""
        os.killpg(self.group, signal.SIGKILL)
        self.process.process.wait(10)

    def owns(self, pid: int) -> bool:
        """Whether a process is one of this server's."""
        try:
            return os.getpgid(pid) == self.group
        except ProcessLookupError:
            return False

    def lines(self, word: str) -> list[str]:
        """Lines of its log that hold a word."""
        return [line for line in self.log.read_text().splitlines() if word in line]


class TwoServers(Stack):
    """A stack with a second server, both behind one address.

    ``balanced``: each runner asks the balancer to run its jobs, so that both servers
    do; else each asks itself, and the one elected does everything.
    """

    def __init__(self, name: str, balanced: bool = True, workers: int = 1):
        super().__init__(name, workers=workers)
        self.balanced = balanced
        self.balancer = Balancer()
        other = server.write_config(
            f"{name}_b", self.server, name, ports.free_port(self.port + 2), workers
        )
        configs = {"a": self.config, "b": other}
        self.nodes = [
            Node(key, config, LOCAL / f"{name}_{key}.log")
            for key, config in configs.items()
        ]
        if balanced:
            for config in configs.values():
                self._run_jobs_by_the_balancer(config)
        self.balancer.ports = [node.port for node in self.nodes]

    def _run_jobs_by_the_balancer(self, config: Path) -> None:
        parser = configparser.ConfigParser(interpolation=None)
        parser.read(config)
        parser["queue_job"].update(port=str(self.balancer.port), nodes="2")
        with config.open("w") as stream:
            parser.write(stream)

    @property
    def url(self) -> str:
        """The one address that people and the gateway know."""
        return self.balancer.url

    def start(self, *addons: str) -> None:
        """Start the gateway, prepare the database, start both servers."""
        prepare_template(self.server)
        self.prepare_database(*self.gateway())
        if addons:
            log = LOCAL / f"{self.name}_install.log"
            server.install(self.config, self.name, list(addons), log)
        self.balancer.start()
        for node in self.nodes:
            with step(f"Server {node.name} on {node.url}: starting"):
                node.start()

    def stop(self) -> None:
        """Stop everything that was started here."""
        for node in self.nodes:
            node.process.stop()
        self.balancer.stop()
        super().stop()

    def user(self, node: Node, name: str) -> Json2:
        """A person who has one server's answers only."""
        return Json2(node.url, self.keys()["keys"][name], self.name)

    def elected(self) -> Node | None:
        """The server whose job runner holds the lock; there is never a second one."""
        rows = server.sql(self.server, HOLDERS, self.name).split()
        assert len(rows) <= 1, rows
        pids = [pid for pid in map(client_of, map(int, rows)) if pid]
        return next((n for n in self.nodes for pid in pids if n.owns(pid)), None)

    def other(self, node: Node) -> Node:
        """The other server."""
        return next(each for each in self.nodes if each is not node)


def client_of(port: int) -> int | None:
    """The process that has a connection from a local port."""
    found = psutil.net_connections("tcp")
    pids = (c.pid for c in found if c.laddr and c.laddr.port == port and c.raddr)
    return next((pid for pid in pids if pid), None)
