"""The public door on a real server with several workers: nobody gets in.

One seed, so that a call that gets in today gets in tomorrow: its number is told.
"""

import collections
import concurrent.futures
import http.client
import json
import re
import time

import pytest

from dev import server
from dev.stack import Stack
from tests.demo.json2 import Json2
from tests.simulator.signing import sign

from .hostile_requests import STATUS, Attack, Attacker
from .hostile_tokens import Forger

SEED = 20_261_122
STRANGERS, INSIDERS = 4_400, 700
CLIENTS = 4
FIXED = "/kolmeya/webhook/status"
LIMIT = "sms.webhook.refused_per_minute"
PAGE = re.compile(r"/webhook/([^/]+)$")


class Door:
    """A running Odoo, its administrator, and what its secrets are now."""

    def __init__(self, stack: Stack):
        self.stack = stack
        key = stack.keys()["keys"]["admin"]
        self.admin = Json2(stack.url, key, stack.name)
        (self.provider,) = self.admin.call(
            "sms.provider", "search", domain=[("provider_type", "=", "kolmeya")]
        )

    def sql(self, query: str) -> str:
        return server.sql(self.stack.server, query, self.stack.name)

    def events(self) -> int:
        return int(self.sql("SELECT count(*) FROM sms_event"))

    def press(self, button: str, provider: int | None = None) -> dict:
        provider = provider or self.provider
        return self.admin.call("sms.provider", f"action_{button}", ids=[provider])

    def new_path(self, provider: int | None = None) -> str:
        """Make a new address, as shown to the administrator, without the host."""
        rows = self.press("rotate_webhook_secret", provider)["params"]["rows"]
        return rows[0]["value"].removeprefix(self.stack.url)

    def new_secret(self, provider: int | None = None) -> str:
        return self.press("rotate_jwt_secret", provider)["params"]["rows"][0]["value"]

    def write(self, provider: int | None = None, **values) -> None:
        ids = [provider or self.provider]
        self.admin.call("sms.provider", "write", ids=ids, vals=values)

    def set_limit(self, per_minute: int) -> None:
        arguments = {"key": LIMIT, "value": str(per_minute)}
        self.admin.call("ir.config_parameter", "set_param", **arguments)

    def post(
        self, path, body=b"", headers=None, port: int | None = None
    ) -> tuple[int, bytes, dict]:
        """POST as bare as a stranger's program; a cut connection is status 0."""
        port = port or self.stack.port
        connection = http.client.HTTPConnection("127.0.0.1", port, 60)
        try:
            headers = {"Content-Type": "application/json", **(headers or {})}
            connection.request("POST", path, body, headers)
            answer = connection.getresponse()
            return answer.status, answer.read(), dict(answer.getheaders())
        except (BrokenPipeError, ConnectionResetError):
            # The server answers a body that is too long before it has read it.
            return 0, b"", {}
        finally:
            connection.close()

    def together(self, calls, clients: int = CLIENTS, port: int | None = None) -> list:
        """Answers of calls that several clients make at once, in their order."""
        with concurrent.futures.ThreadPoolExecutor(clients) as pool:
            return list(pool.map(lambda call: self.post(*call, port=port), calls))


@pytest.fixture(scope="module")
def door():
    stack = Stack("e2e_hostile", workers=2)
    try:
        stack.start()
        yield Door(stack)
    finally:
        stack.stop()


@pytest.fixture(autouse=True)
def fresh(door):
    """No limit but where a test sets one, and no memory of other tests."""
    door.set_limit(0)
    door.sql("TRUNCATE sms_webhook_refusal")


def status_body(number) -> bytes:
    return json.dumps({**STATUS, "id": f"gw-{number}"}).encode()


def strict_provider(door) -> tuple[int, str]:
    """A second account whose secret address takes signed calls only."""
    (provider,) = door.admin.call(
        "sms.provider",
        "create",
        vals_list=[
            {
                "name": "Strict",
                "provider_type": "kolmeya",
                "webhook_base_url": door.stack.url,
                "kolmeya_api_token": "nobody's",
                "kolmeya_base_url": f"{door.stack.simulator.url}/api/v1",
                "sequence": 99,
            }
        ],
    )
    door.new_secret(provider)
    door.write(provider, webhook_strict=True)
    return provider, PAGE.search(door.new_path(provider))[1]


