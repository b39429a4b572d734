"""Browser tours on a real server: real jobs, real gateway calls, real webhooks."""

import json

import pytest

from dev.stack import Stack
from tests.chrome import Chrome, PageError
from tests.demo import campaign, recipients
from tests.demo.json2 import Json2

TOUR_SECONDS = 180


@pytest.fixture(scope="module")
def stack():
    """The demo's stack under a name of its own, with a campaign to send."""
    running = Stack("e2e_tours", workers=0)
    try:
        running.start()
        assert running.run_demo("--only-draft") == 0
        yield running
    finally:
        running.stop()


def run_tour(stack, login: str, tour: str, page: str = "odoo") -> None:
    """Run a tour as a user and fail with what the browser said."""
    with Chrome() as browser:
        browser.login(stack.url, stack.name, login, login)
        browser.go(f"{stack.url}/{page}?debug=tests", ".o_main_navbar")
        browser.wait("window.odoo.startTour")
        browser.run(f"odoo.startTour({json.dumps(tour)}, {{mode: 'auto'}}), null")
        wait_for_end(browser, tour)


def wait_for_end(browser, tour: str) -> None:
    """Wait for the line with which a tour ends."""

    def ended():
        for line in browser.console:
            if "tour succeeded" in line:
                return True
            if line.startswith(("error:", "exception:")):
                raise PageError("\n".join(browser.console[-12:]))
        return False

    for _try in range(TOUR_SECONDS * 5):
        browser.run("new Promise((done) => setTimeout(done, 200))")
        if ended():
            return
    raise PageError(f"{tour} did not end:\n" + "\n".join(browser.console[-12:]))


def test_a_manager_sends_a_campaign_and_watches_it(stack):
    run_tour(stack, "manager", "sms_campaign")


def test_one_sms_by_hand_becomes_delivered_and_shows_in_the_chatter(stack):
    manager = Json2(stack.url, stack.keys()["keys"]["manager"], stack.name)
    values = {"name": "Tour Exemplo", "phone": "(11) 98765-4321"}
    manager.call("res.partner", "create", vals_list=[values])
    run_tour(stack, "manager", "sms_single")


def test_a_careful_manager_reviews_tests_corrects_and_sends(stack):
    manager = Json2(stack.url, stack.keys()["keys"]["manager"], stack.name)
    contacts = recipients.make(120, seed=5)
    campaign.import_contacts(manager, "Tour: review", contacts, "realcred_margem")
    run_tour(stack, "manager", "sms_review")
