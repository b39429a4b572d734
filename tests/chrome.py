"""A headless Chromium driven over its DevTools protocol: as little as tests need."""

import base64
import contextlib
import itertools
import json
import shutil
import subprocess
import tempfile
import time
import urllib.request
from pathlib import Path

import requests
import websocket

NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--hide-scrollbars",
    "--remote-allow-origins=*",
    "--remote-debugging-port=0",
)


class PageError(AssertionError):
    """The page did not do what was waited for."""


class Chrome:
    """One browser with one page; a context manager."""

    def __init__(self, width: int = 1400, height: int = 900):
        self.size = (width, height)
        self.profile = tempfile.mkdtemp(prefix="chrome-")
        self.console: list[str] = []
        self.ids = itertools.count(1)

    def __enter__(self):
        binary = next(filter(None, map(shutil.which, NAMES)))
        size = f"--window-size={self.size[0]},{self.size[1]}"
        command = [binary, *FLAGS, size, f"--user-data-dir={self.profile}"]
        self.process = subprocess.Popen(
            [*command, "about:blank"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self.socket = websocket.create_connection(self._page_url(), timeout=60)
        for domain in ("Page", "Runtime", "Network"):
            self.send(f"{domain}.enable")
        width, height = self.size
        self.send(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=False,
        )
        return self

    def __exit__(self, *_error):
        self.socket.close()
        self.process.terminate()
        self.process.wait(20)
        shutil.rmtree(self.profile, ignore_errors=True)

    def _page_url(self) -> str:
        port_file = Path(self.profile) / "DevToolsActivePort"
        for _try in range(200):
            with contextlib.suppress(OSError, IndexError):
                port = port_file.read_text().splitlines()[0]
                listing = f"http://127.0.0.1:{port}/json/list"
                with urllib.request.urlopen(listing, timeout=5) as answer:
                    pages = json.load(answer)
                return next(
                    p["webSocketDebuggerUrl"] for p in pages if p["type"] == "page"
                )
            time.sleep(0.1)
        raise PageError("Chromium did not start")

    def send(self, method: str, **parameters) -> dict:
        """Call the browser and return its result; console lines are kept."""
        number = next(self.ids)
        self.socket.send(
            json.dumps({"id": number, "method": method, "params": parameters})
        )
        while True:
            message = json.loads(self.socket.recv())
            if message.get("id") == number:
                if "error" in message:
                    raise PageError(f"{method}: {message['error']}")
                return message["result"]
            self._note(message)

    def _note(self, message: dict) -> None:
        if message.get("method") == "Runtime.consoleAPICalled":
            parts = message["params"]["args"]
            text = " ".join(str(p.get("value", p.get("description"))) for p in parts)
            self.console.append(f"{message['params']['type']}: {text}")
        elif message.get("method") == "Runtime.exceptionThrown":
            details = message["params"]["exceptionDetails"]
            text = details.get("exception", {}).get("description", details["text"])
            self.console.append(f"exception: {text}")

    def login(self, base_url: str, database: str, login: str, password: str) -> None:
        """Give the page a session."""
        session = requests.Session()
        answer = session.post(
            f"{base_url}/web/session/authenticate",
            json={"params": {"db": database, "login": login, "password": password}},
            timeout=60,
        ).json()
        if "error" in answer:
            raise PageError(f"login of {login}: {answer['error']}")
        cookie = session.cookies["session_id"]
        self.send("Network.setCookie", name="session_id", value=cookie, url=base_url)

    def go(self, url: str, selector: str | None = None, timeout: float = 60) -> None:
        """Open an address and wait until ``selector`` is there."""
        self.send("Page.navigate", url=url)
        if selector:
            self.wait(f"document.querySelector({json.dumps(selector)})", timeout)

    def run(self, expression: str):
        """Evaluate JavaScript and return its value."""
        result = self.send(
            "Runtime.evaluate",
            expression=expression,
            returnByValue=True,
            awaitPromise=True,
        )
        if "exceptionDetails" in result:
            raise PageError(f"{expression}: {result['exceptionDetails']['text']}")
        return result["result"].get("value")

    def wait(self, expression: str, timeout: float = 60) -> None:
        """Wait until a JavaScript expression is true."""
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            with contextlib.suppress(PageError):
                if self.run(f"Boolean({expression})"):
                    return
            time.sleep(0.1)
        tail = "\n".join(self.console[-8:])
        raise PageError(f"waited {timeout} s for {expression}\n{tail}")

    def shoot(self, path: Path) -> None:
        """Save what the page shows as a PNG."""
        data = self.send("Page.captureScreenshot", format="png")["data"]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(base64.b64decode(data))
