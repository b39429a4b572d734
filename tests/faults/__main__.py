"""``python -m tests.faults``: all scenarios in both modes; one JSON line at the end.

``--modes threaded``, ``--only WORD`` (scenarios whose name holds it), ``--defect``
(a deliberate one of ``tests/addons/sms_faults``, which must make the run fail).
"""

import argparse
import os
import sys

from dev import postgres
from dev.steps import CannotGoOn

from . import suite
from .scenarios import title
from .world import MODES, World


def main(arguments: list[str] | None = None) -> int:
    """Run and return the exit code."""
    parser = argparse.ArgumentParser(prog="tests.faults")
    default = os.environ.get("FAULTS_MODES") or ",".join(MODES)
    parser.add_argument("--modes", default=default)
    parser.add_argument("--only", default="")
    parser.add_argument("--defect", default=os.environ.get("SMS_FAULTS_DEFECT", ""))
    options = parser.parse_args(arguments)
    running = postgres.start()
    try:
        result = suite.Result()
        for mode in options.modes.split(","):
            result.add(run_mode(mode, options.only, options.defect))
        if not (options.only or options.modes != ",".join(MODES)):
            complain_of_few_kills(result)
    except CannotGoOn as error:
        print(f"\nCannot go on: {error}", file=sys.stderr)
        return 1
    finally:
        if running.started:
            postgres.stop()
    print(result.line(), flush=True)
    return result.exit_code()


def run_mode(mode: str, only: str, defect: str) -> suite.Result:
    """Start a stack in one mode, let it suffer, stop it."""
    world = World(mode, {"SMS_FAULTS_DEFECT": defect})
    try:
        world.start()
        chosen = [each for each in suite.FULL[mode] if only in title(each)]
        return suite.run(world, chosen)
    finally:
        world.stop()


def complain_of_few_kills(result: suite.Result) -> None:
    """A full run that has hardly killed has proven little."""
    if result.kills < suite.KILLS_OF_A_FULL_RUN:
        text = f"{result.kills} kills, {suite.KILLS_OF_A_FULL_RUN} are wanted"
        print(f"  {text}")
        result.complaints.append(text)


if __name__ == "__main__":
    sys.exit(main())
