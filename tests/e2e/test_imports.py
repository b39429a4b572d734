"""Files of contacts on a real server: killed, cancelled, and two jobs at once."""

import base64
import os
import signal

import pytest
import requests

from dev.stack import Stack
from tests.demo import campaign as demo
from tests.e2e.test_interruptions import Campaigns

MODEL = "sms.contact.import"
LINES = 20_000
WRONG = LINES // 100
SLOW = """
    CREATE FUNCTION e2e_nap() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN PERFORM pg_sleep(0.3); RETURN NULL; END $$;
    CREATE TRIGGER e2e_nap AFTER UPDATE ON sms_contact_import_line
    FOR EACH STATEMENT EXECUTE FUNCTION e2e_nap();
"""


class Imports(Campaigns):
    """A running stack whose campaign manager imports files."""

    def begin(self, name: str) -> tuple[int, int]:
        """Press *Import* on a file; return campaign and import."""
        campaign = demo.import_contacts(self.manager, name, [], "realcred_margem")
        values = {
            "res_model": "contacts.realcred.campaign",
            "res_id": campaign,
            "file": base64.b64encode(self.file()).decode(),
            "file_name": "clientes.csv",
        }
        [found] = self.manager.call(MODEL, "create", vals_list=[values])
        for verb in ("action_read_file", "action_import"):
            self.manager.call(MODEL, verb, ids=[found])
        return campaign, found

    @staticmethod
    def file() -> bytes:
        """Every hundredth line has no number."""
        rows = [
            f"João {n};{'não tem' if n % 100 == 0 else f'(11) 9{n:08d}'}"
            for n in range(LINES)
        ]
        return "\r\n".join(["Nome;Celular", *rows]).encode("cp1252")

    def column(self, found: int, name: str) -> str:
        return self.sql(f"SELECT {name} FROM sms_contact_import WHERE id = {found}")

    def contacts(self, campaign: int) -> list[int]:
        """Contacts of a campaign, and how many different numbers they have."""
        counted = self.sql(
            "SELECT count(*) || ' ' || count(DISTINCT sms_phone)"
            f" FROM contacts_realcred_batch WHERE campaing_id = {campaign}"
        )
        return [int(number) for number in counted.split()]

    def report(self, found: int, login: str) -> requests.Response:
        """The report as a browser downloads it."""
        session = requests.Session()
        answer = session.post(
            f"{self.stack.url}/web/session/authenticate",
            json={"params": {"db": self.stack.name, "login": login, "password": login}},
        )
        assert answer.ok
        return session.get(f"{self.stack.url}/sms/import/{found}/refused.csv")


@pytest.fixture(scope="module")
def imports():
    stack = Stack("e2e_imports", workers=0)
    try:
        stack.start()
        found = Imports(stack)
        found.sql(SLOW)
        yield found
    finally:
        stack.stop()


def reached(imports, found, lines):
    """A condition: so many lines are imported."""
    return lambda: int(imports.column(found, "COALESCE(imported_count, 0)")) >= lines


def test_after_a_kill_no_line_is_lost_or_imported_twice(imports):
    campaign, found = imports.begin("Killed")
    imports.wait(60, reached(imports, found, 3000))
    os.killpg(imports.stack.odoo.process.pid, signal.SIGKILL)
    imports.stack.odoo.process.wait(10)
    assert imports.column(found, "state") == "running"
    imports.stack.odoo.start()
    imports.sweep_until(180, lambda: imports.column(found, "state") == "done")
    assert imports.contacts(campaign) == [LINES - WRONG] * 2
    assert int(imports.column(found, "imported_count")) == LINES - WRONG
    rows = imports.report(found, "manager").content.decode("utf-8-sig").splitlines()
    assert len(rows) == WRONG + 1
    assert imports.report(found, "salesperson").status_code == 403


def test_a_lost_job_is_made_anew_and_a_second_one_does_no_harm(imports):
    campaign, found = imports.begin("Doubled")
    imports.sql("DELETE FROM queue_job WHERE method_name = '_run_import'")
    imports.sweep_until(60, reached(imports, found, 1000))
    # As two sweepers may: the same job once more, due at once.
    imports.sql(
        """
        UPDATE queue_job SET state = 'pending', date_enqueued = NULL,
            date_started = NULL
        WHERE method_name = '_run_import' AND state != 'started'
        """
    )
    imports.sweep_until(180, lambda: imports.column(found, "state") == "done")
    assert imports.contacts(campaign) == [LINES - WRONG] * 2


def test_cancelling_takes_effect_within_a_page(imports):
    campaign, found = imports.begin("Cancelled")
    imports.wait(60, reached(imports, found, 2000))
    imports.manager.call(MODEL, "action_cancel", ids=[found])
    there = imports.contacts(campaign)
    busy = (
        "SELECT uuid FROM queue_job WHERE method_name = '_run_import'"
        " AND state IN ('pending', 'enqueued', 'started')"
    )
    imports.wait(30, lambda: not imports.sql(busy))
    assert imports.contacts(campaign) == there
    assert there[0] == int(imports.column(found, "imported_count")) < LINES - WRONG
    rows = imports.report(found, "manager").content.decode("utf-8-sig").splitlines()
    assert len(rows) - 1 == LINES - there[0]
    assert imports.column(found, "state") == "canceled"
