"""Our screens on a telephone and a tablet, and by the keyboard alone."""

import base64
import os
from pathlib import Path

import pytest
import requests

from dev.stack import Stack
from tests.chrome import Chrome
from tests.demo import campaign as demo
from tests.demo import recipients
from tests.e2e.narrow_page import NarrowPage
from tests.e2e.test_imports import MODEL as IMPORT
from tests.e2e.test_imports import Imports
from tests.e2e.test_interruptions import Campaigns

WIDTHS = (390, 768)
CALM = {"invalid": 0, "blacklist": 0, "not_disturb": 0, "reply": 0.3}
FAILING = {**CALM, "expired": 0.3, "not_delivered": 0.2, "rejected": 0}
CAMPAIGNS = "action-contacts_realcred.contacts_realcred_campaign_action"
MODEL = "contacts.realcred.campaign"
# Where a picture of each screen goes, for whoever wants to look.
PICTURES = os.environ.get("NARROW_PICTURES")


class Screens(Campaigns):
    """Campaigns in each state that has a screen of its own."""

    def prepare(self) -> None:
        self.control("settings", {"rates": FAILING, "push": True})
        self.done = self.send("Campanha de margem de novembro", 60)
        self.sweep_until(120, lambda: self.run("state") == "done")
        answered = "SELECT count(*) FROM sms_message WHERE direction = 'incoming'"
        self.wait(120, lambda: int(self.sql(answered)) > 3)
        failed = (
            "SELECT count(*) FROM sms_batch_stat WHERE state IN ('expired', 'error')"
        )
        self.wait(120, lambda: int(self.sql(failed)) > 0)
        contacts = recipients.make(60, seed=5)
        self.planned = demo.import_contacts(
            self.manager, "Oferta planejada", contacts, "realcred_margem"
        )
        self.manager.call(MODEL, "action_sms_plan", ids=[self.planned])
        self.wait(60, lambda: self.run("state") == "ready")
        self.import_ = self.read_file()

    def read_file(self) -> int:
        """An import whose columns are shown, with its preview."""
        values = {
            "res_model": MODEL,
            "res_id": self.planned,
            "file": base64.b64encode(Imports.file()).decode(),
            "file_name": "clientes-de-novembro-do-convenio.csv",
        }
        [found] = self.manager.call(IMPORT, "create", vals_list=[values])
        self.manager.call(IMPORT, "action_read_file", ids=[found])
        return found


@pytest.fixture(scope="module")
def screens():
    stack = Stack("e2e_narrow", workers=0)
    try:
        stack.start()
        found = Screens(stack)
        found.prepare()
        yield found
    finally:
        stack.stop()


@pytest.fixture
def page(screens):
    stack = screens.stack
    with Chrome(390, 844) as browser:
        browser.login(stack.url, stack.name, "manager", "manager")
        yield NarrowPage(browser, stack.url)


def shoot(page: NarrowPage, name: str, width: int) -> None:
    if PICTURES:
        page.browser.shoot(Path(PICTURES) / f"{name}-{width}.png")


def settle(page: NarrowPage) -> None:
    """Fonts and animations are there: two frames without any change."""
    page.browser.run("document.fonts.ready.then(() => null)")
    page.browser.run(
        "new Promise((done) => requestAnimationFrame(() =>"
        " requestAnimationFrame(() => done(null))))"
    )
    page.browser.wait(
        "document.getAnimations().every((a) => a.playState !== 'running'"
        " || a.effect.getTiming().iterations === Infinity)"
    )


# A card on a telephone, a line elsewhere.
RECORDS = ".o_kanban_record:not(.o_kanban_ghost), .o_data_row"
SCREENS = {
    "overview": ("sms-overview", "[data-provider]", None),
    "results": (f"{CAMPAIGNS}/{{done}}", ".o_sms_results", None),
    "retry": (
        f"{CAMPAIGNS}/{{done}}",
        ".o_sms_results",
        "button[name=action_sms_retry_failed]",
    ),
    "review": (f"{CAMPAIGNS}/{{planned}}", ".o_sms_sample", None),
    "schedule": (
        f"{CAMPAIGNS}/{{planned}}",
        ".o_sms_sample",
        "button[name=action_sms_schedule]",
    ),
    "import": (
        "action-sms_base_sr.sms_contact_import_action/{import_}",
        ".o_form_view .o_field_x2many",
        None,
    ),
    "imports": (
        "action-sms_base_sr.sms_contact_import_action",
        RECORDS,
        None,
    ),
    "replies": ("sms-replies", RECORDS, None),
    "messages": (
        "sms-messages",
        RECORDS,
        None,
    ),
    "message": ("sms-messages/{message}", ".o_form_view", None),
}


