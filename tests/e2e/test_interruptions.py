"""People and crashes in the middle of a campaign, on real servers.

Races between transactions do not show under test cursors: the buttons meet a real
planner here, and a killed server leaves real half-done work behind.
"""

import contextlib
import os
import signal
import time

import pytest
import requests

from dev import server
from dev.stack import Stack
from tests.demo import campaign as demo
from tests.demo.json2 import Json2
from tests.faults.world import wake_crons

CONTACTS = 20_000
MODEL = "contacts.realcred.campaign"
SWEEP_NOW = """
    INSERT INTO ir_cron_trigger (cron_id, call_at)
    SELECT res_id, now() AT TIME ZONE 'UTC' FROM ir_model_data
    WHERE module = 'sms_base_sr' AND name = 'ir_cron_sweep';
    SELECT pg_notify('queue_job', 'nobody') IS NULL
"""


class Campaigns:
    """A running stack, its campaign manager and the gateway's simulator."""

    def __init__(self, stack: Stack):
        self.stack = stack
        self.manager = Json2(stack.url, stack.keys()["keys"]["manager"], stack.name)

    def sql(self, query: str) -> str:
        return server.sql(self.stack.server, query, self.stack.name)

    def control(self, name: str, body: dict | None = None) -> dict:
        url = f"{self.stack.simulator.url}/_control/{name}"
        method = "GET" if body is None else "POST"
        answer = requests.request(method, url, json=body)
        answer.raise_for_status()
        return answer.json()

    def send(self, name: str, count: int = CONTACTS) -> int:
        """Make a campaign of contacts with a number each, and press *Send SMS*."""
        contacts = demo.import_contacts(self.manager, name, [], "realcred_margem")
        self.sql(
            f"""
            INSERT INTO contacts_realcred_batch (name, cpf, telefone1, sms_phone,
                vi_rmi, updated_limit, campaing_id)
            SELECT 'Ana ' || n, lpad(n::text, 11, '0'), '1190' || lpad(n::text, 7, '0'),
                '+551190' || lpad(n::text, 7, '0'), 1000, TRUE, {contacts}
            FROM generate_series(1, {count}) n
            """
        )
        demo.send(self.manager, contacts)
        return contacts

    def press(self, verb: str, contacts: int) -> float:
        """Press a button; return the seconds until it answers."""
        started = time.monotonic()
        self.manager.call(MODEL, f"action_sms_{verb}", ids=[contacts])
        return time.monotonic() - started

    def run(self, column: str) -> str:
        """One column of the newest run."""
        return self.sql(f"SELECT {column} FROM sms_run ORDER BY id DESC LIMIT 1")

    def wait(self, seconds: float, condition) -> None:
        """Wait until a condition holds."""
        deadline = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < deadline, self.sql(
                "SELECT run_id, state, failure_reason, count(*) FROM sms_batch"
                " GROUP BY 1, 2, 3 ORDER BY 1, 2"
            )
            time.sleep(0.1)

    def sweep_until(self, seconds: float, condition) -> None:
        """As :meth:`wait`; sweeper and runner look at once, not once a minute."""
        looked = 0.0

        def swept() -> bool:
            nonlocal looked
            if time.monotonic() > looked + 2:
                looked = time.monotonic()
                self.sql(SWEEP_NOW)
                wake_crons(self.stack)
            return condition()

        self.wait(seconds, swept)

    @contextlib.contextmanager
    def slow_planner(self):
        """Half a second more for each page, so that people are always faster."""
        self.sql(
            """
            CREATE FUNCTION e2e_nap() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN PERFORM pg_sleep(0.5); RETURN NULL; END $$;
            CREATE TRIGGER e2e_nap AFTER INSERT ON sms_message
            FOR EACH STATEMENT EXECUTE FUNCTION e2e_nap();
            """
        )
        yield
        self.sql("DROP FUNCTION e2e_nap() CASCADE")

    def planner_rests(self) -> bool:
        """Whether no planning job waits or runs."""
        return not self.sql(
            "SELECT uuid FROM queue_job WHERE method_name = 'process_sms_campaign'"
            " AND state IN ('pending', 'enqueued', 'started')"
        )

    def planned(self) -> int:
        return int(self.run("COALESCE(recipient_count, 0)"))

    def check_against_the_gateway(self) -> None:
        """Nobody was texted twice, and what is called sent is what was accepted."""
        ledger = self.control("ledger")
        assert not any(ledger["duplicates"].values())
        accepted = {m["reference"] for m in self.control("messages")["messages"]}
        sent = "SELECT reference FROM sms_message WHERE sent_date IS NOT NULL"
        ours = self.sql(f"{sent} AND direction = 'outgoing'")
        assert set(ours.split()) == accepted


