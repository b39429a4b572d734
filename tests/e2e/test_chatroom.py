"""The ChatRoom from the campaign to the answer's delivery, live in one browser.

Real jobs and webhooks, a gateway that reports and answers when the test says so, a
salesperson with nobody's rights but her own; as threads and as prefork behind a proxy.
"""

import configparser
import contextlib
import time

import pytest
import requests

from dev.stack import Stack
from tests.chatroom_page import ChatroomPage
from tests.chrome import Chrome
from tests.demo import campaign
from tests.demo.json2 import Json2
from tests.demo.recipients import Contact
from tests.e2e.test_demo import complaints
from tests.proxy import Proxy
from tests.simulator.settings import Rates

CUSTOMERS = {
    "interested": "11987650001",
    "unreachable": "11987650002",
    "leaving": "11987650003",
    "silent": "11987650004",
}
SECONDS = 120


class Room:
    """The stack after a campaign, and the salesperson's open ChatRoom."""

    def __init__(self, stack: Stack, page: ChatroomPage):
        self.stack, self.page = stack, page

    def control(self, name: str, **body) -> None:
        """Tell the simulator something."""
        url = f"{self.stack.simulator.url}/_control/{name}"
        requests.post(url, json=body, timeout=60).raise_for_status()

    def received(self, phone: str) -> list[str]:
        """Texts that the gateway has accepted for a number."""
        url = f"{self.stack.simulator.url}/_control/messages"
        answer = requests.get(url, params={"phone": phone}, timeout=60)
        return [row["text"] for row in answer.json()["messages"]]

    def reply(self, phone: str, text: str) -> None:
        """Let a customer write; the gateway's webhook tells it."""
        self.control("reply", phone=phone, text=text)
        self.control("deliver")


def until(condition) -> None:
    """Wait until something is so."""
    deadline = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < deadline, "it did not come about"
        time.sleep(0.2)


@pytest.fixture(scope="module", params=[0, 2], ids=["threads", "prefork"])
def room(request):
    """A campaign sent to all customers, and a browser that stays open."""
    stack = Stack(f"e2e_chatroom_{request.param}", workers=request.param)
    try:
        stack.start()
        with contextlib.ExitStack() as opened:
            url = address(stack, opened)
            browser = opened.enter_context(Chrome())
            browser.login(url, stack.name, "salesperson", "salesperson")
            found = Room(stack, ChatroomPage(browser, url))
            found.control("settings", push=False, rates=vars(Rates.calm()))
            send_campaign(found)
            yield found
            assert not found.page.reloaded
        assert complaints(stack.log.read_text()) == []
    finally:
        stack.stop()


def address(stack: Stack, opened: contextlib.ExitStack) -> str:
    """Where the browser goes: prefork needs a proxy that joins the websocket."""
    if not stack.workers:
        return stack.url
    options = configparser.ConfigParser(interpolation=None)
    options.read(stack.config)
    port = options.getint("options", "gevent_port")
    return opened.enter_context(Proxy(stack.port, port)).url


def send_campaign(room: Room) -> None:
    """As the campaign manager, over JSON-2; until the gateway has all of it."""
    manager = Json2(
        room.stack.url, room.stack.keys()["keys"]["manager"], room.stack.name
    )
    contacts = [
        Contact("good", f"Cliente {name}", "1" * 11, phone, "SP", 900.0)
        for name, phone in CUSTOMERS.items()
    ]
    name = "Margem de dezembro"
    number = campaign.import_contacts(manager, name, contacts, "realcred_margem")
    campaign.send(manager, number)
    until(lambda: all(map(room.received, CUSTOMERS.values())))
    room.control("deliver")


def test_a_reply_shows_in_the_open_browser(room):
    phone = CUSTOMERS["interested"]
    room.reply(phone, "SIM QUERO, quanto fica?")
    room.page.wait_for_conversation(f"55{phone}", "SIM QUERO, quanto fica?")
    room.page.open(f"55{phone}")
    room.page.wait_for_line("SIM QUERO, quanto fica?", "received", "Cliente interested")
    # The next one comes into the conversation that she reads.
    room.reply(phone, "Pode me ligar?")
    room.page.wait_for_line("Pode me ligar?", "received")
    # Before them stands what was answered: the campaign's SMS, and nothing twice.
    asked = room.received(phone)
    assert room.page.lines() == [*asked, "SIM QUERO, quanto fica?", "Pode me ligar?"]
    assert not room.page.browser.run(room.page.listed(f"55{CUSTOMERS['silent']}"))


def test_her_answer_reaches_the_gateway_and_its_delivery_reaches_her(room):
    phone, answer = CUSTOMERS["interested"], "R$ 900,00 em 24 vezes. Posso ligar?"
    room.reply(phone, "Quero sim")
    room.page.open(f"55{phone}")
    room.page.attend()
    room.page.write(answer)
    until(lambda: answer in room.received(phone))
    room.page.wait_for_line(answer, "sent", "Sent")
    room.control("deliver")
    room.page.wait_for_line(answer, "sent", "Delivered")
    # Once at the gateway, once in the conversation, and the box is empty again.
    assert room.received(phone).count(answer) == 1
    assert room.page.lines().count(answer) == 1
    assert room.page.typed() == ""


def test_an_answer_that_is_not_delivered_says_so(room):
    phone, answer = CUSTOMERS["unreachable"], "Bom dia! Ainda tem interesse?"
    room.control("fate", phone=phone, code=4)
    room.reply(phone, "Quem é?")
    room.page.open(f"55{phone}")
    room.page.attend()
    room.page.write(answer)
    # A report that comes before the gateway's own answer is applied, but later.
    room.page.wait_for_line(answer, "sent", "Sent")
    room.control("deliver")
    room.page.wait_for_line(answer, "error", "Not delivered")


def test_who_opted_out_is_refused_with_the_reason(room):
    phone, answer = CUSTOMERS["leaving"], "Tem certeza?"
    before = room.received(phone)
    room.reply(phone, "SAIR")
    room.page.open(f"55{phone}")
    room.page.wait_for_line("SAIR", "received")
    room.page.attend()
    room.page.write(answer)
    refusal = room.page.refusal()
    assert "opted out" in refusal and "SAIR" in refusal
    # Nothing was stored or sent, and what she typed is not lost.
    assert answer not in room.page.lines()
    assert room.page.typed() == answer
    assert room.received(phone) == before
