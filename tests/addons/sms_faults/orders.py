"""Orders to die: files that whoever runs the test lays into a folder.

The name of an order is ``<step>~<scope>~<anything>``. The process that reaches the
step takes the order by renaming it, which only one can, so that each kills once.
"""

import json
import os
import signal
from pathlib import Path

FOLDER = "SMS_FAULTS_ORDERS"
DEFECT = "SMS_FAULTS_DEFECT"
TAKEN = "taken"


def has_defect(name: str) -> bool:
    """Whether the run asks for a deliberate defect, which the proof must see."""
    return os.environ.get(DEFECT) == name


def take(step: str) -> Path | None:
    """Take one order for a step, if there is any; return where it lies now."""
    folder = os.environ.get(FOLDER)
    for order in sorted(Path(folder).glob(f"{step}~*")) if folder else ():
        taken = order.parent / TAKEN / order.name
        try:
            order.rename(taken)
        except FileNotFoundError:
            continue  # another process was faster
        return taken
    return None


def die_at(step: str) -> None:
    """Die here, as by ``kill -9``, where an order says so."""
    order = take(step)
    if order:
        order.write_text(json.dumps({"pid": os.getpid()}))
        kill(order.name.split("~")[1])


def kill(scope: str) -> None:
    """Kill this process (``worker``), or it with its whole server (``server``)."""
    if scope == "server":
        os.killpg(os.getpgrp(), signal.SIGKILL)
    os.kill(os.getpid(), signal.SIGKILL)


def announce(step: str, **facts) -> None:
    """Say that a step is reached and go on: who gave the order kills at its moment."""
    order = take(step)
    if order:
        draft = order.with_suffix(".draft")
        draft.write_text(json.dumps({"pid": os.getpid(), **facts}))
        draft.rename(order)


def watched(call, reference: str):
    """A call to the gateway with places to be killed at around it."""

    def watched_call():
        die_at("before-post")
        announce("in-call", reference=reference)
        outcome = call()
        die_at("after-answer")
        return outcome

    return watched_call
