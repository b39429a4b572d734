"""The main job on real servers, threaded and prefork, against the gateway's ledger."""

import json
import re

import pytest

from dev.stack import Stack
from dev.testing import OURS

REASONS = {
    "no_number",
    "invalid_number",
    "landline",
    "duplicate",
    "blacklisted",
    "deceased",
    "not_updated",
    "missing_value",
}


@pytest.mark.parametrize("workers", [0, 2])
def test_a_campaign_runs_from_the_click_to_the_last_reply(workers, capfd):
    stack = Stack(f"e2e_demo_{workers}", workers=workers)
    try:
        stack.start()
        # The demo compares its figures with the ledger and ends 1 if they differ.
        code = stack.run_demo("--recipients", "2000")
        output = capfd.readouterr()
        assert code == 0, output.err + output.out
    finally:
        stack.stop()
    last = json.loads(
        [line for line in output.out.splitlines() if line.startswith("{")][-1]
    )
    assert last["recipients"] == 2000
    assert last["accepted"] + sum(last["excluded"].values()) == 2000
    assert last["delivered"] + last["failed"] == last["accepted"]
    assert {r for r in REASONS if last["excluded"].get(r, 0) >= 40} == REASONS
    assert last["replies"] and last["conversations"] and last["activities"]
    assert complaints(stack.log.read_text()) == []


def complaints(log: str) -> list[str]:
    """Warnings and errors of the log that are ours."""
    pattern = re.compile(r" (WARNING|ERROR|CRITICAL) ")
    lines = [line for line in log.splitlines() if pattern.search(line)]
    return [line for line in lines if any(name in line for name in OURS)]
