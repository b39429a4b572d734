"""``python3 -m dev <command>``: what the Makefile calls."""

import argparse
import shutil
import sys

from . import browser, odoo_source, postgres, virtualenv
from .paths import LOCAL, VENV
from .steps import CannotGoOn, done


def main(argv: list[str] | None = None) -> int:
    """Run one command; a :class:`CannotGoOn` ends it with one sentence."""
    parser = argparse.ArgumentParser(prog="dev")
    parser.add_argument("command", choices=sorted(COMMANDS))
    options = parser.parse_args(argv)
    try:
        return COMMANDS[options.command]() or 0
    except CannotGoOn as error:
        print(f"\nCannot go on: {error}", file=sys.stderr)
        return 1


def python_only() -> None:
    """Odoo's sources and the Python environment: enough for lint and fast tests."""
    virtualenv.make_environment(odoo_source.find_odoo())


def setup() -> None:
    """Everything that a server needs."""
    python_only()
    postgres.start()


def stop() -> None:
    """Stop what ``serve`` left running, then PostgreSQL."""
    from . import stack

    stack.stop()
    postgres.stop()


def clean() -> None:
    """Delete everything that set-up made inside the project."""
    stop()
    postgres.remove()
    for folder in (VENV, LOCAL):
        shutil.rmtree(folder, ignore_errors=True)
    done("Removed .venv and .local")


def demo() -> int:
    """The main job, from nothing to the summary."""
    from . import stack

    python_only()
    return stack.demo()


def serve() -> None:
    """The same stack, left running."""
    from . import stack

    python_only()
    stack.serve()


def test() -> int:
    """All tests."""
    from . import testing

    python_only()
    browser.ensure_browser()
    return testing.run_all()


def odoo_tests() -> int:
    """Odoo's own tests of SMS, with our addons and without."""
    from . import odoo_tests as own

    python_only()
    browser.ensure_browser()
    return own.run()


COMMANDS = {
    "python": python_only,
    "setup": setup,
    "stop": stop,
    "clean": clean,
    "demo": demo,
    "serve": serve,
    "test": test,
    "odoo-tests": odoo_tests,
}

if __name__ == "__main__":
    sys.exit(main())
