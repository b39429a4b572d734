from odoo.addons.sms_base_sr.tests.common import SmsCase
from odoo.addons.sms_base_sr.tests.provider_contract import ProviderContract

from .sample_simulator import SampleSimulator

KEY = "made-up-key-0002"
WORDS = {
    "sent": "QUEUED",
    "delivered": "DONE",
    "error": "FAILED",
    "expired": "TIMED_OUT",
}


class TestSampleContract(ProviderContract, SmsCase):
    """The sample provider keeps the contract, against a simulator of its own."""

    REFUSALS = {"gateway_invalid": "rejected", "gateway_duplicate": "canceled"}
    REFUSES_CONTENT = True

    def setUp(self):
        super().setUp()
        self.sim = SampleSimulator(KEY)
        self.addCleanup(self.sim.close)
        self.sample = self.env["sms.provider"].create(
            {
                "name": "Sample",
                "provider_type": "sample",
                "company_id": self.company.id,
                "sample_key": KEY,
                "sample_url": self.sim.url,
            }
        )
        self.provider.active = False

    def make_provider(self):
        return self.sample

    def point_to(self, provider, url):
        provider.sample_url = url

    def accepted(self):
        return [row["custom_id"] for rows in self.sim.taken.values() for row in rows]

    def refuse_number(self, phone, failure_type):
        bad = failure_type == "gateway_invalid"
        (self.sim.bad_numbers if bad else self.sim.repeated).add(phone)

    def accept_everything(self):
        self.sim.bad_numbers.clear()
        self.sim.repeated.clear()

    def refuse_content(self, row):
        self.sim.bad_rows = [] if row is None else [row]

    def lose_answer(self, accepted):
        self.sim.lose_next = "after" if accepted else "before"

    def know_nothing(self):
        self.sim.forgets = True

    def status_body(self, message, state):
        row = {"custom_id": message.reference, "id": message.provider_message_id}
        return {"status": {**row, "state": WORDS[state]}}

    def reply_body(self, message, text):
        row = {"id": f"r{message.id}", "from": message.phone, "text": text}
        at = "2025-11-16T14:30:00"
        return {"reply": {**row, "answers": message.provider_message_id, "at": at}}
