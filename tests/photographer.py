"""A user's browser that opens screens, clicks, and takes pictures of them."""

import io
import json
import time
from pathlib import Path

from PIL import Image

from dev.paths import ROOT
from dev.stack import Stack
from tests.chrome import Chrome

IMAGES = ROOT / "docs" / "images"
# Screens are flat: more colours make a picture larger, not better.
COLOURS = 128


class Photographer:
    """One user's browser; pictures go to ``docs/images`` or a folder below it."""

    def __init__(
        self, browser: Chrome, stack: Stack, login: str, folder: Path | None = IMAGES
    ):
        self.browser, self.url, self.folder = browser, stack.url, folder
        browser.login(stack.url, stack.name, login, login)
        # The users' own: else the server's sentences tell another time than the page.
        browser.send("Emulation.setTimezoneOverride", timezoneId="America/Sao_Paulo")

    def open(self, action: str, selector: str = ".o_view_controller") -> None:
        """Open an action by its path."""
        self.browser.go(f"{self.url}/odoo/{action}", selector)

    def click(self, selector: str) -> None:
        """Click what a selector finds, once it is there."""
        found = f"document.querySelector({json.dumps(selector)})"
        self.browser.wait(found)
        self.browser.run(f"{found}.click()")

    def click_text(self, selector: str, text: str) -> None:
        """Click the element of a selector that holds a text."""
        found = (
            f"[...document.querySelectorAll({json.dumps(selector)})]"
            f".find((e) => e.textContent.includes({json.dumps(text)}))"
        )
        self.browser.wait(found)
        self.browser.run(f"{found}.click()")

    def shoot(self, name: str, seconds: float = 1.0) -> None:
        """Take a picture once animations have ended; none without a folder."""
        if not self.folder:
            return
        time.sleep(seconds)
        path = self.folder / f"{name}.png"
        self.browser.shoot(path)
        path.write_bytes(smaller(path.read_bytes()))


def smaller(png: bytes) -> bytes:
    """The same picture with few colours: a third of the bytes."""
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    few = picture.quantize(COLOURS, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    out = io.BytesIO()
    few.save(out, "PNG", optimize=True)
    return out.getvalue()
