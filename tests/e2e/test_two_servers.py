"""Two real servers on one database: one job runner, and the other takes over.

Nobody is texted twice and nothing is lost when a whole server dies in the middle of a
campaign; the gateway's limit counts for both; what one server knows by heart is never
older than what the other has changed.
"""

import threading
import time

import pytest
import tenacity

from dev import server
from tests.e2e.test_hostile_webhooks import Door, status_body
from tests.e2e.test_interruptions import Campaigns
from tests.e2e.two_servers import Node, TwoServers
from tests.faults.checker import FATES
from tests.faults.collect import RESTLESS

CONTACTS, BATCH = 3_000, 100
CALM = {"invalid": 0, "blacklist": 0, "not_disturb": 0, "silent": 0}
RATES = {**CALM, "not_delivered": 0.1, "expired": 0.05, "reply": 0.02}
SOON = {"webhook_delay": [0.2, 1.0], "reply_delay": [0.2, 1.0]}
WHOSE = """
    SELECT DISTINCT worker_pid FROM queue_job
    WHERE method_name = '_send_batch' AND worker_pid IS NOT NULL
"""
# In the middle of a call that has begun just now: its end is not near.
CALLING = """
    SELECT j.worker_pid FROM sms_batch b JOIN queue_job j ON j.uuid = b.job_uuid
    WHERE b.state = 'sending' AND b.attempt_deadline
        > (now() AT TIME ZONE 'UTC') + interval '14200 ms'
"""
# The cron that is due four times an hour.
ASK_FOR_REPLIES = """
    INSERT INTO ir_cron_trigger (cron_id, call_at)
    SELECT d.res_id, now() AT TIME ZONE 'UTC' FROM ir_model_data d
    WHERE d.module = 'sms_base_sr' AND d.name = 'ir_cron_fetch_replies' AND NOT EXISTS (
        SELECT 1 FROM ir_cron_trigger t WHERE t.cron_id = d.res_id)
"""


class Nodes(Campaigns):
    """Campaigns on two servers."""

    stack: TwoServers

    def new_gateway(self, **settings) -> None:
        """An empty ledger and empty tables."""
        self.control("reset", {})
        self.empty_tables()
        self.sql("DELETE FROM queue_job WHERE state IN ('done', 'cancelled')")
        self.sql(f"UPDATE sms_provider SET batch_size = {BATCH}")
        self.control("settings", settings)

    @tenacity.retry(
        stop=tenacity.stop_after_attempt(5),
        retry=tenacity.retry_if_exception_message(match="(?s).*deadlock detected"),
        reraise=True,
    )
    def empty_tables(self) -> None:
        """Two servers look at them meanwhile: whoever is in the way begins anew."""
        self.sql("TRUNCATE sms_run, sms_message, sms_batch, sms_event CASCADE")

    def wait_for_the_election(self) -> Node:
        self.wait(30, self.stack.elected)
        return self.stack.elected()

    def pids(self, query: str) -> set[int]:
        return {int(pid) for pid in self.sql(query).split()}

    def both_send(self) -> bool:
        """Whether workers of both servers have sent batches."""
        pids = self.pids(WHOSE)
        return all(any(map(node.owns, pids)) for node in self.stack.nodes)

    def rests(self) -> bool:
        """Whether nothing moves; a reply whose webhook met the kill is asked for."""
        if self.sql(RESTLESS):
            return False
        given, known = self.replies()
        if known < given:
            self.sql(ASK_FOR_REPLIES)
        return known >= given

    def replies(self) -> tuple[int, int]:
        """How many the gateway has had, and how many we have."""
        given = len(self.control("replies")["replies"])
        known = "SELECT count(*) FROM sms_message WHERE direction = 'incoming'"
        return given, int(self.sql(known))

    def check_states(self) -> None:
        """Each message is what the gateway's ledger says of it, word for word."""
        rows = self.sql(
            "SELECT reference, state FROM sms_message"
            " WHERE direction = 'outgoing' AND sent_date IS NOT NULL"
        )
        ours = dict(row.split("|") for row in rows.splitlines())
        told = self.control("messages")["messages"]
        assert len(told) == len(ours) == CONTACTS
        assert ours == {m["reference"]: FATES[m["final_code"]] for m in told}
        assert self.replies()[0] > 0
        self.wait(30, lambda: len(set(self.replies())) == 1)


