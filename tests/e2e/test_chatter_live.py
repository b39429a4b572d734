"""A contact's chatter in an open browser: the SMS's status changes without a reload."""

import time

import pytest
import requests

from dev import server
from dev.stack import Stack
from tests.chrome import Chrome
from tests.demo.json2 import Json2

NOTED = "SELECT id FROM mail_notification WHERE notification_status = 'pending'"
HEADER = "document.querySelector('.o-mail-Message .o-mail-Message-notification')"


@pytest.fixture(scope="module")
def stack():
    """A gateway that reports when the test says so."""
    running = Stack("e2e_chatter", workers=0)
    try:
        running.start()
        control(running, "settings", {"push": False})
        yield running
    finally:
        running.stop()


def control(stack, name: str, body: dict) -> None:
    url = f"{stack.simulator.url}/_control/{name}"
    requests.post(url, json=body, timeout=30).raise_for_status()


def test_the_status_in_the_messages_header_is_live(stack):
    manager = Json2(stack.url, stack.keys()["keys"]["manager"], stack.name)
    values = {"name": "Ana Aberta", "phone": "(11) 98765-4321"}
    [partner] = manager.call("res.partner", "create", vals_list=[values])
    control(stack, "fate", {"phone": "11987654321", "code": 3})
    sms = {"partner_id": partner, "body": "Olá"}
    [message] = manager.call("sms.message", "create", vals_list=[sms])
    manager.call("sms.message", "action_send", ids=[message])
    while not server.sql(stack.server, NOTED, stack.name):
        time.sleep(0.2)
    with Chrome() as browser:
        browser.login(stack.url, stack.name, "salesperson", "salesperson")
        browser.go(f"{stack.url}/odoo/res.partner/{partner}", ".o-mail-Chatter")
        browser.run("window.notReloaded = true, null")
        browser.wait(f"{HEADER}?.textContent.includes('SMS · sent')")
        control(stack, "deliver", {})
        browser.wait(f"{HEADER}?.textContent.includes('SMS · delivered')")
        assert browser.run("window.notReloaded") is True
