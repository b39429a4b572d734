"""What other parts of Odoo write, on a real server: by us, or by Odoo beside us."""

import json
import os
import signal

import pytest

from dev.stack import Stack
from tests.demo.json2 import Json2
from tests.e2e.iap import FakeIap
from tests.e2e.test_interruptions import Campaigns

CONTACTS = 60
MANY = 1_200
# By us: the demo's company. By Odoo's own service: a second one.
COMPANIES = """
import json
from datetime import timedelta
from odoo import Command, fields

settings = json.loads('''{settings}''')
parameters = env["ir.config_parameter"].sudo()
for name in ("sms.endpoint", "iap.endpoint"):
    parameters.set_param(name, settings["iap"])
first = env.company
provider = env["sms.provider"].search([("company_id", "=", first.id)], limit=1)
first.write({{"sms_native_provider_id": provider.id,
    "sms_window_start": 0, "sms_window_end": 24}})
second = env["res.company"].create({{
    "name": "Outra Financeira", "country_id": env.ref("base.br").id,
}})
groups = ["sms_base_sr.group_sms_campaign", "mass_mailing.group_mass_mailing_user",
          "base.group_partner_manager"]
keys = {{}}
for login, home in (("ours", first), ("core", second)):
    user = env["res.users"].with_context(no_reset_password=True).create({{
        "name": login, "login": login, "company_id": home.id,
        "company_ids": [Command.set(home.ids)],
        "group_ids": [Command.link(env.ref(name).id) for name in groups],
    }})
    until = fields.Datetime.now() + timedelta(days=1)
    make = env["res.users.apikeys"].with_user(user).sudo()._generate
    keys[login] = make("rpc", "test", until)
open(settings["answer"], "w").write(json.dumps(keys))
env.cr.commit()
"""


class Native(Campaigns):
    """A running stack, a person of each company, both gateways."""

    def __init__(self, stack: Stack, keys: dict, iap: FakeIap):
        super().__init__(stack)
        self.iap = iap
        self.ours, self.core = (
            Json2(stack.url, keys[login], stack.name) for login in ("ours", "core")
        )

    def new_partner(self, person: Json2, number: str) -> int:
        values = {"name": f"Customer {number}", "phone": number}
        [partner] = person.call("res.partner", "create", vals_list=[values])
        return partner

    def compose(self, person: Json2, partners: list[int], mode: str) -> None:
        """Press *Send* in core's dialog."""
        values = {
            "composition_mode": mode,
            "res_model": "res.partner",
            "res_ids": str(partners),
            "body": "Bom dia",
            "mass_keep_log": True,
        }
        [dialog] = person.call("sms.composer", "create", vals_list=[values])
        person.call("sms.composer", "action_send_sms", ids=[dialog])

    def send_mailing(self, person: Json2, first: int, count: int) -> int:
        """Write a mailing to new contacts of a list of their own, and send it."""
        [contacts] = person.call(
            "mailing.list", "create", vals_list=[{"name": f"List {first}"}]
        )
        person.create_all(
            "mailing.contact",
            [
                {
                    "name": f"Contact {number}",
                    "mobile": f"+55119{number:08d}",
                    "list_ids": [contacts],
                }
                for number in range(first, first + count)
            ],
        )
        [model] = person.call(
            "ir.model", "search", domain=[["model", "=", "mailing.list"]]
        )
        [mailing] = person.call(
            "mailing.mailing",
            "create",
            vals_list=[
                {
                    "subject": f"Offer {first}",
                    "mailing_type": "sms",
                    "body_plaintext": "Oferta https://example.com/oferta",
                    "mailing_model_id": model,
                    "contact_list_ids": [contacts],
                }
            ],
        )
        person.call("mailing.mailing", "action_send_sms", ids=[mailing])
        return mailing

    def statuses(self, table: str, column: str, where: str) -> dict[str, int]:
        found = self.sql(
            f"SELECT {column}, count(*) FROM {table} WHERE {where} GROUP BY 1"
        )
        rows = (line.split("|") for line in found.splitlines())
        return {status: int(count) for status, count in rows}

    def traces(self, mailing: int) -> dict[str, int]:
        return self.statuses(
            "mailing_trace", "trace_status", f"mass_mailing_id = {mailing}"
        )


