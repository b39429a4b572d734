"""The stand-in's ChatRoom in a browser, as an agent uses it."""

import json

from tests.chrome import Chrome

ACTION = "action-whatsapp_connector.acrux_live_chat_action"
LINE = "[...document.querySelectorAll('.o_chatroom_line')]"
ENTER = {"key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 13, "text": "\r"}


class ChatroomPage:
    """One agent's ChatRoom; numbers are digits with the country code."""

    def __init__(self, browser: Chrome, base_url: str):
        self.browser = browser
        browser.go(f"{base_url}/odoo/{ACTION}", ".o_chatroom")
        # A reload would lose it.
        browser.run("window.notReloaded = true, null")

    @property
    def reloaded(self) -> bool:
        """Whether the page was loaded again since it was opened."""
        return self.browser.run("window.notReloaded") is not True

    def listed(self, number: str) -> str:
        """JavaScript that finds a conversation in the list."""
        return f"document.querySelector('.o_chatroom_item[data-number=\"{number}\"]')"

    def number_of(self, text: str) -> str:
        """The number of the first conversation that shows a text."""
        items = "[...document.querySelectorAll('.o_chatroom_item')]"
        found = f"{items}.find((e) => e.textContent.includes({json.dumps(text)}))"
        self.browser.wait(found)
        return self.browser.run(f"{found}.dataset.number")

    def wait_for_conversation(self, number: str, text: str) -> None:
        """Wait until the list shows a conversation with its last text."""
        found = self.listed(number)
        self.browser.wait(f"{found}?.textContent.includes({json.dumps(text)})")

    def open(self, number: str) -> None:
        """Open a conversation of the list."""
        self.browser.wait(self.listed(number))
        self.browser.run(f"{self.listed(number)}.click()")
        name = f"{self.listed(number)}.querySelector('span').textContent"
        head = "document.querySelector('.o_chatroom_head')?.textContent"
        self.browser.wait(f"{head}.includes({name})")

    def attend(self) -> None:
        """Press *Attend*, and wait for the box to write in."""
        self.click(".o_chatroom_attend")
        self.browser.wait("document.querySelector('.o_chatroom_box')")

    def click(self, selector: str) -> None:
        """Click what a selector finds, once it is there."""
        found = f"document.querySelector({json.dumps(selector)})"
        self.browser.wait(found)
        self.browser.run(f"{found}.click()")

    def write(self, text: str, send: bool = True) -> None:
        """Type a text into the box, and press Enter."""
        self.browser.run("document.querySelector('.o_chatroom_box').focus()")
        self.browser.send("Input.insertText", text=text)
        if send:
            for kind in ("keyDown", "keyUp"):
                self.browser.send("Input.dispatchKeyEvent", type=kind, **ENTER)

    def wait_for_line(self, text: str, status: str, says: str = "") -> None:
        """Wait until the line of a text has a status, and says something beside it."""
        own = f"line.firstChild.textContent === {json.dumps(text)}"
        line = f"{LINE}.findLast((line) => {own})"
        self.browser.wait(
            f"{line}?.dataset.status === {json.dumps(status)}"
            f" && {line}.textContent.includes({json.dumps(says)})"
        )

    def lines(self) -> list[str]:
        """The texts of the open conversation, the oldest first."""
        return self.browser.run(f"{LINE}.map((line) => line.firstChild.textContent)")

    def typed(self) -> str:
        """What stands in the box."""
        return self.browser.run("document.querySelector('.o_chatroom_box').value")

    def refusal(self) -> str:
        """Wait for the sentence that refuses, and return it."""
        problem = "document.querySelector('.o_chatroom_problem')"
        self.browser.wait(problem)
        return self.browser.run(f"{problem}.textContent")
