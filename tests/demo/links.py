"""A campaign with short links: sent, and opened by some of its customers."""

import re
import time
from collections.abc import Callable

import requests

from . import campaign, recipients
from .json2 import Json2

TEXT = "Olá |NOME|, veja sua oferta: https://www.example.com/oferta"
LINK = re.compile(r"https?://\S+/r/\w+/\w+")
TELEPHONE = (
    "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/130.0.0.0 Mobile Safari/537.36"
)
PREVIEW = "WhatsApp/2.24.20.89 A"
# Of so many customers one opens the link.
ONE_IN = 3
SECONDS = 60


def run(manager: Json2, simulator: str, name: str, count: int = 60) -> dict:
    """Send it, open some links, and return the figures once those are counted."""
    number = make(manager, name, count)
    campaign.send(manager, number)

    def summary() -> dict:
        return campaign.read_summary(manager, number) or {}

    wait(lambda: summary().get("state") == "done")
    found = links_sent(simulator)
    opened = found[::ONE_IN]
    for link in opened:
        open_link(link, TELEPHONE)
    for link in found:
        open_link(link, PREVIEW)
    wait(lambda: summary().get("clicked") == len(opened))
    return summary()


def make(manager: Json2, name: str, count: int) -> int:
    """Make the campaign; return its id."""
    [salesperson] = manager.call(
        "res.users", "search", domain=[["login", "=", "salesperson"]], limit=1
    )
    values = {
        "name_campaign": name,
        "message": TEXT,
        "sms_count_clicks": True,
        "user_id": salesperson,
    }
    [number] = manager.call("contacts.realcred.campaign", "create", vals_list=[values])
    good = [c for c in recipients.make(2 * count, seed=31) if c.kind == "good"]
    rows = [campaign.contact_row(contact, number, None) for contact in good[:count]]
    manager.create_all("contacts.realcred.batch", rows)
    return number


def links_sent(simulator: str) -> list[str]:
    """The short links in what the gateway has accepted."""
    answer = requests.get(f"{simulator}/_control/messages", timeout=30).json()
    texts = [row["text"] for row in answer["messages"]]
    return [match[0] for match in map(LINK.search, texts) if match]


def open_link(link: str, agent: str) -> requests.Response:
    """Open a link without going where it leads."""
    headers = {"User-Agent": agent}
    return requests.get(link, headers=headers, allow_redirects=False, timeout=30)


def wait(is_so: Callable[[], bool]) -> None:
    """Wait until something is so.

    :raises TimeoutError: it never was
    """
    deadline = time.monotonic() + SECONDS
    while not is_so():
        if time.monotonic() > deadline:
            raise TimeoutError("the campaign with links did not come to rest")
        time.sleep(0.3)
