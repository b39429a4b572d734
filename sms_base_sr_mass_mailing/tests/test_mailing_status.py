from odoo.addons.sms_base_sr.tools.inbound import ReplyItem

from .mailing_case import MailingCase


class TestMailingStatus(MailingCase):
    """Deliveries, failures and replies are seen in the mailing's own figures."""

    def trace_of(self, message):
        trackers = self.env["sms.tracker"].search(
            [("sms_uuid", "=", message.native_uuid)]
        )
        return trackers.mailing_trace_id

    def test_traces_follow_and_the_mailing_ends(self):
        mailing = self.sent_mailing()
        self.assertEqual(self.statuses(mailing), ["pending"] * 3)
        self.assertEqual(mailing.state, "done")
        self.assertTrue(all(mailing.mailing_trace_ids.mapped("sent_datetime")))
        first, second, third = self.messages(mailing)
        self.report(first, "delivered")
        self.report(second, "expired", "expired")
        self.report(third, "rejected", "rejected")
        self.assertEqual(self.statuses(mailing), ["bounce", "error", "sent"])
        self.assertEqual(self.trace_of(second).failure_type, "sms_expired")
        self.assertEqual(mailing.delivered, 1)

    def test_nothing_goes_back(self):
        mailing = self.sent_mailing()
        first, second, _third = self.messages(mailing)
        self.report(first, "delivered")
        self.trace_of(second).set_opened()
        self.report(first, "expired", "expired")
        self.report(second, "delivered")
        self.messages(mailing).batch_id._mirror_statuses()
        self.assertEqual(self.trace_of(first).trace_status, "sent")
        self.assertEqual(self.trace_of(second).trace_status, "open")

    def test_delivered_after_all_is_believed(self):
        mailing = self.sent_mailing()
        first = self.messages(mailing)[0]
        self.report(first, "expired", "expired")
        self.report(first, "delivered")
        self.assertEqual(self.trace_of(first).trace_status, "sent")
        self.assertFalse(self.trace_of(first).failure_type)

    def test_a_reply_counts_in_the_mailing(self):
        mailing = self.sent_mailing()
        first = self.messages(mailing)[0]
        self.tell(ReplyItem(phone=first.phone, text="Quero"))
        self.assertEqual(self.trace_of(first).trace_status, "reply")
        self.assertEqual(mailing.replied, 1)

    def test_who_opted_out_before_his_hour_is_cancelled(self):
        mailing = self.new_mailing()
        mailing.action_send_sms()
        message = self.messages(mailing)[0]
        self.env["phone.blacklist"].add(message.phone)
        self.run_jobs()
        self.assertEqual(self.trace_of(message).trace_status, "cancel")
        self.assertEqual(self.trace_of(message).failure_type, "sms_blacklist")
        self.assertEqual(mailing.state, "done")

    def test_notes_appear_as_those_of_campaigns(self):
        self.company.sms_chatter_mode = "answered"
        mailing = self.sent_mailing()
        sms = self.partner.message_ids.filtered(lambda m: m.message_type == "sms")
        self.assertFalse(sms)
        ours = self.messages(mailing).filtered("partner_id")
        self.tell(ReplyItem(phone=ours.phone, text="Quero"))
        self.env.invalidate_all()
        bodies = self.partner.message_ids.mapped("body")
        self.assertIn("<p>Oferta</p>", bodies)

    def test_what_is_forgotten_in_time_goes_from_the_traces(self):
        mailing = self.sent_mailing()
        first, second, _third = self.messages(mailing)
        tokens = {first.phone: "anon-1"}
        first._forget(first.ids, tokens, self.company, first.create_date)
        self.env.invalidate_all()
        self.assertFalse(self.trace_of(first).sms_number)
        self.assertEqual(self.trace_of(second).sms_number, second.phone)

    def test_an_erased_persons_number_goes_from_the_traces(self):
        mailing = self.sent_mailing()
        message = self.messages(mailing).filtered("partner_id")
        trace = self.trace_of(message)
        persons = self.env["sms.person"]
        person = persons._find(self.company, [message.phone], self.partner)
        found = {place.model: rows for place, rows in persons._rows_of(person)}
        self.assertEqual(len(found["mailing.trace"]), 1)
        self.env["sms.erasure"]._begin(person, "", False)
        self.env.invalidate_all()
        self.assertFalse(trace.sms_number)
