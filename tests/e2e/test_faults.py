"""The short version of ``make faults``, and the proof that it can fail."""

import json
import subprocess

from dev.paths import ROOT, python


def faults(*arguments: str) -> tuple[int, dict, str]:
    """Run it as people do; return its exit code, its last line and all of it."""
    command = [python(), "-m", "tests.faults", *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    output = done.stdout + done.stderr
    assert done.stdout.strip().endswith("}"), output[-3000:]
    return done.returncode, json.loads(done.stdout.splitlines()[-1]), output


def test_nobody_is_texted_twice_whatever_dies(running):
    code, line, output = faults("--short")
    assert (line["duplicated"], line["lost"], line["untrue"]) == (0, 0, 0), output
    assert line["kills"] >= 5 and line["messages"] >= 200, output
    assert code == 0, output


def test_a_claim_that_is_not_committed_is_found_out(running):
    # The process dies by itself, between the answer and its update: never too late.
    code, line, output = faults(
        "--short", "--only", "after-answer", "--defect", "claim"
    )
    assert line["duplicated"] > 0, output
    assert code == 1, output
