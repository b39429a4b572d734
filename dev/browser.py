"""Chromium for the browser tours and the screenshots."""

import shutil

from .steps import apt_install, done, step

NAMES = ("chromium", "chromium-browser", "google-chrome")
REMEDY = "The tests need a browser: install the package 'chromium'."


def ensure_browser() -> None:
    """Install Debian's Chromium unless the machine has a browser of that family."""
    if any(map(shutil.which, NAMES)):
        done("Browser")
        return
    with step("Browser: installing chromium"):
        apt_install(["chromium"], REMEDY)
