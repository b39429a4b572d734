from odoo.addons.sms_base_sr.models import sms_provider_blacklist
from odoo.addons.sms_base_sr.tools.inbound import ReplyItem
from odoo.addons.sms_base_sr.tools.wakeup_window import WakeUpWindow

from .common import KolmeyaCase

PHONES = ["+5511900000001", "+5511900000002"]


class TestKolmeyaBlacklist(KolmeyaCase):
    """Opt-outs reach the gateway's own blacklist, and leave it again."""

    def setUp(self):
        super().setUp()
        self.patch(sms_provider_blacklist, "window", WakeUpWindow(seconds=0.0))

    def reply(self, text):
        self.tell(ReplyItem(reply_id=text, text=text, phone=PHONES[0]))

    def run_tell(self):
        self.env["sms.provider"]._wake_up_blacklist()
        return self.run_jobs("_tell_blacklist")

    def known(self):
        """What the ledger believes the gateway to block."""
        rows = self.env["sms.blacklist.sync"].search([("blocked", "=", True)])
        return rows.mapped("number")

    def test_the_gateway_blocks_who_opted_out_and_frees_who_came_back(self):
        self.reply("SAIR")
        self.run_tell()
        self.assertEqual(self.sim.ledger.blocked, {"11900000001"})
        batch = self.send_to(PHONES[1])
        self.assertEqual(self.states(batch), ["sent"])
        self.reply("VOLTAR")
        self.run_tell()
        self.assertFalse(self.sim.ledger.blocked)
        self.assertEqual(self.states(self.send_to(PHONES[0])), ["sent"])

    def test_the_confirmation_is_accepted_before_the_number_is_blocked(self):
        self.company.sms_confirm_opt_out = True
        self.reply("SAIR")
        self.run_tell()
        self.run_jobs("_send_batch")
        confirmation = self.env["sms.message"].search(
            [("opt_out_confirmation", "=", True)]
        )
        self.assertEqual(confirmation.state, "sent")
        self.run_tell()
        self.assertEqual(self.sim.ledger.blocked, {"11900000001"})

    def test_what_the_gateway_answers_decides_what_is_told_again(self):
        cases = [
            *(("429", False), ("401", False), ("500-json", False), ("422-list", True)),
            *(("reset-before", False), ("200-html", False), ("502-html", False)),
        ]
        for number, (fault, settled) in enumerate(cases):
            phone = f"+551190000010{number}"
            with self.subTest(fault=fault):
                self.sim.fault(fault, path="blacklist/store")
                self.env["phone.blacklist"].create({"number": phone})
                self.run_tell()
                self.assertEqual(phone in self.known(), settled)

    def test_a_gateway_out_of_reach_is_told_later(self):
        self.env["phone.blacklist"].create({"number": PHONES[0]})
        self.sim.stop()
        self.run_tell()
        self.assertFalse(self.known())
        row = self.env["sms.blacklist.sync"].search([])
        self.assertTrue(row.not_before)
        self.assertFalse(row.refusal)

    def test_an_account_without_a_token_stops_nothing(self):
        self.provider.kolmeya_api_token = False
        self.env["phone.blacklist"].create({"number": PHONES[0]})
        self.assertFalse(self.run_tell())
        self.assertFalse(self.known())