def attacks(door) -> tuple[list[Attack], list[Attack]]:
    """Strangers' calls and insiders' calls, all from one seed."""
    _provider, strict = strict_provider(door)
    path, secret = door.new_path(), door.new_secret()
    used = sign(b"x", secret, body_sha256=None, lifetime=3600)
    first = door.post(FIXED, status_body("used"), {"X-SMS-Signature": used})
    assert first[0] == 200, first
    attacker = Attacker(SEED, PAGE.search(path)[1], strict, Forger(SEED, secret, used))
    strangers = [attacker.stranger(number) for number in range(STRANGERS)]
    insiders = [
        attacker.insider(lambda body: sign(body, secret)) for _n in range(INSIDERS)
    ]
    return strangers, insiders


def calls(attacks):
    return [(attack.path, attack.body, attack.headers) for attack in attacks]


def told(attacks, answers, allowed) -> list[str]:
    """What was answered otherwise than allowed: number, name, status."""
    return [
        f"{number}: {attack.name} {attack.path[:60]!r} {attack.body[:60]!r} -> {status}"
        for number, (attack, (status, *_rest)) in enumerate(
            zip(attacks, answers, strict=True)
        )
        if status not in allowed
        and not (status == 0 and len(attack.body) > 10**6)
        # A secret with a slash in it is no address of ours at all.
        and not (status == 404 and "%2F" in attack.path)
    ]


def test_of_five_thousand_hostile_calls_none_gets_in_and_none_breaks_anything(door):
    strangers, insiders = attacks(door)
    before = door.events()
    started = time.monotonic()
    outside = door.together(calls(strangers))
    inside = door.together(calls(insiders))
    seconds = time.monotonic() - started
    counted = collections.Counter(status for status, *_rest in outside + inside)
    print(f"\n{len(outside) + len(inside)} calls in {seconds:.1f} s: {dict(counted)}")
    assert len(outside) + len(inside) >= 5_000
    assert told(strangers, outside, (401, 403, 413)) == []
    assert told(insiders, inside, (400, 413)) == []
    assert door.events() == before
    check_that_strangers_learn_nothing(outside)
    check_what_was_noted(door, counted)
    assert complaints(door) == []


def check_that_strangers_learn_nothing(answers) -> None:
    """One text per status, whatever was tried."""
    texts = {(status, text) for status, text, _headers in answers if status != 404}
    statuses = [status for status, _text in texts]
    assert len(statuses) == len(set(statuses)), texts


def check_what_was_noted(door, counted) -> None:
    """Every refusal is counted, in few rows, without a secret or a number."""
    expected = sum(n for status, n in counted.items() if status not in (0, 404))
    noted = int(door.sql("SELECT sum(count) FROM sms_webhook_refusal"))
    assert expected <= noted <= sum(counted.values())
    assert int(door.sql("SELECT count(*) FROM sms_webhook_refusal")) <= 60
    reasons = set(door.sql("SELECT DISTINCT reason FROM sms_webhook_refusal").split())
    assert reasons >= {
        "unknown_secret",
        "no_token",
        "signature",
        "expired",
        "body_hash",
        "replayed",
        "body",
        "too_large",
    }


def complaints(door) -> list[str]:
    """Errors of the server's log, and those who would fill it."""
    lines = door.stack.log.read_text().splitlines()
    wrong = re.compile(r" (ERROR|CRITICAL) |Traceback|\" 5\d\d ")
    return [line for line in lines if wrong.search(line)][:20]


def test_text_that_means_harm_elsewhere_is_kept_as_text(door):
    path = door.new_path()
    texts = ["'; DROP TABLE sms_event;--", "{{ 7*7 }}", "<script>alert(1)</script>"]
    texts += ["\u202eolleh", "%s %(x)s", "\\", '"', "${jndi:ldap://x}", "👍🏽"]
    for number, text in enumerate(texts):
        message = {"id": text, "phone": "5511912345678"}
        reply = {"id": f"r-{number}", "reply": text, "message": message}
        status, answer, _headers = door.post(
            path, json.dumps({"reply": reply}).encode()
        )
        assert status == 200, text
        event = json.loads(answer)["event_id"]
        kept = door.admin.call(
            "sms.event", "read", ids=[event], fields=["text", "gateway_message_id"]
        )
        assert kept == [{"id": event, "text": text, "gateway_message_id": text}]
    assert complaints(door) == []


