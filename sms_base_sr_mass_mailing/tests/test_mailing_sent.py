from datetime import datetime
from zoneinfo import ZoneInfo

from odoo.tools import mute_logger

from .mailing_case import MailingCase


class TestMailingSent(MailingCase):
    """SMS Marketing leaves by our provider, as advertising."""

    def test_each_sms_is_a_promotional_message_of_the_mailing(self):
        mailing = self.sent_mailing()
        messages = self.messages(mailing)
        self.assertEqual(len(messages), 3)
        self.assertEqual(set(messages.mapped("message_class")), {"promotional"})
        self.assertEqual(set(messages.mapped("state")), {"sent"})
        self.assertEqual(
            messages.user_id, self.env.user - self.env.ref("base.user_root")
        )
        self.assertEqual(len(self.gateway.calls), len(messages.batch_id))
        self.assertIn(self.partner, messages.partner_id)
        self.assertFalse(self.iap)

    def test_sent_by_the_cron_too(self):
        mailing = self.new_mailing(sms_force_send=False)
        mailing.action_send_sms()
        self.assertFalse(self.messages(mailing))
        self.run_cron()
        self.assertEqual(len(self.gateway.phones), 3)

    def test_the_ending_of_promotional_sms_is_appended(self):
        self.company.sms_suffix = "Para sair, responda SAIR."
        mailing = self.sent_mailing()
        bodies = self.messages(mailing).mapped("body")
        self.assertEqual(set(bodies), {"Oferta Para sair, responda SAIR."})

    def test_cores_link_to_unsubscribe_is_ending_enough(self):
        self.company.sms_suffix = "Para sair, responda SAIR."
        mailing = self.sent_mailing(sms_allow_unsubscribe=True)
        for body in self.messages(mailing).mapped("body"):
            self.assertRegex(body, rf"^Oferta\nSTOP SMS: .*/sms/{mailing.id}/\w+$")

    def test_short_links_stay_as_core_writes_them(self):
        mailing = self.sent_mailing(body_plaintext="Veja https://example.com/oferta")
        for message in self.messages(mailing):
            self.assertRegex(message.body, r"^Veja http\S+/r/\w+/s/\d+$")
        self.assertEqual(len(set(self.messages(mailing).mapped("body"))), 3)

    def test_advertising_waits_for_its_hours(self):
        here = datetime.now(ZoneInfo("America/Sao_Paulo")).hour
        start = 14 if here < 12 else 4
        self.company.write({"sms_window_start": start, "sms_window_end": start + 3})
        mailing = self.new_mailing()
        mailing.action_send_sms()
        self.assertTrue(self.run_jobs("_send_batch"))
        self.assertFalse(self.gateway.calls)
        self.assertTrue(all(self.messages(mailing).batch_id.mapped("not_before")))
        self.assertEqual(self.statuses(mailing), ["process"] * 3)
        self.assertEqual(mailing.state, "sending")

    def test_who_must_not_be_texted_is_cancelled_in_the_mailing(self):
        register = self.env["sms.do.not.disturb"].create(
            {"name": "Não Perturbe", "company_id": self.company.id}
        )
        register.state = "active"
        self.env["sms.do.not.disturb.number"].create(
            {"list_id": register.id, "number": "+5521987654321"}
        )
        self.env["phone.blacklist"].add("+5511987650000")
        mailing = self.sent_mailing()
        self.assertEqual(self.statuses(mailing), ["cancel", "cancel", "pending"])
        canceled = mailing.mailing_trace_ids.filtered(
            lambda trace: trace.trace_status == "cancel"
        )
        self.assertEqual(
            set(canceled.mapped("failure_type")), {"sms_blacklist", "sms_not_allowed"}
        )
        self.assertEqual(self.gateway.phones, ["+5511912345678"])

    def test_core_retries_what_failed_and_nobody_is_texted_twice(self):
        with self.broken(), mute_logger("odoo.addons.sms_base_sr.models.sms_sms"):
            mailing = self.sent_mailing()
        self.assertEqual(self.statuses(mailing), ["outgoing"] * 3)
        self.run_cron()
        mailing.action_retry_failed()
        mailing.action_send_sms()
        self.run_cron()
        self.assertEqual(len(self.gateway.phones), 3)

    def test_another_companys_mailing_is_cores(self):
        mailing = self.new_mailing()
        mailing.with_company(self.other).action_send_sms()
        self.assertEqual(len(self.iap), 3)
        self.assertFalse(self.messages(mailing))

    def test_the_mailing_opens_its_messages(self):
        mailing = self.sent_mailing()
        action = mailing.action_view_sms_messages()
        found = self.env["sms.message"].search(action["domain"])
        self.assertEqual(found, self.messages(mailing))
