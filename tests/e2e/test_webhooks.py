"""What comes in by webhook and by poll, on real servers with committed databases.

Simultaneous duplicates, events that overtake the answer to the call, and a server
that is down while everything happens: none of it shows under test cursors.
"""

import threading

import pytest
import requests

from dev import server
from tests.bench.stage import STATES, Stage, as_json
from tests.demo import campaign as demo
from tests.demo.json2 import Json2

CLIENTS = 8
MESSAGES = 120
COMPLAINTS = (" ERROR ", " CRITICAL ", "bad query", "Traceback")


@pytest.fixture(scope="module", params=[0, 2], ids=["threads", "prefork"])
def stage(request):
    """Odoo with its job runner beside a gateway that says nothing by itself."""
    found = Stage(request.param, f"e2e_webhooks_{request.param}")
    try:
        found.start()
        yield found
    finally:
        found.stop()


@pytest.fixture(scope="module")
def sent(stage):
    """Messages that the gateway has accepted."""
    return stage.send(MESSAGES)


def complaints(stage) -> list[str]:
    """Lines of the log that no healthy server writes."""
    lines = stage.stack.log.read_text().splitlines()
    return [line for line in lines if any(word in line for word in COMPLAINTS)]


def tell_at_once(url: str, bodies: list[bytes]) -> list[dict]:
    """Eight clients post all bodies, each body at the same moment; return answers."""
    barrier, answers, lock = threading.Barrier(CLIENTS), [], threading.Lock()

    def client() -> None:
        with requests.Session() as session:
            for number, body in enumerate(bodies):
                barrier.wait(60)
                answer = session.post(url, data=body, timeout=60)
                with lock:
                    answers.append((number, answer.status_code, answer.json()))

    threads = [threading.Thread(target=client) for _number in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_what_eight_clients_tell_at_once_is_one_record(stage, sent):
    reports = [message.status_body(3) for message in sent[:40]]
    replies = [
        message.reply_body(f"parallel-{number}", "Quanto fica?")
        for number, message in enumerate(sent[:20])
    ]
    # One body with all of them, too: each client's items overlap with the others'.
    many = as_json(
        {
            "id": sent[0].request_id,
            "messages": [
                {"id": m.gateway_id, "reference": m.reference, "status_code": 4}
                for m in sent[40:80]
            ],
        }
    )
    bodies = [*reports, *replies, many]
    answers = tell_at_once(stage.webhook(), bodies)
    assert len(answers) == CLIENTS * len(bodies)
    assert {status for _number, status, _body in answers} == {200}
    for number in range(len(bodies)):
        told = {body["event_id"] for n, _status, body in answers if n == number}
        assert len(told) == 1 and None not in told
    stage.wait(stage.at_rest)
    events = "SELECT count(*) FROM sms_event WHERE kind = %s"
    assert stage.count(events, "status") == len(reports) + 40
    assert stage.count(events, "reply") == len(replies)
    incoming = "SELECT count(*) FROM sms_message WHERE direction = 'incoming'"
    assert stage.count(incoming) == len(replies)
    # One body each is kept, whoever was first; what told nothing new is not.
    assert stage.count("SELECT count(*) FROM sms_event_body") == len(bodies)
    for kind, table in (("delivered", sent[:40]), ("error", sent[40:80])):
        ids = [message.id for message in table]
        query = "SELECT DISTINCT state FROM sms_message WHERE id = ANY(%s)"
        assert stage.sql(query, ids) == [(kind,)]
    assert complaints(stage) == []


def test_reports_that_overtake_the_answer_are_applied_after_it(stage, sent):
    """The gateway reports while it still lets us wait for the answer to the call."""
    # In this shape only the gateway's id names the message.
    shape = {"profile": "seed000-flat", "webhook_delay": [0.0, 0.0]}
    stage.control("settings", push=True, **shape)
    stage.control("faults", kind="slow", seconds=8.0, path="sms/store")
    before = stage.count("SELECT max(id) FROM sms_message")
    known = stage.count("SELECT max(id) FROM sms_event")
    try:
        messages = send_more(stage, 30)
        outgoing = "SELECT count(*) FROM sms_message WHERE id > %s AND state = 'draft'"
        told = "SELECT count(*) FROM sms_event WHERE id > %s AND kind = 'status'"
        stage.wait(lambda: stage.count(told, known) >= 30)
        # They are stored, and the call is still out: nobody knows the gateway's ids.
        assert stage.count(outgoing, before) == 30
        tried = "SELECT count(*) FROM sms_event WHERE state = 'new' AND tries = 1"
        stage.wait(lambda: stage.count(tried) == 30)
        delivered = "SELECT count(*) FROM sms_message WHERE id > %s AND state = %s"
        stage.wait(lambda: stage.count(delivered, before, "delivered") == 30)
    finally:
        stage.control("settings", push=False, profile="docs")
    ids = "SELECT count(provider_message_id) FROM sms_message WHERE id > %s"
    assert stage.count(ids, before) == messages
    stage.wait(stage.at_rest)
    assert stage.count("SELECT count(*) FROM sms_event WHERE state != 'applied'") == 0
    assert complaints(stage) == []


def send_more(stage, number: int) -> int:
    """Text more contacts by another campaign, without waiting for anything."""
    keys = stage.stack.keys()["keys"]
    manager = Json2(stage.stack.url, keys["manager"], stage.stack.name)
    contacts = demo.import_contacts(manager, "More", [], "realcred_margem")
    stage.sql(
        """
        INSERT INTO contacts_realcred_batch (name, cpf, telefone1, sms_phone, vi_rmi,
            updated_limit, campaing_id)
        SELECT 'Bia ' || n, lpad(n::text, 11, '0'), p, p, 1000, TRUE, %s
        FROM generate_series(1, %s) n, LATERAL (
            SELECT '+552199' || lpad(n::text, 7, '0') AS p) numbers
        """,
        contacts,
        number,
    )
    demo.send(manager, contacts)
    return number


# -- a day without us ------------------------------------------------------------------


@pytest.fixture(scope="module")
def silent():
    """A stage of its own, which is stopped and started again."""
    found = Stage(0, "e2e_polling")
    try:
        found.start()
        yield found
    finally:
        found.stop()


def test_a_day_without_the_server_loses_nothing(silent):
    """All webhooks find a closed door; polling brings every report and reply."""
    rates = {"reply": 0.4, "not_delivered": 0.1, "expired": 0.1, "rejected": 0.1}
    # Nobody can be told before we are gone, and then nobody tries for long.
    wait = {"webhook_delay": [8.0, 9.0], "reply_delay": [0.0, 1.0], "backoff": 0.1}
    silent.control("settings", rates=rates, push=True, **wait)
    silent.sql("UPDATE sms_provider SET poll_delay = 600")
    silent.send(MESSAGES)
    silent.stack.odoo.stop()
    silent.wait(lambda: ledger(silent)["callbacks"].get("abandoned", 0) >= 1)
    silent.wait(lambda: gateway_is_silent(silent))
    assert silent.count("SELECT count(*) FROM sms_event") == 0
    a_day_passes(silent)
    silent.stack.odoo.start()
    fetch_replies_now(silent)
    told = ledger(silent)
    silent.wait(lambda: states(silent) == told["final"])
    replies = "SELECT count(*) FROM sms_message WHERE direction = 'incoming'"
    silent.wait(lambda: silent.count(replies) == told["replies"])
    assert told["replies"] > 10 and len(told["final"]) == 4
    # The next poll tells all of it again: that is nothing new.
    events = silent.count("SELECT count(*) FROM sms_event")
    fetch_replies_now(silent)
    assert silent.count("SELECT count(*) FROM sms_event") == events
    assert silent.count(replies) == told["replies"]
    assert silent.sql("SELECT DISTINCT source FROM sms_event") == [("poll",)]
    assert told["answers"].get("200") and complaints(silent) == []


def ledger(stage) -> dict:
    """What the gateway has done."""
    url = f"{stage.stack.simulator.url}/_control/ledger"
    return requests.get(url, timeout=30).json()


def gateway_is_silent(stage) -> bool:
    """Every callback was tried until the gateway gave up."""
    callbacks = ledger(stage)["callbacks"]
    messages = ledger(stage)["accepted"]
    return messages == MESSAGES and "delivered" not in callbacks


def a_day_passes(stage) -> None:
    """Everything that we remember is a day older than it was."""
    for table, columns in {
        "sms_batch": ["sent_date"],
        "sms_message": ["sent_date"],
        "sms_provider_health": ["replies_fetched_at"],
        "queue_job": ["eta", "date_created"],
    }.items():
        sets = ", ".join(f"{name} = {name} - interval '1 day'" for name in columns)
        server.sql(stage.stack.server, f"UPDATE {table} SET {sets}", stage.stack.name)
    stage.sql("UPDATE sms_provider SET poll_delay = 5")


def fetch_replies_now(stage) -> None:
    """Let the cron run that is due four times an hour, and wait for its end."""
    before = replies_asked(stage)
    stage.sql(
        """
        UPDATE ir_cron SET nextcall = now() AT TIME ZONE 'UTC' - interval '1 minute'
        WHERE id = (SELECT res_id FROM ir_model_data WHERE module = 'sms_base_sr'
                    AND name = 'ir_cron_fetch_replies')
        """
    )
    wake_up = f"SELECT pg_notify('cron_trigger', '{stage.stack.name}')"
    server.sql(stage.stack.server, wake_up)
    stage.wait(lambda: replies_asked(stage) > before)
    stage.wait(stage.at_rest)


def replies_asked(stage) -> int:
    return ledger(stage)["calls"].get("sms/replys", 0)


def states(stage) -> dict:
    """Final states of our messages, in the gateway's words."""
    words = {v: k for k, v in FINAL.items()}
    rows = stage.sql(
        "SELECT state, count(*) FROM sms_message"
        " WHERE direction = 'outgoing' GROUP BY 1"
    )
    return {words.get(state, state): count for state, count in rows}


FINAL = {"delivered": "delivered", "not_delivered": "error"}
FINAL |= {name: name for name in STATES.values() if name not in FINAL.values()}
