"""A database of a test: made, changed by real Odoo processes, read, dropped."""

import json
import os
import subprocess
from pathlib import Path

from dev import postgres, server
from dev.paths import LOCAL, ROOT, VENV

MARK = "RESULT "
COMPLAINTS = (" WARNING ", " ERROR ", " CRITICAL ")


class Database:
    """One database with its configuration and log; its name begins with ``e2e_``."""

    def __init__(self, running: postgres.Server, name: str):
        self.running, self.name = running, name
        self.log = LOCAL / f"{name}.log"
        port = postgres.free_port(8469)
        self.config = server.write_config(name, running, name, port)

    def copy_of(self, source: str) -> "Database":
        """Fill it with what another database holds."""
        server.copy_database(self.running, source, self.name)
        return self

    def install(self, *modules: str) -> None:
        """Install addons by a process of their own, as an administrator would."""
        server.install(self.config, self.name, list(modules), self.log)

    def shell(self, script: str, **values) -> dict:
        """Run Python in ``odoo shell``; return what it hands to ``tell``.

        The script finds ``values`` as variables.
        """
        self.log.unlink(missing_ok=True)
        header = (
            f"import json\nglobals().update(json.loads({json.dumps(values)!r}))\n"
            f"def tell(**what):\n    print({MARK!r} + json.dumps(what))\n"
        )
        command = [str(VENV / "bin" / "odoo"), "shell", "-c", str(self.config)]
        command += ["-d", self.name, "--no-http", "--logfile", str(self.log)]
        result = subprocess.run(
            command,
            cwd=ROOT,
            input=header + script,
            capture_output=True,
            text=True,
            env=os.environ,
        )
        assert result.returncode == 0, result.stderr[-3000:]
        told = [line for line in result.stdout.splitlines() if line.startswith(MARK)]
        return json.loads(told[-1].removeprefix(MARK)) if told else {}

    def rows(self, query: str) -> list[str]:
        """Run a query; return its rows as text, columns separated by ``|``."""
        return server.sql(self.running, query, self.name).splitlines()

    def complaints(self, words: tuple[str, ...] = COMPLAINTS) -> list[str]:
        """Lines of the last process's log that no healthy run has."""
        lines = self.log.read_text().splitlines()
        return [line for line in lines if any(word in line for word in words)]

    def drop(self) -> None:
        """Drop the database and what was written for it."""
        server.drop_database(self.running, self.name)
        for path in (self.config, self.log, Path(f"{self.log}.1")):
            path.unlink(missing_ok=True)
