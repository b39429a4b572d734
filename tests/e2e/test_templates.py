"""Templates on a real server: the form as one types; attacks that change nothing."""

import json
import os
import runpy
from pathlib import Path

import pytest

from dev.paths import ROOT
from dev.stack import Stack
from tests.chrome import Chrome
from tests.demo import campaign as demo
from tests.demo import recipients
from tests.demo.json2 import Json2, JsonError
from tests.e2e.narrow_page import NarrowPage

BOX = ".o_field_widget[name=message_template] textarea"
BUBBLE = ".o_sms_template_preview .o_sms_bubble"
CAMPAIGN = "contacts.realcred.campaign"
# Where a picture of the form goes, for whoever wants to look.
PICTURES = os.environ.get("TEMPLATE_PICTURES")
# Of a whole server: what thousands of hostile texts may add to its memory.
MEGABYTES = 150


@pytest.fixture(scope="module")
def stack():
    """The demo's stack under a name of its own, with a campaign of contacts."""
    running = Stack("e2e_templates", workers=0)
    try:
        running.start()
        manager = Json2(running.url, running.keys()["keys"]["manager"], running.name)
        contacts = recipients.make(300, seed=7)
        demo.import_contacts(manager, "Templates", contacts, "realcred_margem")
        yield running
    finally:
        running.stop()


@pytest.fixture(scope="module")
def admin(stack):
    """The administrator's interface for programs."""
    return Json2(stack.url, stack.keys()["keys"]["admin"], stack.name)


# -- the form --------------------------------------------------------------------------


class Form:
    """The template form in a browser, used as a person does."""

    def __init__(self, browser: Chrome, stack: Stack, login: str):
        self.browser, self.url = browser, stack.url
        browser.login(stack.url, stack.name, login, login)

    def open(self, record: int) -> None:
        path = "action-sms_base_sr.sms_template_action"
        self.browser.go(f"{self.url}/odoo/{path}/{record}", BUBBLE)

    def write(self, text: str) -> None:
        """Replace the text by typing."""
        self.browser.run(
            f"(() => {{ const box = document.querySelector('{BOX}');"
            " box.focus(); box.select(); })(), null"
        )
        self.browser.send("Input.insertText", text=text)

    def click(self, selector: str) -> None:
        found = f"document.querySelector({json.dumps(selector)})"
        self.browser.wait(found)
        self.browser.run(f"{found}.click()")

    def wait_text(self, selector: str, part: str) -> str:
        """Wait until an element holds some words; return all of its text."""
        found = f"document.querySelector({json.dumps(selector)})?.textContent"
        self.browser.wait(f"{found}?.includes({json.dumps(part)})")
        return self.browser.run(found)

    def is_there(self, selector: str) -> bool:
        return self.browser.run(f"!!document.querySelector({json.dumps(selector)})")

    def shoot(self, name: str) -> None:
        if PICTURES:
            self.browser.shoot(Path(PICTURES) / f"{name}.png")


def template_of(admin: Json2, code: str) -> int:
    [found] = admin.call("sms.template", "search", domain=[["code", "=", code]])
    return found


def test_the_preview_follows_what_is_typed(stack, admin):
    record = template_of(admin, "realcred_margem")
    stored = admin.call(
        "sms.template", "read", ids=[record], fields=["message_template"]
    )
    with Chrome(1400, 1000) as browser:
        form = Form(browser, stack, "admin")
        form.open(record)
        form.wait_text(BUBBLE, "Sua margem")
        form.wait_text(".o_sms_template_size", "SMS")
        form.shoot("template-form")
        form.write("Bom dia, ")
        form.wait_text(BUBBLE, "Bom dia,")
        # A click puts the variable where the cursor is, and its value into the text.
        form.click("[data-variable=first_name]")
        shown = form.wait_text(BUBBLE, "Bom dia, ")
        browser.wait(
            f"/Bom dia, \\S/.test(document.querySelector('{BUBBLE}').textContent)"
        )
        assert browser.run(f"document.querySelector('{BOX}').value") == (
            "Bom dia, {{ first_name }}"
        )
        assert "{{" not in shown
        browser.wait("document.querySelector('[data-variable=first_name] .fa-check')")
        # An unknown variable is named, and so is a text that cannot be read.
        form.write("Bom dia {{ nmae }}")
        form.wait_text(".o_sms_template_unknown code", "nmae")
        assert not form.is_there(BUBBLE)
        form.shoot("template-unknown")
        form.write("Bom dia {{ nome")
        form.wait_text(".o_sms_template_error", "line 1")
        # A value that the contact does not have leaves the contact out.
        form.write("Vence em {{ proxima_parcela_data }}")
        form.wait_text(".o_sms_template_missing", "proxima_parcela_data")
        form.wait_text(BUBBLE, "[proxima_parcela_data]")
        form.shoot("template-missing")
        form.click("button[name=preview_next]")
        form.wait_text(BUBBLE, "[proxima_parcela_data]")
        assert not [line for line in browser.console if line.startswith("exception")]
    # Nothing of it was saved.
    assert stored == admin.call(
        "sms.template", "read", ids=[record], fields=["message_template"]
    )


def test_a_text_is_tried_on_many_from_the_form(stack, admin):
    record = template_of(admin, "realcred_lembrete")
    with Chrome(1400, 1000) as browser:
        form = Form(browser, stack, "admin")
        form.open(record)
        form.click("button[name=action_sms_test_render]")
        form.wait_text(".modal [data-missing=proxima_parcela_data]", "200")
        form.shoot("template-on-many")


