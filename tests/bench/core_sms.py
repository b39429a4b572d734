"""Odoo's own mass SMS to the same people: its composer, its queue, its gateway class.

A server and a database of its own, with core's ``sms`` and a test addon alone, so that
nothing of ours is in its way.
"""

import time

from dev import ports, server
from dev.paths import LOCAL

from .browser import Browser, Call
from .campaigns import accepted
from .floor import TEXT
from .stage import PARTNERS, Stage

NAME = "bench_core"
STATEMENTS = (
    "UPDATE res_company SET name = 'Crédito Exemplo'",
    "UPDATE res_partner p SET country_id = (SELECT id FROM res_country"
    " WHERE code = 'BR') FROM res_company c WHERE p.id = c.partner_id",
    "INSERT INTO ir_config_parameter (key, value) VALUES ('sms_bench.url', %s)",
    "INSERT INTO ir_config_parameter (key, value) VALUES ('sms_bench.token', %s)",
)


class CoreSms:
    """A server with core's SMS, whose gateway is the stage's simulator."""

    def __init__(self, stage: Stage, workers: int = 0):
        self.stage = stage
        postgres = stage.stack.server
        self.log = LOCAL / f"{NAME}.log"
        port = ports.free_port(8269)
        self.config = server.write_config(NAME, postgres, NAME, port, workers)
        self.odoo = server.Process(self.config, self.log)
        self.database = None

    def start(self, contacts: int) -> None:
        """Install, make the people, start the server."""
        postgres = self.stage.stack.server
        server.drop_database(postgres, NAME)
        server.install(self.config, NAME, ["sms_bench_core"], self.log)
        self.database = self.stage.connect(NAME)
        simulator = self.stage.stack.simulator
        values = [(), (), (f"{simulator.url}/api/v1/sms/store",), (simulator.token,)]
        for statement, value in zip(STATEMENTS, values, strict=True):
            self.sql(statement, *value)
        self.sql(PARTNERS, contacts)
        self.sql("VACUUM ANALYZE res_partner")
        self.odoo.start()
        self.admin = Browser(f"http://127.0.0.1:{self.odoo.port}", NAME, "admin")

    def sql(self, query: str, *values) -> list[tuple]:
        with self.database.cursor() as cursor:
            cursor.execute(query, values or None)
            return cursor.fetchall() if cursor.description else []

    def send(self, contacts: int, notes: bool, seconds: float = 600) -> float:
        """Press *Send* in the composer; return the seconds to the last acceptance."""
        people = [row[0] for row in self.sql(PEOPLE, contacts)]
        self.sql("DELETE FROM sms_sms")
        self.stage.control("reset")
        begin = time.time()
        model = "sms.composer"
        dialog = self.admin.call(Call(model, "create", [values(people, notes)]))
        self.admin.call(Call(model, "action_send_sms", [[dialog]], route="call_button"))
        while not self.sent(contacts):
            if time.time() > begin + seconds:
                raise RuntimeError(f"Odoo's own SMS: not sent after {seconds:.0f} s")
            time.sleep(0.05)
        return accepted(self.stage, contacts) - begin

    def sent(self, contacts: int) -> bool:
        return self.sql(SENT)[0][0] == contacts

    def stop(self) -> None:
        """Stop the server and drop its database."""
        self.odoo.stop()
        if self.database:
            self.database.close()
        server.drop_database(self.stage.stack.server, NAME)


def values(people: list[int], notes: bool) -> dict:
    """What the dialog sends; all else is core's default."""
    return {
        "composition_mode": "mass",
        "res_model": "res.partner",
        "res_ids": repr(people),
        "body": TEXT.replace("{name}", "{{ object.name }}"),
        "mass_keep_log": notes,
    }


PEOPLE = "SELECT id FROM res_partner WHERE name LIKE 'Pessoa %%' ORDER BY id LIMIT %s"
SENT = "SELECT count(*) FROM sms_sms WHERE state = 'pending'"