def nodes_of(name: str, balanced: bool, *addons: str):
    """A fixture's body: start, hand out, stop."""
    stack = TwoServers(name, balanced)
    try:
        stack.start(*addons)
        yield Nodes(stack)
    finally:
        stack.stop()
        server.drop_database(stack.server, stack.name)


@pytest.fixture(scope="module", params=[True, False], ids=["balanced", "own jobs"])
def nodes(request):
    """With short clocks, so that recovery asks the gateway in seconds."""
    yield from nodes_of("e2e_two_servers", request.param, "sms_faults")


@pytest.fixture(scope="module")
def pair():
    yield from nodes_of("e2e_two_doors", True)


@pytest.mark.parametrize("direction", ["the first dies", "and then the second"])
def test_when_the_elected_server_dies_the_other_ends_the_campaign(nodes, direction):
    stack = nodes.stack
    elected = nodes.wait_for_the_election()
    other = stack.other(elected)
    heard = len(other.lines("queue job runner ready"))
    nodes.new_gateway(rates=RATES, push=True, **SOON)
    nodes.control("faults", {"kind": "slow", "times": None, "seconds": 1.2})
    nodes.send("Killed", CONTACTS)
    nodes.wait(90, lambda: nodes.control("ledger")["requests"] >= 6)
    if stack.balanced:
        nodes.wait(60, nodes.both_send)
    nodes.wait(60, lambda: any(map(elected.owns, nodes.pids(CALLING))))
    # The other one has not been elected beside it all the while.
    assert stack.elected() is elected
    assert len(other.lines("queue job runner ready")) == heard
    before = nodes.control("ledger")["requests"]
    assert before < CONTACTS / BATCH
    elected.kill()
    killed = time.monotonic()
    nodes.wait(60, lambda: stack.elected() is other)
    seconds = {"lock": time.monotonic() - killed}
    nodes.wait(60, lambda: len(other.lines("queue job runner ready")) > heard)
    seconds["ready"] = time.monotonic() - killed
    nodes.control("faults", {"clear": True})
    nodes.sweep_until(300, lambda: nodes.run("state") == "done")
    seconds["done"] = time.monotonic() - killed
    nodes.sweep_until(120, nodes.rests)
    after = {key: round(value, 1) for key, value in seconds.items()}
    print(f"\n{direction}: {before} calls, killed; seconds until {after}")
    nodes.check_against_the_gateway()
    nodes.check_states()
    assert nodes.sql("SELECT count(*) FROM queue_job WHERE state = 'failed'") == "0"
    for node in stack.nodes:
        told = node.lines("POST /kolmeya/webhook/")
        assert any(" 200 " in line for line in told), node
    elected.start()
    # Who comes back does not take the lock from who has it.
    assert stack.elected() is other


def test_both_servers_count_in_one_window_of_the_gateways_limit(pair):
    limit, period, contacts = 10, 4, 1500
    pair.new_gateway(rates={**CALM, "reply": 0}, push=False)
    pair.control("settings", {"rate_limit": limit, "rate_window": float(period)})
    pair.sql(
        f"UPDATE sms_provider SET rate_calls = {limit}, rate_period = {period},"
        " batch_size = 50, poll_delay = 86400;"
        "UPDATE sms_provider_health SET used = 0, window_end = NULL, rate_limit = NULL"
    )
    pair.send("Limited", contacts)
    pair.wait(180, lambda: pair.run("state") == "done")
    pair.check_against_the_gateway()
    ledger = pair.control("ledger")
    assert (ledger["accepted"], ledger["requests"]) == (contacts, contacts / 50)
    assert "429" not in ledger["answers"]
    assert pair.both_send()


# -- what a server knows by heart ------------------------------------------------------


class Doors:
    """The webhook door of each server."""

    def __init__(self, nodes: Nodes):
        self.nodes = nodes
        self.doors = {}
        for node in nodes.stack.nodes:
            door = self.doors[node] = Door(nodes.stack)
            door.admin = nodes.stack.user(node, "admin")
        self.here, self.there = self.doors.values()

    def statuses(self, door: Door, path: str, name: str, times: int = 20) -> set[int]:
        """Statuses of calls to one server, enough for each of its workers."""
        port = next(n.port for n, d in self.doors.items() if d is door)
        calls = [(path, status_body(f"{name}-{n}")) for n in range(times)]
        return {status for status, *_rest in door.together(calls, port=port)}


