"""Our campaign: from the manager's click to the last acceptance and the last effect."""

import time
from dataclasses import dataclass

import requests

from tests.demo import campaign
from tests.demo.json2 import Json2

from .stage import CALM, PARTNERS, Stage

LOOK_EVERY = 0.05


@dataclass(frozen=True)
class Took:
    """Seconds from the click: its answer, the last acceptance, reports, the rest."""

    click: float
    accepted: float
    applied: float
    effects: float


class Campaigns:
    """Sends campaigns to the same contacts, one after the other."""

    def __init__(self, stage: Stage):
        self.stage = stage
        key = stage.stack.keys()["keys"]["manager"]
        self.manager = Json2(stage.stack.url, key, stage.stack.name)

    def prepare(self, contacts: int, settings: dict) -> None:
        """Make the people; everybody is reached, and nobody answers."""
        self.stage.control("settings", rates=CALM, push=True, **settings)
        self.stage.sql(PARTNERS, contacts)
        self.stage.sql("VACUUM ANALYZE res_partner")

    def new(self, contacts: int) -> int:
        """Make a campaign of so many contacts, ready to be sent."""
        found = campaign.import_contacts(
            self.manager, f"Benchmark {contacts}", [], "realcred_margem"
        )
        self.stage.sql(CONTACTS, found, contacts)
        self.stage.sql("ANALYZE contacts_realcred_batch")
        return found

    def send(self, contacts: int) -> Took:
        """Press *Send SMS* and wait for all that follows; check that it is true."""
        number = self.new(contacts)
        self.stage.control("reset")
        begin = time.time()
        campaign.send(self.manager, number)
        click = time.time() - begin
        run = self.stage.count(RUN, number)
        applied = self._until(begin, lambda: self._told(run, contacts))
        effects = self._until(begin, lambda: self._shown(run, contacts))
        last = accepted(self.stage, contacts)
        return Took(click, last - begin, applied - begin, effects - begin)

    def _until(self, begin: float, condition) -> float:
        while not condition():
            if time.time() > begin + 1800:
                raise RuntimeError("the campaign does not come to rest")
            time.sleep(LOOK_EVERY)
        return time.time()

    def _told(self, run: int, contacts: int) -> bool:
        """All reports are applied: asked of the newest first, which come last."""
        if self.stage.sql(UNTOLD, run):
            return False
        return self.stage.count(DELIVERED, run) == contacts

    def _shown(self, run: int, contacts: int) -> bool:
        """Notes say *delivered*, counters and the run agree, and no job is left."""
        if not self.stage.at_rest():
            return False
        figures = self.stage.sql(SHOWN, run, run)[0]
        return figures == (contacts, contacts, "done")


def accepted(stage: Stage, contacts: int) -> float:
    """When the simulator had the last one; each of them exactly once."""
    found = requests.get(f"{stage.stack.simulator.url}/_control/accepted", timeout=60)
    found = found.json()
    if found["messages"] != contacts:
        raise RuntimeError(f"{found['messages']} accepted, not {contacts}")
    return found["last"]


def texts(stage: Stage) -> set[tuple[str, str]]:
    """What the simulator was asked to send: (number, text)."""
    found = requests.get(f"{stage.stack.simulator.url}/_control/messages", timeout=60)
    return {(row["phone"], row["text"]) for row in found.json()["messages"]}


CONTACTS = """
    INSERT INTO contacts_realcred_batch (name, cpf, telefone1, sms_phone, vi_rmi,
        updated_limit, campaing_id, cpf_id)
    SELECT name, lpad(id::text, 11, '0'), phone, phone, 1000, TRUE, %s, id
    FROM res_partner WHERE name LIKE 'Pessoa %%' ORDER BY id LIMIT %s
"""
RUN = "SELECT sms_run_id FROM contacts_realcred_campaign WHERE id = %s"
UNTOLD = """
    SELECT 1 FROM (SELECT state FROM sms_message WHERE run_id = %s
        ORDER BY id DESC LIMIT 1) last WHERE state != 'delivered'
"""
DELIVERED = """
    SELECT count(*) FROM sms_message WHERE run_id = %s AND state = 'delivered'
"""
SHOWN = """
    SELECT
        (SELECT count(*) FROM sms_message m JOIN mail_notification n
            ON n.sms_message_id = m.id AND n.notification_status = 'sent'
            WHERE m.run_id = %s),
        (SELECT sum(n) FROM sms_batch_stat
            WHERE run_id = r.id AND state = 'delivered'),
        r.state
    FROM sms_run r WHERE r.id = %s
"""
