"""The floor: what a bare script needs that knows nothing but one table."""

import csv
import io
import time
import uuid

import requests
from psycopg2.extras import execute_values

from .campaigns import accepted
from .stage import Stage

BATCH = 1000
TEXT = (
    "Olá {name}! Sua margem disponível é de R$ 1.000,00. Responda SIM para falar com "
    "Crédito Exemplo. Para não receber, responda SAIR."
)


class Floor:
    """COPY the rows, POST the same bodies by the thousand, UPDATE what came of them."""

    def __init__(self, stage: Stage):
        self.stage = stage
        self.connection = stage.connect()
        self.connection.autocommit = False
        self.session = requests.Session()
        token = stage.stack.simulator.token
        self.session.headers["Authorization"] = f"Bearer {token}"
        self.url = f"{stage.stack.simulator.url}/api/v1/sms/store"
        stage.sql(TABLE)

    def send(self, contacts: int) -> float:
        """Return the seconds until the last acceptance."""
        self.stage.sql("TRUNCATE bench_floor")
        self.stage.control("reset")
        begin = time.time()
        with self.connection.cursor() as cursor:
            rows = self.store(cursor, contacts)
            for start in range(0, contacts, BATCH):
                self.post(cursor, rows[start : start + BATCH])
        return accepted(self.stage, contacts) - begin

    def store(self, cursor, contacts: int) -> list[tuple]:
        cursor.execute(PEOPLE, [contacts])
        rows = [
            (str(uuid.uuid4()), partner, phone, TEXT.format(name=name), "draft")
            for partner, name, phone in cursor.fetchall()
        ]
        lines = io.StringIO()
        csv.writer(lines).writerows(rows)
        lines.seek(0)
        cursor.copy_expert(COPY, lines)
        self.connection.commit()
        return rows

    def post(self, cursor, rows: list[tuple]) -> None:
        messages = [
            {"phone": phone.lstrip("+"), "message": text, "reference": reference}
            for reference, _partner, phone, text, _state in rows
        ]
        body = {"messages": messages, "reference": rows[0][0]}
        answer = self.session.post(self.url, json=body, timeout=60)
        answer.raise_for_status()
        valids = [(row["reference"], row["id"]) for row in answer.json()["valids"]]
        execute_values(cursor, UPDATE, valids, page_size=len(valids))
        self.connection.commit()

    def close(self) -> None:
        self.connection.close()


TABLE = """
    CREATE TABLE IF NOT EXISTS bench_floor (id serial PRIMARY KEY,
        reference varchar UNIQUE, partner_id int, phone varchar, body text,
        state varchar, gateway_id varchar, sent_date timestamp)
"""
PEOPLE = """
    SELECT id, name, phone FROM res_partner WHERE name LIKE 'Pessoa %%'
    ORDER BY id LIMIT %s
"""
COPY = """
    COPY bench_floor (reference, partner_id, phone, body, state)
    FROM STDIN WITH (FORMAT csv)
"""
UPDATE = """
    UPDATE bench_floor f SET state = 'sent', gateway_id = v.id, sent_date = now()
    FROM (VALUES %s) AS v (reference, id) WHERE f.reference = v.reference
"""
