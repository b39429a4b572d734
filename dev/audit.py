"""``make audit``: what is known of the pinned dependencies.

Asks ``pip-audit`` where its data can be reached. Where it cannot, that is said, and
what can be known offline is checked: everything is pinned, what is installed is what
is pinned, and the packages that guard templates, secrets and calls are at least of
the version that mended what we know of. Silence of a service is never taken for
*nothing found*.
"""

import importlib.metadata
import json
import re
import subprocess
import sys
from collections.abc import Iterator

from packaging.version import Version

from .paths import DEV, VENV

LOCKS = ("requirements.lock", "requirements-oca.lock")
PIN = re.compile(r"(?P<name>[\w.-]+)==(?P<version>[\w.+!]+)")
PIP_AUDIT = "pip-audit==2.10.1"
# The first version without a flaw that would matter here; the newest such flaw.
FLOORS = {
    "cryptography": ("42.0.4", "CVE-2024-26130"),
    "jinja2": ("3.1.6", "CVE-2025-27516, out of the sandbox"),
    "pillow": ("10.3.0", "CVE-2024-28219"),
    "pyjwt": ("2.4.0", "CVE-2022-29217, confusion of algorithms"),
    "requests": ("2.32.4", "CVE-2024-47081, credentials to another host"),
    "urllib3": ("2.5.0", "CVE-2025-50181, redirects"),
    "werkzeug": ("3.0.6", "CVE-2024-49767, memory by forms"),
}


def main() -> int:
    """Print what was found and return the exit code."""
    pinned, problems = read_pins(), list(offline_problems())
    print(f"Offline: {len(pinned)} pins, {len(FLOORS)} floors looked at.")
    answered, found = ask_pip_audit()
    if answered:
        print(f"pip-audit: answered for {answered} of {len(pinned)} packages.")
    else:
        print("pip-audit: its data cannot be reached from here; nothing is known.")
    for line in [*problems, *found]:
        print(line)
    return 1 if problems or found else 0


def read_pins() -> dict[str, str]:
    """``{name: version}`` of the lock files, names as packaging writes them."""
    pins = {}
    for lock in LOCKS:
        for line in requirement_lines(lock):
            if match := PIN.fullmatch(line):
                pins[normal(match["name"])] = match["version"]
    return pins


def requirement_lines(lock: str) -> list[str]:
    """Lines of a lock file that name a package."""
    lines = (DEV / lock).read_text().splitlines()
    return [line.strip() for line in lines if line.strip() and line[0] not in "#-"]


def normal(name: str) -> str:
    """A package's name as packaging compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def offline_problems() -> Iterator[str]:
    """What the lock files and the environment say without asking anybody."""
    for lock in LOCKS:
        for line in requirement_lines(lock):
            if not PIN.fullmatch(line):
                yield f"{lock}: not pinned: {line}"
    pins = read_pins()
    yield from below_floors(pins)
    for name, version in pins.items():
        found = installed(name)
        if found and found != version:
            yield f"{name}: pinned {version}, installed {found}"


def below_floors(pins: dict[str, str]) -> Iterator[str]:
    """Pins that are older than the version that mended a known flaw."""
    for name, (floor, flaw) in FLOORS.items():
        if name not in pins:
            yield f"{name}: is not pinned"
        elif Version(pins[name]) < Version(floor):
            yield f"{name} {pins[name]}: at least {floor} is needed ({flaw})"


def installed(name: str) -> str | None:
    """The version in the environment, or None."""
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None


def ask_pip_audit() -> tuple[int, list[str]]:
    """How many packages it knew, and what it found in them."""
    command = [str(VENV / "bin" / "uv"), "tool", "run", PIP_AUDIT, "--no-deps"]
    command += ["--disable-pip", "--progress-spinner", "off", "-f", "json"]
    command += ["-r", str(DEV / LOCKS[0])]
    try:
        result = subprocess.run(command, capture_output=True, text=True, timeout=300)
        return read_answer(result.stdout)
    except (KeyError, OSError, ValueError, subprocess.TimeoutExpired):
        return 0, []


def read_answer(text: str) -> tuple[int, list[str]]:
    """Count those that were looked up: one that was skipped is not known to be fine."""
    answered, found = 0, []
    for package in json.loads(text)["dependencies"]:
        if "skip_reason" in package:
            continue
        answered += 1
        for flaw in package.get("vulns", []):
            fixed = ", ".join(flaw.get("fix_versions", [])) or "no version yet"
            name = f"{package['name']} {package['version']}"
            found.append(f"{name}: {flaw['id']}, mended in {fixed}")
    return answered, found


if __name__ == "__main__":
    sys.exit(main())
