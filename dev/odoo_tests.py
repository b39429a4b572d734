"""Odoo's own tests of SMS, without our addons and with them: what differs is told.

Some of them fail on a distribution's package by themselves (newer libraries). So the
question is not whether all pass, but whether any passes without us only.
"""

import os
import re
import subprocess

from . import odoo_source, ports, postgres, server
from .paths import ADDONS, LOCAL, ROOT, python
from .steps import CannotGoOn, step

SUITES = ("sms", "test_mail_sms", "mass_mailing_sms", "sms_twilio")
# What the suites need beside themselves; browsers, for want of a file of the package.
NEEDED = ("calendar_sms", "event_sms", "odoo_dfsg_assets")
# {test: why it differs with our addons}; no case is known.
EXPECTED: dict[str, str] = {}
FAILED = re.compile(r"^(FAILED|ERROR|SUBFAILED)(.*) \S*?(\w+/tests/[^\s:]+)(\S*)", re.M)
COUNTS = re.compile(r"(\d+) (passed|failed|errors?|skipped)\b")


def run() -> int:
    """Run both and compare."""
    running = postgres.start()
    try:
        without, figures = suites(running, "odoo_tests_core", ())
        with_ours, figures_ours = suites(running, "odoo_tests_ours", ADDONS)
    finally:
        if running.started:
            postgres.stop()
    print(f"\nWithout our addons: {figures}\nWith our addons:    {figures_ours}")
    return tell(without, with_ours)


def tell(without: set[str], with_ours: set[str]) -> int:
    """Print what differs; 1 where that was not expected."""
    new = with_ours - without
    print(f"Failing in both: {len(without & with_ours)}")
    for name in sorted(without & with_ours):
        print(f"    {name}")
    for name in sorted(without - with_ours):
        print(f"Passes only with our addons: {name}")
    for name in sorted(new):
        print(
            f"Fails only with our addons: {name} ({EXPECTED.get(name, 'unexpected')})"
        )
    return int(bool(new - set(EXPECTED)))


def suites(running: postgres.Server, name: str, ours) -> tuple[set[str], str]:
    """Install into a database of its own, run the suites; return what fails."""
    config = server.write_config(name, running, name, ports.free_port(8669))
    modules = [*SUITES, *NEEDED, *ours]
    with step(f"Database {name}: installing"):
        server.drop_database(running, name)
        server.install(config, name, modules, LOCAL / f"{name}_install.log")
    with step(f"Odoo's own tests in {name}"):
        output = pytest(config, name)
    (LOCAL / f"{name}.txt").write_text(output)
    server.drop_database(running, name)
    figures = COUNTS.findall(output.strip().splitlines()[-1])
    if not figures:
        raise CannotGoOn(f"No test ran: see .local/{name}.txt.")
    failed = {
        f"{path}{test}{subtest}"
        for _kind, subtest, path, test in FAILED.findall(output)
    }
    return failed, ", ".join(f"{n} {word}" for n, word in figures)


def pytest(config, name: str) -> str:
    """Run the suites with all addons loaded, as *at install* tests never are."""
    home = odoo_source.recorded()
    found = (home / "odoo" / "addons", home / "addons")
    folder = next(path for path in found if (path / SUITES[0]).exists())
    command = [python(), "-m", "pytest", "-c", "setup.cfg", f"--rootdir={folder}"]
    command += [f"--odoo-config={config}", f"--odoo-database={name}", "--odoo-http"]
    command += [str(folder / suite / "tests") for suite in SUITES]
    # No job runner in the test process.
    environment = {**os.environ, "ODOO_QUEUE_JOB_CHANNELS": "root:0"}
    result = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True
    )
    return result.stdout
