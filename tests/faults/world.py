"""A running stack that is made to suffer, and is helped up again."""

import os
import signal
import time
from pathlib import Path

import psutil
import requests

from dev import postgres, server
from dev.paths import LOCAL
from dev.stack import Stack, prepare_template
from dev.steps import CannotGoOn, step
from tests.demo.json2 import Json2

from .database import Database
from .gateway import Gateway
from .orders import TAKEN, Orders

MODES = {"threaded": 0, "prefork": 6}
# More than in production, as a killed job keeps its place for ten seconds.
CHANNELS = (
    "root:8,root.sms:8,root.sms.send:5,root.sms.now:1,root.sms.event:1,"
    "root.sms.reply:1,root.sms.plan:2,root.sms.mirror:1,root.sms.care:2"
)
# Clocks of an account that are settings, shortened as the others are.
ACCOUNT = {
    "poll_delay": 2,
    "rate_calls": 200,
    "rate_period": 5,
    "circuit_within": 5,
    "circuit_probe": 2,
}
PATIENCE = 60
PULSE_SECONDS = 1.5
# A wake-up of the sweeper that nobody has followed.
UNSEEN = """
    SELECT TRUE FROM ir_cron_trigger t JOIN ir_model_data d ON d.res_id = t.cron_id
    WHERE d.module = 'sms_base_sr' AND d.name = 'ir_cron_sweep'
      AND t.call_at < (now() AT TIME ZONE 'UTC') - interval '20 s' LIMIT 1
"""


class DidNotHappen(Exception):
    """A scenario waited in vain: what it wanted to show was not shown."""


class World:
    """PostgreSQL, the gateway's simulator and Odoo, in one of two modes."""

    def __init__(self, mode: str, environment: dict[str, str] | None = None):
        self.mode = mode
        self.stack = Stack(f"faults_{mode}", workers=MODES[mode])
        self.orders = Orders(LOCAL / f"faults_{mode}")
        self.environment = {
            "SMS_FAULTS_ORDERS": str(self.orders.folder),
            "ODOO_QUEUE_JOB_CHANNELS": CHANNELS,
            **(environment or {}),
        }
        self.database = Database(self.stack.server, self.stack.name)
        self.gateway: Gateway | None = None
        self.campaigns: list = []
        self.crons = ["ir_cron_sweep"]
        self.direct_kills = 0
        self.restarts = 0
        self._pulse = 0.0

    # -- setting up ------------------------------------------------------------------

    def start(self) -> None:
        """Prepare the database, with the addon that can be killed, and start Odoo."""
        stack = self.stack
        prepare_template(stack.server)
        address, token = stack.gateway()
        self.gateway = Gateway(stack.simulator.url)
        stack.prepare_database(address, token)
        with step("Database: clocks shortened, places to be killed at"):
            log = LOCAL / f"faults_{self.mode}_install.log"
            server.install(stack.config, stack.name, ["sms_faults"], log)
        self._adjust()
        with step(f"Odoo on {stack.url} ({self.mode}): starting"):
            stack.odoo.start(self.environment)

    def _adjust(self) -> None:
        """Small batches; what was committed survives a crash of PostgreSQL."""
        name = self.stack.name
        self.sql(f'ALTER DATABASE "{name}" SET synchronous_commit = on')
        self.database.close()
        values = {"batch_size": 10, **ACCOUNT}
        sets = ", ".join(f"{name} = {value}" for name, value in values.items())
        self.sql(f"UPDATE sms_provider SET {sets}")

    def stop(self) -> None:
        """Stop everything."""
        self.database.close()
        self.stack.stop()

    def restart(self, environment: dict[str, str]) -> None:
        """Stop Odoo and start it in another environment."""
        self.restarts += 1
        self.stack.odoo.stop()
        self.environment.update(environment)
        self.stack.odoo.start(self.environment)

    # -- looking ---------------------------------------------------------------------

    def sql(self, query: str, *parameters) -> list[tuple]:
        """Rows of a statement."""
        return self.database.rows(query, list(parameters) or None)

    def value(self, query: str, *parameters):
        """One value."""
        return self.database.value(query, list(parameters) or None)

    def user(self, name: str = "manager") -> Json2:
        """A person's view of Odoo."""
        self.ensure_up()
        return Json2(self.stack.url, self.stack.keys()["keys"][name], self.stack.name)

    def press(self, model: str, method: str, user: str = "manager", **arguments):
        """Call a public method, again where the server died under it."""
        while True:
            try:
                return self.user(user).call(model, method, **arguments)
            except requests.RequestException:
                self.tick()

    def wait(self, condition, what: str, seconds: float = PATIENCE):
        """Wait until a condition holds; return what it gives."""
        deadline = time.monotonic() + seconds
        while not (found := condition()):
            if time.monotonic() > deadline:
                raise DidNotHappen(what)
            self.tick()
            time.sleep(0.05)
        return found

    # -- helping up ------------------------------------------------------------------

    def tick(self) -> None:
        """Start the server where it is dead; let sweeper and runner look often."""
        self.ensure_up()
        if time.monotonic() < self._pulse + PULSE_SECONDS:
            return
        self._pulse = time.monotonic()
        if self.mode == "threaded" and self.value(UNSEEN):
            # Odoo's threaded server loses its cron thread when PostgreSQL restarts.
            self.restart({})
            self.sql("DELETE FROM ir_cron_trigger")
        self.sql(
            """
            INSERT INTO ir_cron_trigger (cron_id, call_at)
            SELECT res_id, now() AT TIME ZONE 'UTC' FROM ir_model_data
            WHERE module = 'sms_base_sr' AND name = ANY(%s)
            """,
            self.crons,
        )
        # The runner looks for dead jobs whenever it is woken, else once a minute.
        self.sql("SELECT pg_notify('queue_job', 'nobody')")
        wake_crons(self.stack)

    def ensure_up(self) -> None:
        """Start the server again where it was killed."""
        while self.stack.odoo.process.poll() is not None:
            self.restarts += 1
            try:
                self.stack.odoo.start(self.environment)
            except CannotGoOn:
                # Killed again before it answered: an order lay ready.
                if self.stack.odoo.process.poll() is None:
                    raise

    # -- killing ---------------------------------------------------------------------

    @property
    def kills(self) -> int:
        """Processes and servers killed so far."""
        obeyed = (self.orders.folder / TAKEN).glob("*~*")
        by_themselves = [path for path in obeyed if not is_announced(path)]
        return len(by_themselves) + self.direct_kills

    def kill(self, pid: int, scope: str = "worker") -> None:
        """``kill -9`` a process, or the whole server."""
        self.direct_kills += 1
        try:
            if scope == "server" or pid == self.stack.odoo.process.pid:
                os.killpg(self.stack.odoo.process.pid, signal.SIGKILL)
                self.stack.odoo.process.wait(10)
            else:
                os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            self.direct_kills -= 1

    def processes(self) -> list[int]:
        """What may be killed: the server's children, else itself."""
        master = psutil.Process(self.stack.odoo.process.pid)
        return [child.pid for child in master.children()] or [master.pid]

    def restart_postgres(self, mode: str) -> None:
        """Restart the cluster under everybody."""
        self.database.close()
        postgres.restart(self.stack.server, mode)


def is_announced(path: Path) -> bool:
    """Whether the giver of an order kills, not the process that took it."""
    return path.name.startswith("in-call~")


def wake_crons(stack: Stack) -> None:
    """Have the cron threads look now; they listen on another database."""
    admin = Database(stack.server, "postgres")
    try:
        admin.rows("SELECT pg_notify('cron_trigger', %s)", [stack.name])
    finally:
        admin.close()
