"""The interface for programs, on a real server: the page's examples, and races."""

import json
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from dev.paths import ROOT
from dev.stack import Stack
from tests.demo.json2 import Json2, JsonError
from tests.e2e.test_interruptions import Campaigns

PAGE = (ROOT / "docs" / "api.md").read_text()
EXAMPLES = re.findall(r"^```(bash|python)\n(.*?)^```$", PAGE, re.M | re.S)
CALLERS = 8


@pytest.fixture(scope="module")
def world():
    stack = Stack("e2e_api", workers=0)
    try:
        stack.start()
        found = Campaigns(stack)
        found.control("settings", {"rates": {"invalid": 0, "blacklist": 0}})
        found.sql(
            "INSERT INTO res_partner (name, ref, phone, phone_sanitized, active, type)"
            " SELECT 'Ana ' || n, 'collection-2026-05', '+551197' || lpad(n::text, 7,"
            " '0'), '+551197' || lpad(n::text, 7, '0'), TRUE, 'contact'"
            " FROM generate_series(1, 20) n"
        )
        yield found
    finally:
        stack.stop()


def run_example(world, language: str, text: str) -> str:
    """Run an example of the page as its reader would; return what it prints."""
    keys = world.stack.keys()["keys"]
    settings = {
        "ODOO_URL": world.stack.url,
        "ODOO_DB": world.stack.name,
        "ODOO_LOGIN": "manager",
        "ODOO_KEY": keys["manager"],
    }
    command = (
        ["bash", "-ec", text] if language == "bash" else [sys.executable, "-c", text]
    )
    result = subprocess.run(
        command, capture_output=True, text=True, env={**os.environ, **settings}
    )
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


@pytest.fixture(scope="module")
def printed(world):
    """What the examples print, in the page's order."""
    return [run_example(world, *example) for example in EXAMPLES]


def test_the_page_has_examples_of_all_ways_in():
    texts = [text for _language, text in EXAMPLES]
    for word in ("curl", "requests", "xmlrpc", "start_campaign", "/status", "/send"):
        assert any(word in text for text in texts), word


def test_the_examples_answer_as_the_page_says(world, printed):
    sent, reminder, status, campaign = printed
    answer = json.loads(sent)
    assert answer["counts"] == {"outgoing": 2, "canceled": 1}
    shown = json.loads(re.search(r"^```json\n(.*?)^```$", PAGE, re.M | re.S)[1])
    assert answer.keys() == shown.keys()
    assert answer["messages"][0].keys() == shown["messages"][0].keys()
    assert [row["failure_type"] for row in answer["messages"]][2] == "invalid_number"
    assert reminder.startswith("reference: “reminder-2026-05-ana” was used")
    known, unknown = json.loads(status)
    assert known["found"] and unknown == {"reference": "never-used", "found": False}
    assert campaign.splitlines()[0] == "planning"


def test_all_of_it_arrives_at_the_gateway_once(world, printed):
    open_states = (
        "SELECT count(*) FROM sms_message WHERE state IN ('draft', 'outgoing')"
    )
    done = "SELECT count(*) FROM sms_run WHERE state = 'done'"
    world.sweep_until(
        120, lambda: (world.sql(open_states), world.sql(done)) == ("0", "1")
    )
    assert world.control("ledger")["accepted"] == 2 + 1 + 20


def test_of_callers_at_the_same_moment_one_sends(world, printed):
    before = world.control("ledger")["accepted"]
    key = world.stack.keys()["keys"]["manager"]
    arguments = {"numbers": ["+5541988880001"], "text": "Oi"}

    def send(number: int) -> dict:
        caller = Json2(world.stack.url, key, world.stack.name)
        return caller.call("sms.api", "send", reference="race-1", **arguments)

    with ThreadPoolExecutor(CALLERS) as pool:
        answers = list(pool.map(send, range(CALLERS)))
    assert len({answer["messages"][0]["id"] for answer in answers}) == 1
    assert sorted(answer["repeated"] for answer in answers) == [False] + [True] * (
        CALLERS - 1
    )
    state = "SELECT state FROM sms_message WHERE phone = '+5541988880001'"
    world.sweep_until(60, lambda: world.sql(state) in ("sent", "delivered"))
    assert world.control("ledger")["accepted"] == before + 1


def test_of_two_contents_at_the_same_moment_one_is_refused(world, printed):
    key = world.stack.keys()["keys"]["manager"]

    def send(number: int) -> str:
        caller = Json2(world.stack.url, key, world.stack.name)
        try:
            numbers = [f"+554198888010{number}"]
            caller.call(
                "sms.api", "send", reference="race-2", numbers=numbers, text="Oi"
            )
            return "sent"
        except JsonError as error:
            assert " 422 " in str(error) and "reference:" in str(error)
            return "refused"

    with ThreadPoolExecutor(2) as pool:
        ends = sorted(pool.map(send, range(2)))
    assert ends == ["refused", "sent"]
    count = "SELECT count(*) FROM sms_message WHERE phone LIKE '+554198888010_'"
    assert world.sql(count) == "1"


def test_who_has_no_role_or_no_key_sends_nothing(world):
    keys = world.stack.keys()["keys"]
    one = {"reference": "role-1", "text": "Oi"}
    for key, numbers, status in (
        ("wrong", ["+5541988880201"], " 401 "),
        (keys["salesperson"], ["+5541988880201", "+5541988880202"], " 403 "),
    ):
        with pytest.raises(JsonError, match=status):
            caller = Json2(world.stack.url, key, world.stack.name)
            caller.call("sms.api", "send", numbers=numbers, **one)
    count = "SELECT count(*) FROM sms_message WHERE phone LIKE '+554198888020_'"
    assert world.sql(count) == "0"
