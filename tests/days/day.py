"""What the days share: a role's browser, and a look behind the screens.

Selectors name fields, buttons and data, never words: the days run in any language.
"""

import json
import time
from pathlib import Path

import requests

from dev import server
from tests.chrome import PageError
from tests.days.scene import Scene
from tests.photographer import Photographer

SECONDS = 90
# The clients draw these while the server is asked.
DELETE = {"key": "Delete", "code": "Delete", "windowsVirtualKeyCode": 46}
BUSY = ".o_blockUI, .o_form_saving"
CALL = """
fetch("/web/dataset/call_kw", {method: "POST", body: JSON.stringify({params: %s}),
    headers: {"Content-Type": "application/json"}})
    .then((answer) => answer.json())
    .then((answer) => answer.error ? {error: answer.error.data.name} : answer)
"""
# Where the page's own part ends: pictures are neither cut off nor mostly blank.
HEIGHT = """
(() => {
    const parts = [".modal-content", ".o_form_sheet", ".o_list_table",
        ".o_sms_overview > .container-fluid", ".o_pivot table"];
    const part = parts.map((name) => document.querySelector(name)).find(Boolean);
    for (let above = part; above; above = above.parentElement) {
        above.scrollTop = 0;
    }
    const end = part ? part.getBoundingClientRect().bottom : 720;
    return Math.round(Math.min(1500, Math.max(560, end + 24)));
})()
"""
MIDDLE = """
(() => {
    const box = document.querySelector(%s).getBoundingClientRect();
    return [box.x + box.width / 2, box.y + box.height / 2];
})()
"""
FILL = """
(() => {
    const input = document.querySelector(%s);
    input.focus();
    input.select();
    return true;
})()
"""