@pytest.fixture
def doors(pair):
    """Without a limit of refused calls, and no grace for old secrets."""
    found = Doors(pair)
    found.here.set_limit(0)
    found.here.write(webhook_grace=0)
    yield found
    found.here.write(webhook_grace=48)


def test_an_address_taken_back_on_one_server_is_refused_by_the_other_at_once(doors):
    path = doors.here.new_path()
    for number in range(4):
        for door in (doors.here, doors.there):
            assert doors.statuses(door, path, f"warm-{number}") == {200}
        changer = (doors.here, doors.there)[number % 2]
        old, path = path, changer.new_path()
        for door in (doors.here, doors.there):
            assert doors.statuses(door, old, f"late-{number}") == {403}
            assert doors.statuses(door, path, f"now-{number}") == {200}


def test_no_call_gets_in_that_begins_after_the_button_has_answered(pair, doors):
    path = doors.here.new_path()
    port = next(n.port for n, d in doors.doors.items() if d is doors.there)
    answers, ended = [], threading.Event()

    def knock(client: int) -> None:
        number = 0
        while not ended.is_set():
            begun, body = time.monotonic(), status_body(f"race-{client}-{number}")
            answers.append((begun, doors.there.post(path, body, port=port)[0]))
            number += 1

    threads = [threading.Thread(target=knock, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    pair.wait(30, lambda: len(answers) > 40)
    doors.here.new_path()
    answered = time.monotonic()
    pair.wait(30, lambda: sum(begun > answered for begun, _s in answers) > 40)
    ended.set()
    for thread in threads:
        thread.join()
    assert {status for begun, status in answers if begun > answered} == {403}
    assert {status for _b, status in answers} == {200, 403}


def test_what_one_server_closes_is_closed_on_the_other(doors):
    path = doors.here.new_path()
    for change, back in (
        ({"active": False}, {"active": True}),
        ({"webhook_networks": "203.0.113.0/24"}, {"webhook_networks": False}),
    ):
        assert doors.statuses(doors.there, path, f"open-{change}") == {200}
        doors.here.write(**change)
        assert doors.statuses(doors.there, path, f"shut-{change}") == {403}
        doors.here.write(**back)
        assert doors.statuses(doors.there, path, f"again-{change}") == {200}


def test_each_server_counts_refused_calls_for_itself(doors):
    doors.here.set_limit(20)
    wrong = "/kolmeya/webhook/wrong"
    assert doors.statuses(doors.here, wrong, "wrong", 600) == {403, 429}
    # The other one knows the new limit, has seen none of it, and has its own patience.
    assert 403 in doors.statuses(doors.there, wrong, "wrong", 20)
    assert doors.statuses(doors.there, wrong, "wrong", 600) == {403, 429}


def test_reports_told_to_both_servers_at_once_need_few_jobs(pair, doors):
    """Each process has windows of its own; they look for each other's jobs."""
    path = doors.here.new_path()
    pair.wait(60, lambda: not pair.sql(WAITING))
    pair.sql("DELETE FROM queue_job WHERE method_name = '_apply_pending'")
    threads = [
        threading.Thread(target=doors.statuses, args=(door, path, f"{number}", 200))
        for number, door in enumerate((doors.here, doors.there))
    ]
    begun = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.monotonic() - begun
    pair.wait(60, lambda: not pair.sql(WAITING))
    jobs = "SELECT count(*) FROM queue_job WHERE method_name = '_apply_pending'"
    made = int(pair.sql(jobs))
    processes = 2 * 4
    print(f"\n400 reports to two servers in {seconds:.1f} s: {made} jobs")
    # One for each window of half a second.
    assert 0 < made <= 2 * processes * (int(seconds) + 2)
    assert made < 400


# Events of nobody wait for a message that may come; each is looked at once here.
WAITING = "SELECT 1 FROM sms_event WHERE state = 'new' AND tries = 0 LIMIT 1"
