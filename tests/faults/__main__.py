"""``python -m tests.faults``: all scenarios in both modes; one JSON line at the end.

``--short`` takes a minute and one mode, ``--modes threaded`` names modes, ``--only
WORD`` takes scenarios whose name holds it, ``--defect`` makes the engine do wrong on
purpose (``claim``, ``recovery``: see ``tests/addons/sms_faults``), which must fail.
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
    options = parse(arguments)
    result = suite.Result()
    running = postgres.start()
    try:
        for mode in options.modes:
            result.add(run_mode(mode, options))
        if options.is_full:
            complain_of_few_kills(result)
    except CannotGoOn as error:
        print(f"\nCannot go on: {error}", file=sys.stderr)
        return 1
    finally:
        if running.started:
            postgres.stop()
    print(result.line(), flush=True)
    return result.exit_code()


def parse(arguments: list[str] | None) -> argparse.Namespace:
    """What to run; the environment speaks for ``make faults``."""
    parser = argparse.ArgumentParser(prog="tests.faults")
    parser.add_argument("--short", action="store_true")
    parser.add_argument("--modes", default=os.environ.get("FAULTS_MODES"))
    parser.add_argument("--only", default=os.environ.get("FAULTS_ONLY") or "")
    parser.add_argument("--defect", default=os.environ.get("SMS_FAULTS_DEFECT") or "")
    options = parser.parse_args(arguments)
    options.is_full = not (options.short or options.modes or options.only)
    modes = options.modes or ("prefork" if options.short else ",".join(MODES))
    options.modes = modes.split(",")
    return options


def run_mode(mode: str, options: argparse.Namespace) -> suite.Result:
    """Start a stack in one mode, let it suffer, stop it."""
    scenarios = suite.SHORT if options.short else suite.FULL[mode]
    chosen = [each for each in scenarios if options.only in title(each)]
    if not chosen:
        raise CannotGoOn(f"No scenario's name holds “{options.only}”.")
    world = World(mode, {"SMS_FAULTS_DEFECT": options.defect})
    try:
        world.start()
        if options.defect:
            world.gateway.fall_silent()
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
