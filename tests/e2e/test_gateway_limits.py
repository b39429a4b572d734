"""The limits of the gateway, on a real server with two workers that send.

What several processes do to one row shows only here: they count in one window, stop
together, and go on together.
"""

import pytest

from dev.stack import Stack
from tests.e2e.test_interruptions import Campaigns

LIMIT, PERIOD, BATCH = 10, 4, 50


@pytest.fixture(scope="module")
def campaigns():
    stack = Stack("e2e_limits", workers=1)
    try:
        stack.start()
        yield Campaigns(stack)
    finally:
        stack.stop()


@pytest.fixture(autouse=True)
def small_gateway(campaigns):
    """Few calls in a short period; nothing but sending uses them up."""
    campaigns.control("reset", {})
    campaigns.sql(
        "TRUNCATE sms_run, sms_message, sms_batch CASCADE;"
        "DELETE FROM queue_job; DELETE FROM sms_provider_incident;"
        "UPDATE ir_cron SET active = FALSE WHERE cron_name LIKE 'SMS: fetch replies%';"
        f"UPDATE sms_provider SET rate_calls = {LIMIT}, rate_period = {PERIOD},"
        f" batch_size = {BATCH}, poll_delay = 86400, circuit_failures = 5,"
        " circuit_probe = 2;"
        "UPDATE sms_provider_health SET used = 0, window_end = NULL,"
        " blocked_until = NULL, limited_count = 0, rate_limit = NULL"
    )
    rates = {"invalid": 0, "blacklist": 0, "not_disturb": 0, "reply": 0}
    settings = {"rates": rates, "push": False}
    settings |= {"rate_limit": LIMIT, "rate_window": float(PERIOD)}
    campaigns.control("settings", settings)
    campaigns.control("faults", {"clear": True})


def send_all(campaigns, name: str, contacts: int = 1500) -> dict:
    """Send a campaign to its end; return what the gateway has seen."""
    campaigns.send(name, contacts)
    campaigns.wait(120, lambda: campaigns.run("state") == "done")
    return checked(campaigns, contacts)


def checked(campaigns, contacts: int) -> dict:
    """Everybody was reached once, no try was used up, no job failed."""
    campaigns.check_against_the_gateway()
    ledger = campaigns.control("ledger")
    assert ledger["accepted"] == contacts
    assert campaigns.sql("SELECT count(*) FROM sms_batch WHERE tries > 0") == "0"
    assert campaigns.sql("SELECT count(*) FROM queue_job WHERE state = 'failed'") == "0"
    return ledger


def kinds(campaigns) -> list[str]:
    """The provider's history."""
    return campaigns.sql("SELECT kind FROM sms_provider_incident ORDER BY id").split()


@pytest.mark.parametrize("headers", ["full", "absent", "garbage"])
def test_two_workers_never_call_more_often_than_is_allowed(campaigns, headers):
    campaigns.control("settings", {"rate_headers": headers})
    ledger = send_all(campaigns, f"Limit {headers}")
    assert ledger["requests"] == 1500 / BATCH
    assert "429" not in ledger["answers"]
    assert kinds(campaigns) == []


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "429", "retry_after": 3},
        {"kind": "429-bare"},
    ],
    ids=["with its wait", "bare"],
)
def test_after_a_refusal_all_workers_stop_and_go_on_by_themselves(campaigns, fault):
    campaigns.control("faults", {"times": 1, "skip": 3, **fault})
    ledger = send_all(campaigns, f"Refused {fault}", contacts=500)
    assert ledger["answers"]["429"] == 1
    assert kinds(campaigns) == ["limited"]


def test_a_gateway_that_is_down_is_left_alone_until_a_probe_finds_it(campaigns):
    simulator = campaigns.stack.simulator
    simulator.stop()
    campaigns.send("Down", 1000)
    opened = "SELECT 1 FROM sms_provider_health WHERE circuit_since IS NOT NULL"
    campaigns.wait(60, lambda: campaigns.sql(opened) == "1")
    calling = "SELECT 1 FROM queue_job WHERE method_name = '_send_batch'"
    calling += " AND state IN ('pending', 'enqueued', 'started') AND eta IS NULL"
    campaigns.wait(30, lambda: campaigns.sql(calling) == "")
    tried = "SELECT count(*) FROM sms_batch_attempt"
    # Two workers: the failures that open it, and those that were out by then.
    called = f"{tried} WHERE detail NOT LIKE 'circuit_open%'"
    assert int(campaigns.sql(called)) < 1000 / BATCH
    simulator.start()
    campaigns.wait(120, lambda: campaigns.run("state") == "done")
    campaigns.check_against_the_gateway()
    left = "SELECT count(*) FROM sms_message WHERE state IN ('draft', 'outgoing')"
    assert campaigns.sql(left) == "0"
    assert kinds(campaigns)[0] == "circuit"
    lasting = "SELECT count(*) FROM sms_provider_incident WHERE ended_at IS NULL"
    assert campaigns.sql(lasting) == "0"
    assert campaigns.sql("SELECT count(*) FROM queue_job WHERE state = 'failed'") == "0"
