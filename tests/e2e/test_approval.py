"""A large campaign on a real server: another person's click, and it leaves."""

import os
from pathlib import Path

import pytest

from dev import server
from dev.stack import Stack
from tests.chrome import Chrome
from tests.demo.json2 import Json2, JsonError
from tests.e2e.test_schedule import CAMPAIGN, new_campaign, wait_for_state
from tests.photographer import Photographer

# Where a picture of each screen goes, for whoever wants to look.
PICTURES = os.environ.get("APPROVAL_PICTURES")
CAMPAIGNS = "action-contacts_realcred.contacts_realcred_campaign_action"
BANNER = "document.querySelector('.o_sms_approval')?.textContent"


@pytest.fixture(scope="module")
def stack():
    """The demo's stack, in a company that wants approval above two SMS."""
    running = Stack("e2e_approval", workers=0)
    try:
        running.start()
        admin = Json2(running.url, running.keys()["keys"]["admin"], running.name)
        limits = {"sms_approval_count": 2, "sms_approval_cost": 50}
        admin.call("res.company", "write", ids=[1], vals=limits)
        yield running
    finally:
        running.stop()


@pytest.fixture
def manager(stack):
    return Json2(stack.url, stack.keys()["keys"]["manager"], stack.name)


def person(stack, browser: Chrome, login: str) -> Photographer:
    return Photographer(browser, stack, login, PICTURES and Path(PICTURES))


def sent(stack) -> int:
    query = "SELECT count(*) FROM sms_message WHERE sent_date IS NOT NULL"
    return int(server.sql(stack.server, query, stack.name))


def test_who_sends_waits_and_who_approves_sends(stack, manager):
    campaign = new_campaign(manager, "Campanha grande de novembro")
    with Chrome() as browser:
        page = person(stack, browser, "manager")
        page.open(f"{CAMPAIGNS}/{campaign}", ".o_form_view")
        page.click("button[name=action_send_campaign]")
        page.click(".modal .btn-primary")
        wait_for_state(manager, campaign, "ready")
        browser.wait(f"{BANNER}?.includes('made or planned it yourself')")
        assert not browser.run("!!document.querySelector('button[name=approve]')")
        release = "button[name=action_sms_release]:not(.d-none)"
        assert not browser.run(f"!!document.querySelector({release!r})")
        page.shoot("approval-author")
    with pytest.raises(JsonError, match="approval by another person"):
        manager.call(CAMPAIGN, "action_sms_release", ids=[campaign])
    assert sent(stack) == 0
    with Chrome() as browser:
        page = person(stack, browser, "admin")
        page.open(f"{CAMPAIGNS}/{campaign}", ".o_form_view")
        page.click("button[name=approve]")
        browser.wait("document.querySelector('.modal')")
        page.shoot("approval-question")
        page.click(".modal .btn-primary")
        wait_for_state(manager, campaign, "done")
        page.open("sms-approvals")
        browser.wait("document.querySelector('.o_data_row')")
        page.shoot("approval-list")
        page.open("settings#sms_base_sr", ".settings")
        page.click(".settings_tab [data-key=sms_base_sr]")
        browser.run(
            "document.querySelector('[name=sms_approval_count]')"
            "?.scrollIntoView({block: 'center'})"
        )
        page.shoot("approval-settings")
    assert sent(stack) == 3


def test_a_plan_that_is_approved_waits_for_its_author(stack, manager):
    campaign = new_campaign(manager, "Planejada")
    manager.call(CAMPAIGN, "action_sms_plan", ids=[campaign])
    wait_for_state(manager, campaign, "ready")
    before = sent(stack)
    with Chrome() as browser:
        page = person(stack, browser, "admin")
        page.open(f"{CAMPAIGNS}/{campaign}", ".o_form_view")
        page.click("button[name=approve]")
        page.click(".modal .btn-primary")
        browser.wait(f"{BANNER}?.includes('Approved by')")
        page.shoot("approval-given")
    assert sent(stack) == before
    manager.call(CAMPAIGN, "action_sms_release", ids=[campaign])
    wait_for_state(manager, campaign, "done")
    assert sent(stack) == before + 3