@pytest.fixture(scope="module")
def native(tmp_path_factory):
    stack, iap = Stack("e2e_native", workers=0), FakeIap()
    folder = tmp_path_factory.mktemp("native")
    settings = {"iap": iap.url, "answer": str(folder / "keys.json")}
    try:
        stack.start()
        script = folder / "companies.py"
        script.write_text(COMPANIES.format(settings=json.dumps(settings)))
        stack.shell(script)
        found = Native(stack, json.loads((folder / "keys.json").read_text()), iap)
        rates = {"invalid": 0, "blacklist": 0, "not_disturb": 0, "reply": 0}
        rates |= {"not_delivered": 0, "rejected": 0, "expired": 0, "silent": 0}
        found.control("settings", {"rates": rates})
        yield found
    finally:
        stack.stop()
        iap.stop()


def test_a_comment_is_delivered_and_its_note_says_so(native):
    partner = native.new_partner(native.ours, "(11) 98000-0001")
    native.compose(native.ours, [partner], "comment")
    where = f"res_partner_id = {partner} AND notification_type = 'sms'"
    native.sweep_until(
        90,
        lambda: (
            native.statuses("mail_notification", "notification_status", where)
            == {"sent": 1}
        ),
    )
    notes = f"model = 'res.partner' AND res_id = {partner} AND message_type = 'sms'"
    assert native.statuses("mail_message", "message_type", notes) == {"sms": 1}
    native.check_against_the_gateway()


def test_a_mailing_is_delivered_and_its_traces_say_so(native):
    mailing = native.send_mailing(native.ours, 81_000_000, CONTACTS)
    native.sweep_until(120, lambda: native.traces(mailing) == {"sent": CONTACTS})
    state = f"SELECT state FROM mailing_mailing WHERE id = {mailing}"
    assert native.sql(state) == "done"
    classes = native.statuses("sms_message", "message_class", f"mailing_id = {mailing}")
    assert classes == {"promotional": CONTACTS}
    native.check_against_the_gateway()
    assert native.iap.numbers == []


def test_the_other_company_goes_on_by_odoos_own_service(native):
    """Both wait in one queue: the cron sends each its own way."""
    theirs = native.new_partner(native.core, "+55 11 98000-0002")
    ours = native.new_partner(native.ours, "+55 11 98000-0003")
    native.compose(native.core, [theirs], "mass")
    native.compose(native.ours, [ours], "mass")
    native.sweep_until(90, lambda: native.iap.numbers == ["+5511980000002"])
    messages = "SELECT state FROM sms_message WHERE phone = '{}'"
    native.sweep_until(
        90, lambda: native.sql(messages.format("+5511980000003")) == "delivered"
    )
    assert native.sql(messages.format("+5511980000002")) == ""
    native.check_against_the_gateway()


def test_a_killed_server_texts_nobody_twice(native):
    native.control("faults", {"kind": "slow", "times": None, "seconds": 3})
    mailing = native.send_mailing(native.ours, 82_000_000, MANY)
    sending = "SELECT count(*) FROM sms_batch WHERE state = 'sending'"
    native.sweep_until(60, lambda: native.sql(sending) != "0")
    os.killpg(native.stack.odoo.process.pid, signal.SIGKILL)
    native.stack.odoo.process.wait(10)
    native.control("faults", {"clear": True})
    # As if it came back after the deadline, which is three minutes.
    native.sql("UPDATE sms_batch SET attempt_deadline = now() - interval '1 hour'")
    native.stack.odoo.start()
    native.sweep_until(240, lambda: native.traces(mailing) == {"sent": MANY})
    native.check_against_the_gateway()
    queued = "SELECT count(*) FROM sms_sms WHERE state = 'outgoing'"
    assert native.sql(queued) == "0"


def test_the_log_holds_no_complaint(native):
    lines = native.stack.log.read_text().splitlines()
    assert [line for line in lines if " ERROR " in line] == []
