"""What the tests on real servers share; run them with ``-p no:odoo``."""

import pytest

from dev import postgres, stack, testing
from tests.e2e.database import Database


@pytest.fixture(scope="session")
def running():
    """The project's PostgreSQL; stopped only where this run has started it."""
    found = postgres.start()
    yield found
    if found.started:
        postgres.stop()


@pytest.fixture(scope="session")
def template(running):
    """The name of a database with all addons installed."""
    testing.prepare_template(running)
    return testing.TEMPLATE


@pytest.fixture(scope="session")
def core(running):
    """The name of a database without our addons, but with all that they extend."""
    database = Database(running, "e2e_core")
    database.drop()
    database = Database(running, "e2e_core")
    extended = ("sms", "utm", "queue_job", "link_tracker", "crm", "mass_mailing_sms")
    database.install(*extended, *stack.STAND_IN_ADDONS)
    yield database.name
    database.drop()


@pytest.fixture
def new_database(running):
    """Make databases as copies of another; they are dropped after the test."""
    made = []

    def make(name: str, source: str) -> Database:
        made.append(Database(running, f"e2e_{name}"))
        return made[-1].copy_of(source)

    yield make
    for database in made:
        database.drop()
