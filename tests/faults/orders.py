"""Giving orders to die, and seeing that they were obeyed."""

import json
from itertools import count
from pathlib import Path

TAKEN = "taken"


class Orders:
    """A folder of orders; ``tests/addons/sms_faults`` obeys them."""

    def __init__(self, folder: Path):
        self.folder = folder
        self._numbers = count(1)
        for path in (folder, folder / TAKEN):
            path.mkdir(parents=True, exist_ok=True)
            for old in path.glob("*~*"):
                old.unlink()

    def give(self, step: str, scope: str = "worker") -> str:
        """Lay down one order; return its name."""
        name = f"{step}~{scope}~{next(self._numbers):04d}"
        (self.folder / name).touch()
        return name

    def taken(self, name: str) -> dict | None:
        """What the process that took an order wrote, once it has."""
        path = self.folder / TAKEN / name
        text = path.read_text() if path.exists() else ""
        return json.loads(text) if text else None

    def withdraw(self) -> list[str]:
        """Take back what nobody has obeyed."""
        left = sorted(self.folder.glob("*~*"))
        for path in left:
            path.unlink(missing_ok=True)
        return [path.name for path in left]
