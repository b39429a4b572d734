"""A campaign that the simulated gateway has accepted, and nobody has reported on.

The engine itself sends it, so that ids, batches and runs are real ones; the benchmark
then says what the gateway would say.
"""

import configparser
import json
import time
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

import psycopg2
import requests

from dev import server
from dev.stack import Stack
from tests.demo import campaign
from tests.demo.json2 import Json2

SAO_PAULO = timezone(timedelta(hours=-3))
STATUS = {3: "entregue", 4: "não entregue", 5: "rejeitado na operadora", 6: "expirado"}
STATES = {3: "delivered", 4: "error", 5: "rejected", 6: "expired"}


@dataclass(frozen=True)
class Sent:
    """One message that the gateway has accepted."""

    id: int
    partner_id: int
    phone: str
    reference: str
    gateway_id: str
    request_id: str

    def status_body(self, code: int) -> bytes:
        """A delivery report in the documented shape, of this message alone."""
        row = {"id": self.gateway_id, "reference": self.reference}
        row |= {"status_code": code, "status": STATUS[code]}
        return as_json({"id": self.request_id, "reference": None, "messages": [row]})

    def reply_body(self, reply_id: str, text: str) -> bytes:
        """A reply in the documented shape."""
        now = datetime.now(SAO_PAULO)
        message = {"id": self.gateway_id, "reference": self.reference}
        message |= {"phone": self.phone.removeprefix("+"), "content": "…"}
        reply = {"id": reply_id, "reply": text, "message": message}
        reply["received_at"] = f"{now:%d/%m/%Y %H:%M:%S}"
        return as_json({"reply": reply})


def as_json(body: dict) -> bytes:
    return json.dumps(body, ensure_ascii=False).encode()


class Stage:
    """Odoo, its job runner, the simulator, and the database seen from outside."""

    def __init__(self, workers: int, name: str = "bench_webhooks"):
        self.stack = Stack(name, workers=workers)
        self._serve_yardstick()
        self.database = None

    def _serve_yardstick(self) -> None:
        """Routes of server-wide addons exist without any installation."""
        parser = configparser.ConfigParser(interpolation=None)
        parser.read(self.stack.config)
        parser["options"]["server_wide_modules"] += ",sms_bench"
        with self.stack.config.open("w") as stream:
            parser.write(stream)

    def start(self) -> None:
        """Start everything; the simulator takes messages and says nothing."""
        self.stack.start()
        self.control("settings", rates=CALM, push=False)
        self.database = self.connect()
        self.sql("UPDATE sms_provider SET poll_delay = 100000")

    def connect(self, name: str | None = None):
        """A connection that sees what is committed, at once."""
        postgres = self.stack.server
        connection = psycopg2.connect(
            host=postgres.host,
            port=postgres.port,
            user=postgres.user,
            password=postgres.password,
            dbname=name or self.stack.name,
        )
        connection.autocommit = True
        return connection

    def stop(self) -> None:
        """Stop all of it and drop the database."""
        if self.database:
            self.database.close()
        self.stack.stop()
        server.drop_database(self.stack.server, self.stack.name)

    def control(self, name: str, **settings) -> None:
        """Change the simulator's behaviour."""
        url = f"{self.stack.simulator.url}/_control/{name}"
        requests.post(url, json=settings, timeout=30).raise_for_status()

    def sql(self, query: str, *values) -> list[tuple]:
        """Run a statement; return its rows, if it has any."""
        with self.database.cursor() as cursor:
            cursor.execute(query, values or None)
            return cursor.fetchall() if cursor.description else []

    def count(self, query: str, *values) -> int:
        return self.sql(query, *values)[0][0]

    def send(self, number: int) -> list[Sent]:
        """Text so many partners by a campaign; return what was accepted."""
        manager = Json2(
            self.stack.url, self.stack.keys()["keys"]["manager"], self.stack.name
        )
        name = "Benchmark"
        contacts = campaign.import_contacts(manager, name, [], "realcred_margem")
        self.sql(PARTNERS, number)
        self.sql(CONTACTS, contacts)
        campaign.send(manager, contacts)
        accepted = "SELECT count(*) FROM sms_message WHERE state = 'sent'"
        self.wait(lambda: self.count(accepted) == number)
        self.wait(self.at_rest)
        return [Sent(*row) for row in self.sql(SENT)]

    def at_rest(self) -> bool:
        """No event waits, and no job that is due."""
        return not self.count(WAITING)

    def wait(self, condition, seconds: float = 300) -> float:
        """Wait until a condition holds; return the seconds."""
        begin = time.monotonic()
        while not condition():
            if time.monotonic() > begin + seconds:
                raise RuntimeError(f"not at rest: {self.sql(STUCK)}")
            time.sleep(0.05)
        return time.monotonic() - begin

    def webhook(self) -> str:
        """The provider's secret address, as the gateway got it."""
        url = f"{self.stack.simulator.url}/_control/messages?limit=1"
        [message] = requests.get(url, timeout=30).json()["messages"]
        return message["webhook_url"]


CALM = {
    name: 0
    for name in (
        *("invalid", "blacklist", "not_disturb", "not_delivered", "rejected"),
        *("expired", "silent", "reply"),
    )
}
PARTNERS = """
    INSERT INTO res_partner (name, complete_name, phone, phone_sanitized, active,
        type, lang, create_date, write_date)
    SELECT 'Pessoa ' || n, 'Pessoa ' || n, p, p, TRUE, 'contact', 'en_US', now(), now()
    FROM generate_series(1, %s) n, LATERAL (
        SELECT '+551191' || lpad(n::text, 7, '0') AS p) numbers
"""
CONTACTS = """
    INSERT INTO contacts_realcred_batch (name, cpf, telefone1, sms_phone, vi_rmi,
        updated_limit, campaing_id, cpf_id)
    SELECT name, lpad(id::text, 11, '0'), phone, phone, 1000, TRUE, %s, id
    FROM res_partner WHERE name LIKE 'Pessoa %%' ORDER BY id
"""
SENT = """
    SELECT id, partner_id, phone, reference, provider_message_id, provider_job_id
    FROM sms_message WHERE direction = 'outgoing' ORDER BY id
"""
WAITING = """
    SELECT (SELECT count(*) FROM sms_event WHERE state = 'new')
         + (SELECT count(*) FROM queue_job
            WHERE state IN ('pending', 'enqueued', 'started')
              AND (eta IS NULL OR eta < now() AT TIME ZONE 'UTC' + interval '1 min'))
"""
STUCK = """
    SELECT method_name, state, count(*), min(exc_message) FROM queue_job
    WHERE state != 'done' GROUP BY 1, 2
"""
