"""How many statements a campaign costs: counted in PostgreSQL's own log."""

import re
from pathlib import Path

from .stage import Stage

# What opens and ends transactions asks for nothing.
STATEMENT = re.compile(
    r"LOG:  duration: [0-9.]+ ms  (?:statement|execute [^:]*):"
    r"(?!\s*(?:BEGIN|COMMIT|ROLLBACK|DISCARD|SAVEPOINT|RELEASE|SET |LISTEN))"
)


class Statements:
    """Logs all statements of a stage's database while it is entered.

    The server is started anew, as sessions keep the settings they began with; the
    benchmark's own session began before, and is not counted. Not while the clock runs.
    """

    def __init__(self, stage: Stage):
        self.stage = stage
        data = stage.stack.server.data
        self.log = Path(data).parent / "postgres.log" if data else None

    def __enter__(self):
        self._log_all("0")
        self.begin = self.log.stat().st_size
        return self

    def __exit__(self, *_error):
        self._log_all("-1")

    def _log_all(self, value: str) -> None:
        name = self.stage.stack.name
        setting = f"SET log_min_duration_statement = {value}"
        self.stage.sql(f"ALTER DATABASE {name} {setting}")
        self.stage.stack.odoo.stop()
        self.stage.stack.odoo.start()

    def mark(self) -> None:
        """Count from here on."""
        self.begin = self.log.stat().st_size

    def count(self) -> int:
        """Statements since the mark."""
        with self.log.open(errors="replace") as stream:
            stream.seek(self.begin)
            return count_in(stream)


def count_in(lines) -> int:
    """Statements among lines of the log; their texts may span several."""
    return sum(bool(STATEMENT.search(line)) for line in lines)
