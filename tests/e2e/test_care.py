"""What people see and press when sending stops short, on a real server and browser."""

import json

import pytest

from dev.stack import Stack
from tests.chrome import Chrome
from tests.e2e.test_interruptions import Campaigns

CONTACTS = 3_000
CALM = {"invalid": 0, "blacklist": 0, "not_disturb": 0, "reply": 0}
# As recovery leaves a batch of which the gateway does not tell what became.
UNDECIDED = """
    UPDATE sms_batch SET state = 'unknown', needs_decision = TRUE,
        attempt_deadline = now() AT TIME ZONE 'UTC' - interval '2 hours',
        ask_at = now() AT TIME ZONE 'UTC' + interval '40 minutes' WHERE id = {batch};
    UPDATE sms_message SET state = 'draft', sent_date = NULL WHERE batch_id = {batch};
    UPDATE sms_batch_attempt SET outcome = 'unknown' WHERE batch_id = {batch};
"""
# As the last try leaves a batch that never reached the gateway.
FAILED = """
    UPDATE sms_batch SET state = 'failed', tries = 6 WHERE id = {batch};
    UPDATE sms_message SET state = 'error', failure_type = 'not_attempted',
        sent_date = NULL, cost = 0 WHERE batch_id = {batch};
    INSERT INTO sms_batch_touch (batch_id) VALUES ({batch});
"""


@pytest.fixture(scope="module")
def campaigns():
    stack = Stack("e2e_care", workers=0)
    try:
        stack.start()
        found = Campaigns(stack)
        found.control("settings", {"rates": CALM, "push": False})
        yield found
    finally:
        stack.stop()


@pytest.fixture
def done_run(campaigns):
    """A campaign whose three batches are all accepted; its batches' ids."""
    campaigns.sql("TRUNCATE sms_run, sms_message, sms_batch CASCADE")
    campaigns.sql("DELETE FROM queue_job")
    campaigns.send("Care", CONTACTS)
    campaigns.sweep_until(60, lambda: campaigns.run("state") == "done")
    ids = "SELECT id FROM sms_batch ORDER BY id"
    return [int(row) for row in campaigns.sql(ids).split()]


def press(browser: Chrome, name: str, confirm: bool = False) -> None:
    """Press a button of the form, and the dialog's where one asks."""
    selectors = [f"button[name={name}]"] + [".modal .btn-primary"] * confirm
    for selector in selectors:
        found = f"document.querySelector({json.dumps(selector)})"
        browser.wait(found)
        browser.run(f"{found}.click()")


def told(campaigns, model: str) -> str:
    """Who has an open activity about a record of a model."""
    return campaigns.sql(
        "SELECT u.login FROM mail_activity a JOIN res_users u ON u.id = a.user_id"
        f" WHERE a.active AND a.sms_alert IS NOT NULL AND a.res_model = '{model}'"
    )


def test_an_administrator_decides_about_a_batch_and_her_activity_closes(
    campaigns, done_run
):
    batch = done_run[0]
    campaigns.sql(UNDECIDED.format(batch=batch))
    campaigns.sweep_until(200, lambda: told(campaigns, "sms.batch") == "admin")
    stack = campaigns.stack
    with Chrome() as browser:
        browser.login(stack.url, stack.name, "admin", "admin")
        action = "action-sms_base_sr.sms_batch_action_undecided"
        browser.go(f"{stack.url}/odoo/{action}/{batch}", ".o_form_view")
        press(browser, "action_count_as_sent", confirm=True)
        state = f"SELECT state FROM sms_batch WHERE id = {batch}"
        campaigns.wait(20, lambda: campaigns.sql(state) == "sent")
    signed = (
        "SELECT decision, login FROM sms_batch_attempt a JOIN res_users u"
        f" ON u.id = a.decided_by_id WHERE batch_id = {batch}"
    )
    assert campaigns.sql(signed) == "count_as_sent|admin"
    assert told(campaigns, "sms.batch") == ""


def test_a_manager_is_told_and_tries_again_what_never_reached_the_gateway(
    campaigns, done_run
):
    campaigns.sql(FAILED.format(batch=done_run[-1]))
    campaigns.sweep_until(200, lambda: told(campaigns, "sms.run") == "manager")
    stack, run = campaigns.stack, campaigns.run("id")
    with Chrome() as browser:
        browser.login(stack.url, stack.name, "manager", "manager")
        browser.go(f"{stack.url}/odoo/sms-overview", ".o_sms_overview")
        tile = "document.querySelector('[data-tile=retriable]').textContent"
        assert browser.run(f"{tile}.trim()").endswith("1")
        browser.go(f"{stack.url}/odoo/sms-runs/{run}", ".o_form_view")
        press(browser, "action_try_again")
        sent = "SELECT count(*) FROM sms_message WHERE retry_of_id IS NOT NULL"
        sent += " AND sent_date IS NOT NULL"
        campaigns.wait(60, lambda: campaigns.sql(sent) == "1000")
        campaigns.sweep_until(60, lambda: campaigns.run("state") == "done")
    campaigns.sweep_until(200, lambda: told(campaigns, "sms.run") == "")
    assert "failed" not in campaigns.sql("SELECT DISTINCT state FROM queue_job")
