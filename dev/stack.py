"""PostgreSQL, the gateway's simulator and Odoo together: ``demo`` and ``serve``."""

import hashlib
import json
import os
import signal
import subprocess
import time
from pathlib import Path

from . import ports, postgres, server
from .paths import ADDONS, LOCAL, ROOT, STAND_INS, VENV, python
from .steps import CannotGoOn, done, step

TEMPLATE = "demo_template"
STAMP = LOCAL / "demo_template.stamp"
PIDS = LOCAL / "serve.json"
STAND_IN_ADDONS = ("contacts_realcred", "whatsapp_connector", "odoo_dfsg_assets")
# Installed for the tests only: what a demo shows is none of it.
TEST_ADDONS = ("sms_provider_sample", "sms_native_writers")
LOGINS = {
    "manager": ["manager", "manager"],
    "salesperson": ["salesperson", "salesperson"],
    "administrator": ["admin", "admin"],
}


class Simulator:
    """The gateway's simulator as a process of its own."""

    def __init__(self, token: str):
        self.port = ports.free_port(8900)
        self.token = token
        self.url = f"http://127.0.0.1:{self.port}"
        self.process: subprocess.Popen | None = None

    def start(self) -> None:
        """Start it and wait until its port is taken."""
        command = [python(), "-m", "tests.simulator", "--port", str(self.port)]
        command += ["--token", self.token]
        log = (LOCAL / "simulator.log").open("w")
        self.process = subprocess.Popen(
            command, cwd=ROOT, stdout=log, stderr=log, start_new_session=True
        )
        for _try in range(100):
            if not ports.is_free(self.port):
                return
            time.sleep(0.1)
        raise CannotGoOn("The simulator did not start: see .local/simulator.log.")

    def stop(self) -> None:
        """Stop it."""
        if self.process and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(10)


class Stack:
    """What the demo runs; stopped in the reverse order.

    ``name`` names its database and files, so that tests run beside a demo.
    """

    def __init__(
        self,
        name: str = "demo",
        workers: int | None = None,
        lang: str | None = None,
    ):
        self.name = name
        self.lang = lang or os.environ.get("DEMO_LANG")
        self.settings = LOCAL / f"{name}.json"
        self.log = LOCAL / f"{name}.log"
        self.server = postgres.start()
        environment = int(os.environ.get("DEMO_WORKERS") or 0)
        self.workers = environment if workers is None else workers
        wanted = int(os.environ.get("ODOO_PORT") or 8069)
        self.port = ports.free_port(wanted)
        self.config = server.write_config(
            name, self.server, name, self.port, self.workers
        )
        self.odoo = server.Process(self.config, self.log)
        self.simulator = None
        self.log.unlink(missing_ok=True)

    @property
    def url(self) -> str:
        """Odoo's address."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start the gateway, prepare the database, start Odoo."""
        prepare_template(self.server)
        gateway, token = self.gateway()
        self.prepare_database(gateway, token)
        title = f"Odoo on {self.url} (workers: {self.workers or 'threads'})"
        with step(f"{title}: starting"):
            self.odoo.start()

    def gateway(self) -> tuple[str, str]:
        """The gateway of the environment, else a simulator started now."""
        address = os.environ.get("KOLMEYA_BASE_URL")
        if address:
            done(f"Gateway {address}")
            return address, os.environ.get("KOLMEYA_TOKEN", "")
        self.simulator = Simulator("demo-" + os.urandom(12).hex())
        with step(f"Gateway's simulator on {self.simulator.url}: starting"):
            self.simulator.start()
        return f"{self.simulator.url}/api/v1", self.simulator.token

    def prepare_database(self, gateway: str, token: str) -> None:
        """Copy the template and make users, provider and connector."""
        settings = {
            "url": self.url,
            "database": self.name,
            "gateway": gateway,
            "token": token,
            "simulator": self.simulator.url if self.simulator else None,
            "poll_delay": 5 if self.simulator else 60,
            "logins": LOGINS,
            "lang": self.lang,
        }
        self.settings.touch(mode=0o600)
        self.settings.write_text(json.dumps(settings))
        with step("Database: company, users, provider"):
            server.copy_database(self.server, TEMPLATE, self.name)
            self.shell(ROOT / "tests" / "demo" / "prepare_database.py")

    def shell(self, script: Path) -> None:
        """Run a script in Odoo's shell."""
        command = [str(VENV / "bin" / "odoo"), "shell", "-c", str(self.config)]
        command += ["-d", self.name, "--no-http", "--logfile", str(self.log)]
        result = subprocess.run(
            command,
            cwd=ROOT,
            text=True,
            input=script.read_text(),
            capture_output=True,
            env={**os.environ, "DEMO_SETTINGS": str(self.settings)},
        )
        if result.returncode or "Traceback" in result.stderr:
            raise CannotGoOn(f"{script.name}: {result.stderr[-1500:]}")

    def run_demo(self, *arguments: str) -> int:
        """Run the campaign manager's part."""
        command = [python(), "-m", "tests.demo", str(self.settings), *arguments]
        return subprocess.run(command, cwd=ROOT).returncode

    def keys(self) -> dict:
        """Address, logins and API keys of the running stack."""
        return json.loads(self.settings.read_text())

    def stop(self) -> None:
        """Stop everything that was started here."""
        self.odoo.stop()
        if self.simulator:
            self.simulator.stop()


