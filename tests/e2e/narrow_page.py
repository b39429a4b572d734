"""What a person on a telephone, or without a mouse, would find on a page."""

import json

from tests.chrome import Chrome

# Elements that stick out of the window, or that must be pushed sideways to be read.
STICKING_OUT = """
(() => {
    const roots = [...document.querySelectorAll(".modal")];
    if (!roots.length) roots.push(document.querySelector(".o_action_manager"));
    const found = [];
    const name = (e) => e.tagName.toLowerCase() + "." + [...e.classList].join(".");
    const hidden = (e) => e.closest(".visually-hidden, .o_notification, .d-none")
        || !e.checkVisibility({ opacityProperty: true, visibilityProperty: true });
    const page = document.scrollingElement;
    if (page.scrollWidth > window.innerWidth + 1) found.push("the page itself");
    for (const root of roots) {
        for (const e of root.querySelectorAll("*")) {
            // Cells of lists end with dots where their text is longer.
            if (hidden(e) || e.parentElement.closest(".o_data_cell")) continue;
            const box = e.getBoundingClientRect();
            if (!box.width || !box.height) continue;
            const style = getComputedStyle(e);
            if (box.right > window.innerWidth + 1 || box.left < -1) {
                found.push(name(e) + " sticks out: " + Math.round(box.right));
            } else if (["auto", "scroll"].includes(style.overflowX)
                && e.scrollWidth > e.clientWidth + 1) {
                found.push(name(e) + " scrolls sideways");
            }
        }
    }
    return found.slice(0, 6);
})()
"""
FOCUSED = """
(() => {
    const e = document.activeElement;
    const style = getComputedStyle(e);
    const seen = style.outlineStyle !== "none" || style.boxShadow !== "none";
    const attributes = ["name", "data-today", "data-tile", "data-run", "data-reason",
        "data-open", "data-provider", "data-figure", "data-variable"];
    const keys = attributes.filter((a) => e.hasAttribute(a));
    return { tag: e.tagName.toLowerCase(), seen,
             keys: keys.map((a) => a + "=" + e.getAttribute(a)) };
})()
"""


class NarrowPage:
    """One browser page whose width can be changed."""

    def __init__(self, browser: Chrome, url: str):
        self.browser, self.url = browser, url

    def resize(self, width: int, height: int = 844) -> None:
        self.browser.send(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=False,
        )

    def open(self, path: str, selector: str) -> None:
        self.browser.go(f"{self.url}/odoo/{path}", selector)
        # The view's own data: what is drawn before it is no page yet.
        self.browser.wait("!document.querySelector('.o_blockUI, .o_loading_indicator')")

    def click(self, selector: str) -> None:
        found = f"document.querySelector({json.dumps(selector)})"
        self.browser.wait(found)
        self.browser.run(f"{found}.click()")

    def sticking_out(self) -> list[str]:
        return self.browser.run(STICKING_OUT)

    # -- the keyboard ------------------------------------------------------------------

    def press(self, key: str, code: int, text: str = "") -> None:
        """Press a key as a keyboard does."""
        values = {"key": key, "code": key, "windowsVirtualKeyCode": code}
        kind = "keyDown" if text else "rawKeyDown"
        if text:
            values["text"] = text
        self.browser.send("Input.dispatchKeyEvent", type=kind, **values)
        self.browser.send("Input.dispatchKeyEvent", type="keyUp", **values)

    def tab_to(self, wanted: str, presses: int = 80) -> dict:
        """Press Tab until the focus is on what has this attribute."""
        passed = []
        for _press in range(presses):
            self.press("Tab", 9)
            focused = self.browser.run(FOCUSED)
            if wanted in focused["keys"]:
                return focused
            passed.append(focused["keys"] or focused["tag"])
        raise AssertionError(f"Tab never reaches {wanted}: {passed}")

    def tab_stops(self, root: str, presses: int = 80) -> list[str]:
        """The stops of Tab below an element, in order."""
        found = []
        inside = f"Boolean(document.activeElement.closest({json.dumps(root)}))"
        for _press in range(presses):
            self.press("Tab", 9)
            if self.browser.run(inside):
                found += self.browser.run(FOCUSED)["keys"][:1]
        return found