@pytest.fixture(scope="module")
def campaigns():
    stack = Stack("e2e_interruptions", workers=0)
    try:
        stack.start()
        yield Campaigns(stack)
    finally:
        stack.stop()


@pytest.fixture(autouse=True)
def calm_gateway(campaigns):
    """Everything is accepted after half a second, and nobody answers."""
    campaigns.control("reset", {})
    campaigns.sql("TRUNCATE sms_run, sms_message, sms_batch CASCADE")
    rates = {"invalid": 0, "blacklist": 0, "not_disturb": 0, "reply": 0}
    campaigns.control("settings", {"rates": rates, "push": False})
    campaigns.control("faults", {"kind": "slow", "times": None, "seconds": 0.5})


def test_buttons_work_while_a_campaign_is_planned(campaigns):
    with campaigns.slow_planner():
        contacts = campaigns.send("Pressed")
        campaigns.wait(20, lambda: campaigns.planned() >= 2000)
        campaigns.press("pause", contacts)
        paused_at = campaigns.planned()
        assert (campaigns.run("state"), paused_at < CONTACTS) == ("paused", True)
        campaigns.wait(20, campaigns.planner_rests)
        assert campaigns.planned() == paused_at
        campaigns.press("resume", contacts)
        campaigns.wait(20, lambda: campaigns.planned() > paused_at)
        campaigns.press("cancel", contacts)
        assert campaigns.run("state") == "canceled"
        campaigns.wait(20, campaigns.planner_rests)
        assert campaigns.planned() < CONTACTS
    # Who was reached is not texted by the second run, and everybody else is.
    demo.send(campaigns.manager, contacts)
    for _time in range(3):
        campaigns.press("pause", contacts)
        campaigns.press("resume", contacts)
    campaigns.wait(180, lambda: campaigns.run("state") == "done")
    campaigns.check_against_the_gateway()
    assert campaigns.control("ledger")["accepted"] == CONTACTS
    assert "bad query" not in campaigns.stack.log.read_text()


def test_a_killed_server_sends_nothing_twice(campaigns):
    # Slow enough that the kill meets calls under way.
    campaigns.control("faults", {"clear": True})
    campaigns.control("faults", {"kind": "slow", "times": None, "seconds": 3})
    campaigns.send("Killed")
    sending = "SELECT count(*) FROM sms_batch WHERE state = 'sending'"
    campaigns.wait(60, lambda: campaigns.control("ledger")["requests"] >= 4)
    campaigns.wait(20, lambda: campaigns.sql(sending) == "2")
    os.killpg(campaigns.stack.odoo.process.pid, signal.SIGKILL)
    campaigns.stack.odoo.process.wait(10)
    assert campaigns.sql(sending) != "0"
    campaigns.control("faults", {"clear": True})
    # As if it came back after the deadline, which is three minutes.
    campaigns.sql("UPDATE sms_batch SET attempt_deadline = now() - interval '1 hour'")
    campaigns.stack.odoo.start()
    # What is unknown counts once the gateway was asked; a job of its own does that.
    waiting = "SELECT count(*) FROM sms_batch b LEFT JOIN sms_batch_attempt a"
    waiting += " ON a.batch_id = b.id WHERE b.state NOT IN ('sent', 'unknown')"
    waiting += " OR (b.state = 'unknown' AND COALESCE(a.asked_count, 0) = 0)"
    campaigns.sweep_until(300, lambda: campaigns.sql(waiting) == "0")
    campaigns.check_against_the_gateway()
    accepted = campaigns.control("ledger")["accepted"]
    unknown = "SELECT count(*) FROM sms_message m JOIN sms_batch b ON b.id = batch_id"
    unknown = int(campaigns.sql(f"{unknown} WHERE b.state = 'unknown'"))
    # Killed between the claim and the call: the gateway knows nothing of it.
    assert accepted + unknown == CONTACTS