class Day(Photographer):
    """One role's browser at the scene; ``folder`` is where the pictures go, if any."""

    login: str

    def __init__(self, browser, scene: Scene, folder: Path | None = None):
        super().__init__(browser, scene.stack, self.login, folder)
        self.scene, self.stack = scene, scene.stack

    # -- what a person does ------------------------------------------------------------

    def press(self, selector: str) -> None:
        """Click a visible element that may be clicked."""
        found = visible(f"{selector}:not([disabled])")
        self.browser.wait(f"!document.querySelector('{BUSY}') && {found}")
        # As a hand does it: a download that it causes is no unasked popup.
        self.browser.send(
            "Runtime.evaluate", expression=f"{found}.click()", userGesture=True
        )

    def button(self, name: str, where: str = "") -> None:
        """Press the button of a view."""
        self.press(f"{where} button[name={name}]".strip())

    def click_at(self, selector: str) -> None:
        """Click with the mouse, which also takes the focus away from elsewhere."""
        self.see(selector)
        x, y = self.browser.run(MIDDLE % json.dumps(selector))
        for kind in ("mousePressed", "mouseReleased"):
            self.browser.send(
                "Input.dispatchMouseEvent",
                type=kind,
                x=x,
                y=y,
                button="left",
                clickCount=1,
            )

    def confirm(self) -> None:
        """Say yes in the dialog that asks."""
        self.press(".modal footer .btn-primary")

    def save(self) -> None:
        """Save the form and wait until it is."""
        self.press(".o_form_button_save")
        self.browser.wait(f"!{visible('.o_form_button_save')}")

    def fill(self, field: str, text: str, where: str = "") -> None:
        """Type into a field, instead of what it holds, and leave it."""
        place = f"{where} .o_field_widget[name={field}]".strip()
        target = f"{place} input, {place} textarea"
        self.see(target)
        self.browser.run(FILL % json.dumps(target))
        self.browser.send("Input.insertText", text=text)
        self.browser.run("document.activeElement.blur(), null")

    def choose(self, field: str, text: str, where: str = "") -> None:
        """Choose a record by its name in a many2one field."""
        place = f"{where} .o_field_widget[name={field}]".strip()
        self.see(f"{place} input")
        self.browser.run(FILL % json.dumps(f"{place} input"))
        self.browser.send("Input.insertText", text=text)
        self.click_text(".o-autocomplete--dropdown-item a", text)
        value = f"document.querySelector({json.dumps(f'{place} input')})?.value"
        self.browser.wait(f"{value}?.includes({json.dumps(text)})")

    def clear(self, field: str) -> None:
        """Empty a many2one field."""
        box = f".o_field_widget[name={field}] input"
        self.see(box)
        self.browser.run(FILL % json.dumps(box))
        for kind in ("keyDown", "keyUp"):
            self.browser.send("Input.dispatchKeyEvent", type=kind, **DELETE)
        # The list of suggestions comes a moment later, and a click elsewhere closes it.
        self.see(".o-autocomplete--dropdown-menu")
        self.click_at(".o_form_sheet .oe_title")
        self.browser.wait("!document.querySelector('.o-autocomplete--dropdown-menu')")
        self.browser.wait(f"!document.querySelector({json.dumps(box)}).value")

    def tick(self, field: str) -> None:
        """Tick a box."""
        box = f".o_field_widget[name={field}] input[type=checkbox]"
        self.press(box)
        self.browser.wait(f"document.querySelector({json.dumps(box)}).checked")

    def attach(self, field: str, path: Path) -> None:
        """Choose a file of one's own computer."""
        selector = f".o_field_widget[name={field}] input[type=file]"
        self.see(selector)
        found = self.browser.send(
            "Runtime.evaluate",
            expression=f"document.querySelector({json.dumps(selector)})",
        )
        self.browser.send(
            "DOM.setFileInputFiles",
            files=[str(path)],
            objectId=found["result"]["objectId"],
        )

    def row(self, text: str) -> None:
        """Open the line of a list that holds a text."""
        self.click_text(".o_data_row .o_data_cell", text)
        self.see(".o_form_view")

    def scroll_to(self, selector: str) -> None:
        """Bring an element to the top of the page, below the bars."""
        self.see(selector)
        found = f"document.querySelector({json.dumps(selector)})"
        self.browser.run(f"{found}.scrollIntoView({{block: 'start'}}), null")

    def close_notices(self) -> None:
        """Close what pops up over the page."""
        self.browser.run(
            "document.querySelectorAll('.o_notification_close')"
            ".forEach((e) => e.click()), null"
        )

    # -- what a person sees ------------------------------------------------------------

    def see(self, selector: str, text: str = "") -> None:
        """Wait until an element is there, and one of them holds a text."""
        every = f"[...document.querySelectorAll({json.dumps(selector)})]"
        self.browser.wait(
            f"{every}.some((e) => e.textContent.includes({json.dumps(text)}))", SECONDS
        )

    def there(self, selector: str) -> bool:
        """Whether something is on the page now."""
        found = f"document.querySelector({json.dumps(selector)})"
        return self.browser.run(f"Boolean({found})")

    def read(self, selector: str) -> str:
        """What an element says, once it is there."""
        self.see(selector)
        found = f"document.querySelector({json.dumps(selector)})"
        return self.browser.run(f"({found}.value || {found}.textContent).trim()")

    def number(self, selector: str) -> int:
        """The first whole number that an element shows, whatever its thousands."""
        digits = [each for each in self.read(selector) if each.isdigit()]
        return int("".join(digits) or 0)

    def rows(self) -> list[str]:
        """The lines of the list that is open."""
        self.see(".o_list_view")
        return self.browser.run(
            "[...document.querySelectorAll('.o_data_row')].map((e) => e.textContent)"
        )

    def shoot(self, name: str, seconds: float = 1.0) -> None:
        """Take a picture that is as high as what the page has to show."""
        if not self.folder:
            return
        time.sleep(seconds)
        self.close_notices()
        self.resize(self.browser.run(HEIGHT))
        super().shoot(name, 0.5)
        self.resize(self.browser.size[1])

    def resize(self, height: int) -> None:
        """Make the window higher or lower."""
        self.browser.send(
            "Emulation.setDeviceMetricsOverride",
            width=self.browser.size[0],
            height=height,
            deviceScaleFactor=1,
            mobile=False,
        )

    # -- behind the screens ------------------------------------------------------------

    def call(self, model: str, method: str, *args, **kwargs) -> dict:
        """What the server answers this user: ``result``, or the ``error``'s name."""
        values = {"model": model, "method": method, "args": args, "kwargs": kwargs}
        return self.browser.run(CALL % json.dumps(values))

    def sql(self, query: str) -> str:
        """What the database holds."""
        return server.sql(self.stack.server, query, self.stack.name)

    def control(self, name: str, **body) -> dict:
        """Tell the gateway's simulator something."""
        return self.scene.control(name, **body)

    def received(self, phone: str) -> list[str]:
        """Texts that the gateway has accepted for a number."""
        url = f"{self.stack.simulator.url}/_control/messages"
        answer = requests.get(url, params={"phone": phone}, timeout=60)
        return [row["text"] for row in answer.json()["messages"]]

    def ledger(self) -> dict:
        """The gateway's own figures."""
        url = f"{self.stack.simulator.url}/_control/ledger"
        return requests.get(url, timeout=60).json()

    def until(self, condition, what: str = "it did not come about") -> None:
        """Wait until something is so."""
        deadline = time.monotonic() + SECONDS
        while not condition():
            if time.monotonic() > deadline:
                raise PageError(what)
            time.sleep(0.2)


def visible(selector: str) -> str:
    """JavaScript that finds the first element of a selector that can be seen."""
    return (
        f"[...document.querySelectorAll({json.dumps(selector)})]"
        ".find((e) => e.checkVisibility({visibilityProperty: true}))"
    )