@pytest.mark.parametrize("name", SCREENS)
def test_nothing_is_cut_off_or_must_be_pushed_sideways(screens, page, name):
    path, selector, button = SCREENS[name]
    message = screens.sql("SELECT max(id) FROM sms_message WHERE state = 'delivered'")
    for width in WIDTHS:
        page.resize(width)
        path_here = path.format(**vars(screens), message=message)
        page.open(path_here, selector)
        if button:
            open_dialog(page, button)
        settle(page)
        shoot(page, name, width)
        assert page.sticking_out() == [], (name, width)


def open_dialog(page: NarrowPage, button: str) -> None:
    """Press a button of the header, which telephones keep behind a menu."""
    menu = ".o_statusbar_buttons .o-dropdown, .o_cp_action_menus ~ button"
    if not page.browser.run(f"Boolean(document.querySelector('{button}'))"):
        page.click(f"{menu}, .o_form_statusbar button.dropdown-toggle")
    page.click(button)
    page.browser.wait("document.querySelector('.modal .o_form_view')")


# -- the keyboard ----------------------------------------------------------------------


def test_tab_reaches_the_overviews_buttons_in_reading_order(screens, page):
    page.resize(1280)
    page.open("sms-overview", "[data-provider]")
    stops = page.tab_stops(".o_sms_overview", 40)
    expected = [
        "data-today=sent",
        "data-today=delivered",
        "data-today=failed",
        "data-today=replies",
        "data-today=cost",
        "data-tile=unanswered",
    ]
    assert stops[: len(expected)] == expected, stops
    assert any(stop.startswith("data-provider") for stop in stops)
    # What opens nothing is no stop.
    assert "data-tile=sweeper" not in stops


@pytest.mark.parametrize("key", [("Enter", 13, "\r"), ("Space", 32, " ")])
def test_a_reason_opens_its_list_by_the_keyboard(screens, page, key):
    name, code, text = key
    page.resize(1280)
    page.open(f"{CAMPAIGNS}/{screens.done}", ".o_sms_results")
    focused = page.tab_to("data-reason=expired")
    assert focused["tag"] == "button" and focused["seen"], focused
    page.press(" " if name == "Space" else name, code, text)
    page.browser.wait("document.querySelector('.o_list_view .o_data_row')")


def test_what_is_left_out_opens_by_the_keyboard(screens, page):
    page.resize(1280)
    page.open(f"{CAMPAIGNS}/{screens.planned}", ".o_sms_excluded button")
    reason = page.browser.run(
        "document.querySelector('.o_sms_excluded button').dataset.reason"
    )
    focused = page.tab_to(f"data-reason={reason}")
    assert focused["tag"] == "button" and focused["seen"], focused
    page.press("Enter", 13, "\r")
    page.browser.wait("document.querySelector('.o_list_view .o_data_row')")


def test_what_failed_is_tried_again_and_counted_once(screens, page):
    """The dialog, real calls to the gateway, and its reports."""
    before = summary(screens)
    screens.control("settings", {"rates": {**CALM, "reply": 0, "silent": 0}})
    for number in failed_numbers(screens):
        fate = f"{screens.stack.simulator.url}/_control/fate"
        requests.post(fate, json={"phone": number, "code": 3}, timeout=30)
    page.resize(1280)
    page.open(f"{CAMPAIGNS}/{screens.done}", ".o_sms_results")
    page.click("button[name=action_sms_retry_failed]")
    page.browser.wait("document.querySelectorAll('.modal .o_data_row').length == 2")
    page.click(".modal button[name=action_retry]")
    page.browser.wait("!document.querySelector('.modal')")
    screens.sweep_until(120, lambda: summary(screens)["delivered"] == before["sent"])
    after = summary(screens)
    assert (after["sent"], after["failed"]) == (before["sent"], 0)
    assert after["cost"] > before["cost"]
    twice = (
        "SELECT count(*) FROM (SELECT 1 FROM sms_message WHERE state = 'delivered'"
        " AND direction = 'outgoing' GROUP BY run_id, phone HAVING count(*) > 1) x"
    )
    assert screens.sql(twice) == "0"


def summary(screens) -> dict:
    return demo.read_summary(screens.manager, screens.done)


def failed_numbers(screens) -> list[str]:
    return screens.sql(
        "SELECT phone FROM sms_message WHERE state IN ('error', 'expired')"
    ).split()
