"""One line per step, one sentence when a step cannot work."""

import os
import shutil
import subprocess
import sys
import time
from contextlib import contextmanager


class CannotGoOn(Exception):
    """A step failed for a reason that the reader can mend; the text says how."""


@contextmanager
def step(title: str):
    """Print ``title`` and, when done, the seconds that it took."""
    print(f"==> {title} ...", end=" ", flush=True)
    started = time.monotonic()
    try:
        yield
    except BaseException:
        print("failed", flush=True)
        raise
    print(f"{time.monotonic() - started:.1f} s", flush=True)


def done(title: str) -> None:
    """Print a step that had nothing left to do."""
    print(f"==> {title}: ready", flush=True)


def run(command: list[str], remedy: str, **kwargs) -> str:
    """Run a command quietly; on failure show its last lines and the remedy."""
    try:
        result = subprocess.run(
            command,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            **kwargs,
        )
    except OSError as error:
        raise CannotGoOn(f"{command[0]}: {error}. {remedy}") from error
    if result.returncode:
        tail = "\n    ".join(result.stdout.strip().splitlines()[-12:])
        raise CannotGoOn(f"{' '.join(command[:4])} failed:\n    {tail}\n{remedy}")
    return result.stdout


def as_root() -> list[str] | None:
    """Prefix that gives root's rights, or None where there is no way."""
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo"):
        probe = subprocess.run(["sudo", "-n", "true"], capture_output=True)
        if probe.returncode == 0 or sys.stdin.isatty():
            return ["sudo"]
    return None


def apt_install(packages: list[str], remedy: str) -> None:
    """Install Debian packages; ``remedy`` tells what to do without root."""
    prefix = as_root()
    if prefix is None or not shutil.which("apt-get"):
        raise CannotGoOn(remedy)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    run([*prefix, "apt-get", "update", "-q"], remedy, env=environment)
    install = ["apt-get", "install", "-y", "-q", "--no-install-recommends"]
    run([*prefix, *install, *packages], remedy, env=environment)