def prepare_template(running: postgres.Server) -> None:
    """Install the addons once; later demos copy the database in a second."""
    wanted = source_hash()
    exists = server.database_exists(running, TEMPLATE)
    if exists and STAMP.exists() and STAMP.read_text() == wanted:
        done("Database with the addons")
        return
    with step("Database with the addons: installing"):
        STAMP.unlink(missing_ok=True)
        server.drop_database(running, TEMPLATE)
        port = ports.free_port(8169)
        config = server.write_config("install", running, TEMPLATE, port)
        modules = [*ADDONS, *STAND_IN_ADDONS]
        server.install(config, TEMPLATE, modules, LOCAL / "install.log")
    STAMP.write_text(wanted)


def source_hash() -> str:
    """Changes with every file that an installation reads."""
    digest = hashlib.sha256()
    folders = [ROOT / name for name in ADDONS]
    folders += [STAND_INS / name for name in (*STAND_IN_ADDONS, *TEST_ADDONS)]
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if (
                path.is_file()
                and path.suffix != ".pyc"
                and "tests" not in path.parts[-3:]
            ):
                digest.update(str(path.relative_to(ROOT)).encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()


def demo() -> int:
    """Run the main job; keep the stack running unless ``DEMO_EXIT`` is set."""
    # A plain ``kill`` stops the children as Ctrl-C does, and Ctrl-C works even where
    # a shell has started us in the background, with the signal ignored.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.default_int_handler)
    recipients = os.environ.get("DEMO_RECIPIENTS") or "10000"
    stack = Stack()
    leave = bool(os.environ.get("DEMO_EXIT"))
    try:
        stack.start()
        code = stack.run_demo("--recipients", recipients)
        if leave:
            return code
        show_logins(stack)
        print("Ctrl-C stops everything.", flush=True)
        stack.odoo.process.wait()
        return code
    except KeyboardInterrupt:
        return 0
    finally:
        stack.stop()
        if stack.server.started:
            postgres.stop()


def serve() -> None:
    """Start the stack and leave it running; ``make stop`` ends it."""
    if running():
        raise CannotGoOn("It runs already: 'make stop' ends it.")
    stack = Stack()
    try:
        stack.start()
        stack.run_demo("--only-draft")
    except BaseException:
        stack.stop()
        raise
    pids = [stack.odoo.process.pid]
    if stack.simulator:
        pids.append(stack.simulator.process.pid)
    PIDS.write_text(json.dumps(pids))
    show_logins(stack)
    print("'make stop' ends it.")


def show_logins(stack: Stack) -> None:
    """Print address and logins."""
    print(f"\nOpen {stack.url} and log in (login / password):")
    for role, (login, password) in LOGINS.items():
        print(f"  {role:<14} {login} / {password}")
    show_chatroom(stack)


def show_chatroom(stack: Stack) -> None:
    """Print what to try as the salesperson, with a gateway that plays the customers."""
    print(
        "\nThe ChatRoom: log in as salesperson, open ChatRoom, choose a conversation,"
    )
    print("press Attend, write, Enter. The tick becomes “Delivered” without a reload.")
    print("Who wrote SAIR must not be texted any more: the answer is refused.")
    if stack.workers:
        print(
            "Live only behind a proxy that joins the websocket; else reload the page."
        )
    if stack.simulator:
        url = f"{stack.simulator.url}/_control/reply"
        body = '{"phone": "11987654321", "text": "Quero saber mais"}'
        print(f"A customer writes:\n  curl -d '{body}' {url}")


def running() -> list[int]:
    """Process groups that ``serve`` has left running."""
    if not PIDS.exists():
        return []
    return [pid for pid in json.loads(PIDS.read_text()) if is_ours(pid)]


def is_ours(pid: int) -> bool:
    """Whether a process still is one that we started (numbers are used again)."""
    try:
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False
    return str(VENV).encode() in command


def stop() -> None:
    """Stop what ``serve`` has left running."""
    for pid in running():
        os.killpg(pid, signal.SIGTERM)
    deadline = time.monotonic() + 20
    while running() and time.monotonic() < deadline:
        time.sleep(0.2)
    for pid in running():
        os.killpg(pid, signal.SIGKILL)
    PIDS.unlink(missing_ok=True)
