"""The virtual environment: locked dependencies, OCA addons, and Odoo on its path."""

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

from .paths import DEV, VENV, python
from .steps import CannotGoOn, apt_install, done, run, step

LOCK = DEV / "requirements.lock"
# OCA wheels ask for a distribution "odoo==19.0.*" that no index has.
OCA_LOCK = DEV / "requirements-oca.lock"
STAMP = VENV / ".installed"
SYSTEM_CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")
NETWORK = "Check the network, or point pip at your own index, and run it again."


def make_environment(odoo_home: Path) -> None:
    """Create or refresh ``.venv``; nothing is done when the locks are unchanged."""
    wanted = fingerprint(odoo_home)
    if STAMP.exists() and STAMP.read_text() == wanted:
        done("Python environment")
        return
    if sys.version_info < (3, 11):
        raise CannotGoOn("Python 3.11 or newer is needed: install it and use it.")
    with step("Python environment: creating"):
        create()
    with step("Python environment: installing locked dependencies"):
        install()
    link_odoo(odoo_home)
    STAMP.write_text(wanted)


def fingerprint(odoo_home: Path) -> str:
    """Changes with the locks, the interpreter and the place of Odoo."""
    digest = hashlib.sha256()
    for lock in (LOCK, OCA_LOCK):
        digest.update(lock.read_bytes())
    digest.update(f"{sys.version}{odoo_home}{Path(__file__).read_text()}".encode())
    return digest.hexdigest()


def create() -> None:
    """Make the environment anew, installing Debian's ``python3-venv`` if needed."""
    shutil.rmtree(VENV, ignore_errors=True)
    command = [sys.executable, "-m", "venv", str(VENV)]
    if subprocess.run(command, capture_output=True).returncode:
        shutil.rmtree(VENV, ignore_errors=True)
        remedy = "Python cannot make virtual environments: install python3-venv."
        apt_install(["python3-venv"], remedy)
        run(command, remedy)


def install() -> None:
    """Install with uv, which takes seconds where pip takes minutes."""
    run([python(), "-m", "pip", "install", "-q", "uv==0.13.9"], NETWORK)
    uv = [str(VENV / "bin" / "uv"), "pip", "install", "-q", "--python", python()]
    if SYSTEM_CERTIFICATES.exists():
        # As pip does: a company's own proxy is known to the system only.
        uv.append("--system-certs")
    run([*uv, "-r", str(LOCK)], NETWORK)
    run([*uv, "--no-deps", "-r", str(OCA_LOCK)], NETWORK)


def link_odoo(odoo_home: Path) -> None:
    """Put Odoo on the path and give it a start script.

    Prefork needs a script: ``python -m odoo`` cannot start its gevent child again.
    """
    site = next((VENV / "lib").glob("python3*/site-packages"))
    (site / "odoo-19.pth").write_text(f"{odoo_home}\n")
    script = VENV / "bin" / "odoo"
    script.write_text(
        f"#!{python()}\nimport odoo.cli\n\n"
        'if __name__ == "__main__":\n    odoo.cli.main()\n'
    )
    script.chmod(0o755)
