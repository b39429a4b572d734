from odoo.addons.sms_base_sr.tests.provider_contract import ProviderContract

from .common import KolmeyaCase

CODES = {"sent": 2, "delivered": 3, "error": 4, "expired": 6}
FATES = {
    "gateway_invalid": "invalids",
    "gateway_blacklist": "blacklist",
    "gateway_do_not_disturb": "not_disturb",
}


class TestKolmeyaContract(ProviderContract, KolmeyaCase):
    """Kolmeya keeps the contract of all providers, against its simulator."""

    REFUSALS = {
        "gateway_invalid": "rejected",
        "gateway_blacklist": "canceled",
        "gateway_do_not_disturb": "canceled",
    }
    REFUSES_CONTENT = True

    def make_provider(self):
        return self.provider

    def point_to(self, provider, url):
        provider.kolmeya_base_url = url

    def accepted(self):
        return [row["reference"] for row in self.sim.messages()]

    def refuse_number(self, phone, failure_type):
        self.sim.fate(phone, refused=FATES[failure_type])

    def refuse_content(self, row):
        if row is None:
            self.sim.fault("422-blank")
        else:
            self.sim.fault("422-dict", row=row)

    def lose_answer(self, accepted):
        self.sim.fault("500-after" if accepted else "reset-before")

    def know_nothing(self):
        self.sim.reset()

    def status_body(self, message, state):
        row = {
            "id": message.provider_message_id,
            "reference": message.reference,
            "status_code": CODES[state],
        }
        return {"id": message.provider_job_id, "messages": [row]}

    def reply_body(self, message, text):
        answered = {
            "id": message.provider_message_id,
            "reference": message.reference,
            "phone": message.phone.lstrip("+"),
        }
        reply = {"id": f"reply-{message.id}", "reply": text, "message": answered}
        return {"reply": {**reply, "received_at": "16/11/2025 14:30:00"}}