def test_of_one_signature_with_many_bodies_at_once_one_gets_in(door):
    secret = door.new_secret()
    before = door.events()
    for number in range(10):
        token = sign(b"", secret, body_sha256=None, jti=f"race-{number}")
        headers = {"X-Kolmeya-Signature": token}
        bodies = [status_body(f"{number}-{client}") for client in range(8)]
        answers = door.together([(FIXED, body, headers) for body in bodies], 8)
        statuses = sorted(status for status, *_rest in answers)
        assert statuses == [200] + [401] * 7
        assert door.events() == before + number + 1
    assert complaints(door) == []


def test_one_signature_with_one_body_many_times_at_once_is_one_event(door):
    secret = door.new_secret()
    before = door.events()
    for number in range(10):
        body = status_body(f"twice-{number}")
        headers = {"X-Kolmeya-Signature": sign(body, secret)}
        answers = door.together([(FIXED, body, headers)] * 8, 8)
        assert {status for status, *_rest in answers} == {200}
        assert len({text for _status, text, _headers in answers}) == 1
    assert door.events() == before + 10
    assert complaints(door) == []


def test_no_worker_takes_an_address_that_was_taken_back(door):
    door.write(webhook_grace=0)
    try:
        path = door.new_path()
        for number in range(5):
            warm = [(path, status_body(f"{number}-{n}")) for n in range(20)]
            assert {status for status, *_r in door.together(warm)} == {200}
            old, path = path, door.new_path()
            late = door.together([(old, status_body("late"))] * 20)
            assert {status for status, *_rest in late} == {403}
            now = door.together([(path, status_body(f"now-{number}"))] * 20)
            assert {status for status, *_rest in now} == {200}
    finally:
        door.write(webhook_grace=48)
    old, path = path, door.new_path()
    both = door.together([(old, STATUS_BODY), (path, STATUS_BODY)] * 10)
    assert {status for status, *_rest in both} == {200}
    door.press("forget_former_secrets")
    assert door.post(old, STATUS_BODY)[0] == 403


def test_who_is_refused_too_often_waits_and_the_gateway_does_not(door):
    path = door.new_path()
    # Every worker learns that this address is a good one.
    assert {s for s, *_r in door.together([(path, STATUS_BODY)] * 40)} == {200}
    door.set_limit(20)
    answers = door.together([("/kolmeya/webhook/wrong", STATUS_BODY)] * 600)
    counted = collections.Counter(status for status, *_rest in answers)
    # Each worker counts for itself; a bucket fills slowly meanwhile.
    assert set(counted) == {403, 429} and counted[429] > counted[403], counted
    waits = {headers.get("Retry-After") for s, _t, headers in answers if s == 429}
    assert waits <= {"1", "2", "3"}, waits
    assert door.post(path, STATUS_BODY)[0] == 200
    noted = door.sql(
        "SELECT sum(count) FROM sms_webhook_refusal WHERE reason = 'unknown_secret'"
    )
    assert int(noted) == counted[403]
    assert complaints(door) == []


def test_a_body_without_a_length_ends_where_the_limit_is(door):
    path = door.new_path()
    chunk = b"x" * 65_536
    connection = http.client.HTTPConnection("127.0.0.1", door.stack.port, 60)
    try:
        connection.request(
            "POST",
            path,
            (chunk for _n in range(64)),
            {"Content-Type": "application/json"},
            encode_chunked=True,
        )
        status = connection.getresponse().status
    except (BrokenPipeError, ConnectionResetError):
        status = 0
    finally:
        connection.close()
    assert status in (0, 400, 413)
    assert complaints(door) == []


def test_the_button_tests_the_door_from_outside(door):
    before = door.events()
    answer = door.press("test_webhook")["params"]
    assert answer["type"] == "success", answer
    assert door.stack.url in answer["message"] and "127.0.0.1" in answer["message"]
    door.write(webhook_networks="203.0.113.0/24")
    try:
        answer = door.press("test_webhook")["params"]
        assert answer["type"] == "danger"
        assert "403" in answer["message"] and "127.0.0.1" in answer["message"]
    finally:
        door.write(webhook_networks="")
    assert door.events() == before


STATUS_BODY = json.dumps(STATUS).encode()