def test_who_only_reads_sees_the_preview_without_a_box(stack, admin):
    record = template_of(admin, "realcred_margem")
    with Chrome(1400, 1000) as browser:
        form = Form(browser, stack, "manager")
        form.open(record)
        form.wait_text(BUBBLE, "Sua margem")
        assert not form.is_there(BOX)
        assert form.is_there("[data-variable=name][disabled]")


def test_the_form_fits_on_a_telephone_and_works_by_keyboard(stack, admin):
    record = template_of(admin, "realcred_margem")
    with Chrome(1400, 1000) as browser:
        form = Form(browser, stack, "admin")
        page = NarrowPage(browser, stack.url)
        for width in (390, 768):
            page.resize(width)
            form.open(record)
            form.wait_text(BUBBLE, "Sua margem")
            form.shoot(f"template-{width}")
            assert not page.sticking_out()
        page.resize(1400)
        form.open(record)
        form.write("Oi ")
        focused = page.tab_to("data-variable=first_name")
        assert focused["seen"]
        page.press("Enter", 13, "\r")
        browser.wait(
            f"document.querySelector('{BOX}').value === 'Oi {{{{ first_name }}}}'"
        )


# -- attacks ---------------------------------------------------------------------------


def attacks() -> dict:
    """The same corpus as the tests of the language itself."""
    path = ROOT / "sms_base_sr" / "tests" / "template_attacks.py"
    return runpy.run_path(str(path))


def bombs() -> list[str]:
    """Texts that need only what every text has."""
    loop = "{% set a = 'yyyyyyyy' %}" + "{% for i in range(100) %}"
    return [
        "{% set a = 'ab' %}" + "{% set a = a ~ a %}" * 40 + "{{ a }}",
        "{% set a = 9 %}" + "{% set a = a * a %}" * 60 + "{{ a }}",
        "{{ range(1000000000)|join }}",
        "{{ 'x' * 1000000000 }}",
        "{{ '%1000000000d' % 1 }}",
        loop + "{% set b = a|upper|lower %}" * 140 + "{% endfor %}",
        loop + "{{ name * 1000000 }}{% endfor %}",
        "{{ name.replace('', name) * 1000000 }}",
    ]


def memory(stack: Stack) -> float:
    """Megabytes of the server's process."""
    status = Path(f"/proc/{stack.odoo.process.pid}/status").read_text()
    [line] = [line for line in status.splitlines() if line.startswith("VmRSS")]
    return int(line.split()[1]) / 1024


def preview(admin: Json2, text: str) -> dict:
    return admin.call(
        "sms.template",
        "sms_preview",
        ids=[],
        text=text,
        applies_to="contacts_realcred",
    )


def test_no_attack_gets_through_the_preview_or_hurts_the_server(stack, admin):
    preview(admin, "Oi {{ name }}")
    before = memory(stack)
    corpus = attacks()
    hostile = [*corpus["REFUSED"], *(s for s, _error in corpus["STOPPED"]), *bombs()]
    for source in hostile:
        told = preview(admin, source)
        named = told["error"] or told["unknown"] or told["missing"]
        assert named, f"{source}: {told['text']}"
    assert preview(admin, "Oi {{ name }}")["text"].startswith("Oi ")
    assert memory(stack) - before < MEGABYTES
    assert stack.odoo.process.poll() is None


def test_no_attack_is_saved(admin):
    [record] = admin.call(
        "sms.template", "create", vals_list=[{"name": "V", "message_template": "Oi"}]
    )
    for source in attacks()["REFUSED"]:
        with pytest.raises(JsonError, match="ValidationError"):
            values = {"message_template": source}
            admin.call("sms.template", "write", ids=[record], vals=values)
    [stored] = admin.call(
        "sms.template", "read", ids=[record], fields=["message_template"]
    )
    assert stored["message_template"] == "Oi"


def test_no_attack_gets_through_a_plan(stack, admin):
    """By the campaign's own text, which nobody checks when it is saved."""
    before = memory(stack)
    undeclared = [s for s, e in attacks()["STOPPED"] if e == "UndeclaredName"]
    sources = [*attacks()["REFUSED"][::12], *undeclared[::8], *bombs()]
    manager = Json2(stack.url, stack.keys()["keys"]["manager"], stack.name)
    # The way that a good text takes.
    assert planned(manager, "Oi {{ name }}")["sms_planned"] > 10
    for source in sources:
        state = planned(manager, source)
        assert state["sms_state"] in ("failed", "ready", "done"), source
        assert state["sms_planned"] == 0, f"{source} would be sent"
    assert planned(manager, "Oi {{ name }}")["sms_planned"] > 10
    assert memory(stack) - before < MEGABYTES
    assert stack.odoo.process.poll() is None
    failed = admin.count("queue.job", [["state", "=", "failed"]])
    assert not failed, "an attack is no bug of the planner"


def planned(manager: Json2, source: str) -> dict:
    """Plan a campaign with a text of its own."""
    contacts = recipients.make(40, seed=9)
    made = demo.import_contacts(manager, "Attack", contacts, "realcred_margem")
    values = {"sms_template_id": False, "message": source}
    manager.call(CAMPAIGN, "write", ids=[made], vals=values)
    manager.call(CAMPAIGN, "action_sms_plan", ids=[made])
    return wait_planned(manager, made)


def wait_planned(manager: Json2, record: int) -> dict:
    """Ask until the plan is made, or was refused."""
    fields = ["sms_state", "sms_planned", "sms_failure_reason"]
    for _try in range(600):
        [state] = manager.call(CAMPAIGN, "read", ids=[record], fields=fields)
        if state["sms_state"] not in ("draft", "planning", False):
            return state
    raise AssertionError(f"not planned: {state}")
