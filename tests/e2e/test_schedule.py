"""Schedules on a real server: the real cron starts them, or asks a person."""

import time
from datetime import UTC, datetime, timedelta

import pytest

from dev.stack import Stack
from tests.demo.json2 import Json2
from tests.e2e.test_tours import run_tour

CAMPAIGN = "contacts.realcred.campaign"
PASS_HOURS = """
env.cr.execute(
    "UPDATE sms_run SET date_start = date_start - interval '5 hours',"
    " date_latest_start = date_latest_start - interval '5 hours'"
    " WHERE state = 'scheduled'"
)
env.cr.commit()
"""


@pytest.fixture(scope="module")
def stack():
    """The demo's stack under a name of its own."""
    running = Stack("e2e_schedule", workers=0)
    try:
        running.start()
        yield running
    finally:
        running.stop()


@pytest.fixture
def manager(stack):
    """What the campaign manager may do."""
    return Json2(stack.url, stack.keys()["keys"]["manager"], stack.name)


def new_campaign(manager: Json2, name: str) -> int:
    """A campaign with three contacts."""
    values = {"name_campaign": name, "message": "Olá |NOME|"}
    [campaign] = manager.call(CAMPAIGN, "create", vals_list=[values])
    contacts = [
        {
            "name": f"Cliente {number}",
            "telefone1": f"(11) 98888-000{number}",
            "updated_limit": True,
            "campaing_id": campaign,
        }
        for number in range(3)
    ]
    manager.call("contacts.realcred.batch", "create", vals_list=contacts)
    return campaign


def schedule(manager: Json2, campaign: int, **dates: datetime) -> None:
    """Do what the dialog does."""
    action = manager.call(CAMPAIGN, "action_sms_schedule", ids=[campaign])
    dialog = [action["res_id"]]
    values = {name: f"{date:%Y-%m-%d %H:%M:%S}" for name, date in dates.items()}
    manager.call("sms.schedule", "write", ids=dialog, vals=values)
    manager.call("sms.schedule", "action_schedule", ids=dialog)


def wait_for_state(manager: Json2, campaign: int, state: str) -> None:
    """Wait until the campaign's run is in a state: the cron comes once a minute."""
    for _try in range(300):
        [row] = manager.call(CAMPAIGN, "read", ids=[campaign], fields=["sms_state"])
        if row["sms_state"] == state:
            return
        time.sleep(0.5)
    raise AssertionError(f"The campaign is {row['sms_state']}, not {state}")


def now() -> datetime:
    """UTC, without a zone, as Odoo stores it."""
    return datetime.now(UTC).replace(tzinfo=None)


def test_the_cron_starts_a_campaign_and_it_is_sent(manager):
    campaign = new_campaign(manager, "Starts by itself")
    schedule(manager, campaign, date_start=now() + timedelta(seconds=2))
    wait_for_state(manager, campaign, "scheduled")
    wait_for_state(manager, campaign, "done")
    [row] = manager.call(CAMPAIGN, "read", ids=[campaign], fields=["sms_summary"])
    assert row["sms_summary"]["sent"] == 3


def test_a_manager_schedules_in_the_dialog_and_sends_it_after_all(stack, manager):
    new_campaign(manager, "Tour: schedule")
    run_tour(stack, "manager", "sms_schedule")


@pytest.fixture
def down_for_hours(stack, tmp_path):
    """Let all that is scheduled be five hours older, as if the server had been down."""

    def pass_hours():
        script = tmp_path / "pass_hours.py"
        script.write_text(PASS_HOURS)
        stack.shell(script)

    return pass_hours


def test_what_was_not_sent_in_time_asks_the_manager(stack, manager, down_for_hours):
    campaign = new_campaign(manager, "Tour: too late")
    start = now() + timedelta(hours=1)
    latest = start + timedelta(hours=1)
    schedule(manager, campaign, date_start=start, date_latest_start=latest)
    wait_for_state(manager, campaign, "scheduled")
    down_for_hours()
    wait_for_state(manager, campaign, "ready")
    run_tour(stack, "manager", "sms_schedule_expired")
