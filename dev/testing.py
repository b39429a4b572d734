"""The tests: plain ones, addon tests in a prepared database, then real servers."""

import os
import subprocess
import sys

from . import ports, postgres, server, stack
from .paths import ADDONS, LOCAL, ROOT, python
from .steps import CannotGoOn, done, step

TEMPLATE = os.environ.get("TEST_TEMPLATE") or "test_template"
STAMP = LOCAL / f"{TEMPLATE}.stamp"
OURS = [*ADDONS, *stack.STAND_IN_ADDONS]
ALONE = ["tests/e2e/test_faults.py"]
COVERAGE = [f"--cov={name}" for name in ADDONS]


def prepare_template(running: postgres.Server) -> None:
    """Install the addons into a database that each test run copies."""
    wanted = stack.source_hash()
    exists = server.database_exists(running, TEMPLATE)
    if exists and STAMP.exists() and STAMP.read_text() == wanted:
        done("Test database with the addons")
        return
    with step("Test database with the addons: installing"):
        # A failed installation must not count as the one before it.
        STAMP.unlink(missing_ok=True)
        server.drop_database(running, TEMPLATE)
        config = write_config(running, TEMPLATE)
        modules = [*ADDONS, *stack.STAND_IN_ADDONS, *stack.TEST_ADDONS]
        log = LOCAL / f"{TEMPLATE}_install.log"
        server.install(config, TEMPLATE, modules, log)
        complain_about_warnings(log)
    STAMP.write_text(wanted)


def write_config(running: postgres.Server, database: str):
    """Write the configuration of a test database."""
    port = ports.free_port(8269)
    return server.write_config(database, running, database, port)


def complain_about_warnings(log) -> None:
    """Our addons load without a warning: what the log says is a failure."""
    wrong = [
        line
        for line in log.read_text().splitlines()
        if (" WARNING " in line or " ERROR " in line)
        and any(name in line for name in OURS)
    ]
    if wrong:
        raise CannotGoOn("Installing logged:\n    " + "\n    ".join(wrong))


def test_database(running: postgres.Server, name: str):
    """Make a fresh copy of the prepared database; return its configuration."""
    prepare_template(running)
    with step(f"Database {name}: copying"):
        server.copy_database(running, TEMPLATE, name)
    return write_config(running, name)


def run_all() -> int:
    """Run every suite and return the worst exit code."""
    running = postgres.start()
    try:
        return max(plain(), addons(running), servers(running))
    finally:
        if running.started:
            postgres.stop()


def pytest(arguments: list[str], environment: dict[str, str] | None = None) -> int:
    """Run pytest with what all suites share."""
    command = [python(), "-m", "pytest", "-c", "setup.cfg", "--rootdir=."]
    command += ["-p", "tests.no_skips", *arguments]
    return subprocess.run(
        command, cwd=ROOT, env={**os.environ, **(environment or {})}
    ).returncode


def plain() -> int:
    """Tests of plain Python: no Odoo, no database."""
    print("\n==> Plain tests", flush=True)
    files = sorted(ROOT.glob("*/tests/test_tools_*.py"))
    files += sorted((ROOT / "tests").glob("test_*.py"))
    options = ["-p", "no:odoo", "-p", "tests.plain_addons", "--import-mode=importlib"]
    return pytest([*options, *(str(f.relative_to(ROOT)) for f in files)])


def addons(
    running: postgres.Server, paths: list[str] | None = None, name="test"
) -> int:
    """Addon tests with pytest-odoo, with coverage."""
    print("\n==> Addon tests", flush=True)
    config = test_database(running, name)
    tested = (*stack.STAND_IN_ADDONS[:2], *stack.TEST_ADDONS)
    everything = [*ADDONS, *(f"tests/addons/{name}" for name in tested)]
    options = [f"--odoo-config={config}", f"--odoo-database={name}", "--odoo-http"]
    if not paths:
        options += [*COVERAGE, "--cov-branch", "--cov-report=term:skip-covered"]
        options += ["--cov-fail-under=85"]
    # A job runner of the test process would run jobs behind the tests' backs.
    environment = {"ODOO_QUEUE_JOB_CHANNELS": "root:0"}
    return pytest([*options, *(paths or everything)], environment)


def servers(running: postgres.Server) -> int:
    """What needs real servers: the demo, wake-ups, uninstalling.

    Two files at a time: each has servers, databases and ports of its own, and waits
    more than it works. Who stops PostgreSQL itself is alone.
    """
    print("\n==> Tests on real servers", flush=True)
    prepare_template(running)
    stack.prepare_template(running)
    side_by_side = ["-p", "xdist", "-n", "2", "--dist", "loadfile"]
    others = [f"--ignore={path}" for path in ALONE]
    together = pytest(["-p", "no:odoo", *side_by_side, *others, "tests/e2e"])
    return max(together, pytest(["-p", "no:odoo", *ALONE]))


def main() -> int:
    """``python3 -m dev.testing PATH…``: some addon tests on a database of their own.

    The last option ``--db=NAME`` lets several runs go on side by side.
    """
    names = [a.removeprefix("--db=") for a in sys.argv[1:] if a.startswith("--db=")]
    paths = [a for a in sys.argv[1:] if not a.startswith("--db=")]
    try:
        return addons(postgres.start(), paths, *names[:1])
    except CannotGoOn as error:
        print(f"\nCannot go on: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
