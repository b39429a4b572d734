from datetime import datetime, timedelta

from odoo import fields

from .reply_case import NUMBER, ReplyCase

MOMENT = datetime(2026, 1, 5, 12, 0)


class TestOptOut(ReplyCase):
    """Who asks for it gets no more SMS, until he asks for them again."""

    def test_the_blacklist_shows_words_time_and_message(self):
        message = self.reply("Pode parar!", occurred_at=MOMENT)
        self.assertRecordValues(
            self.blacklisted(),
            [
                {
                    "sms_text": "Pode parar!",
                    "sms_date": MOMENT,
                    "sms_message_id": message.id,
                }
            ],
        )

    def test_the_first_words_stay_the_evidence_and_outlive_the_message(self):
        first = self.reply("SAIR", occurred_at=MOMENT)
        self.reply("PARE")
        entry = self.blacklisted()
        self.assertEqual(entry.sms_message_id, first)
        first.unlink()
        self.assertEqual((entry.sms_text, entry.sms_date), ("SAIR", MOMENT))

    def test_who_was_blacklisted_by_hand_opts_out_all_the_same(self):
        """The customer's own words are the better evidence."""
        self.env["phone.blacklist"].create({"number": NUMBER, "sms_reason": "legal"})
        reply = self.reply("SAIR", occurred_at=MOMENT)
        entry = self.blacklisted()
        self.assertEqual((entry.sms_reason, entry.sms_since), ("opt_out", MOMENT))
        self.assertEqual(entry.sms_message_id, reply)

    def test_what_was_no_opt_out_leaves_the_number_as_it_was(self):
        self.env["phone.blacklist"].create({"number": NUMBER, "sms_reason": "legal"})
        before = self.blacklisted()
        since, source = before.sms_since, before.sms_source
        reply = self.reply("SAIR", occurred_at=MOMENT)
        reply.reply_class_choice = "other"
        entry = self.blacklisted()
        self.assertEqual((entry.sms_reason, entry.sms_since), ("legal", since))
        self.assertEqual((entry.sms_source, entry.sms_text), (source, False))
        self.assertFalse(entry.sms_message_id)

    def test_the_customer_comes_back_by_a_word(self):
        self.reply("SAIR", occurred_at=MOMENT)
        entry = self.blacklisted()
        back = self.reply("Quero voltar", occurred_at=MOMENT + timedelta(hours=1))
        self.assertEqual(back.reply_class, "opt_in")
        self.assertFalse(entry.active)
        said = " ".join(entry.message_ids.mapped("body"))
        self.assertIn("Opted in again", said)
        self.assertTrue(back.needs_answer)
        self.new_message().action_send()

    def test_the_word_alone_makes_no_entry(self):
        self.reply("VOLTAR")
        entries = self.env["phone.blacklist"].with_context(active_test=False)
        self.assertFalse(entries.search([("number", "=", NUMBER)]))

    def test_the_customer_s_last_word_counts_whenever_it_comes(self):
        hours = {"SAIR": 0, "VOLTAR": 1}
        for late in ("SAIR", "VOLTAR"):
            last = "VOLTAR" if late == "SAIR" else "SAIR"
            with self.subTest(late=late):
                day = MOMENT + timedelta(days=len(late))
                later = day + timedelta(hours=2)
                self.reply(last, occurred_at=later)
                self.reply(late, occurred_at=day + timedelta(hours=hours[late]))
                self.assertEqual(bool(self.blacklisted()), last == "SAIR")

    def test_both_words_of_one_page_count_in_their_order(self):
        messages = self.env["sms.message"].create(
            [
                {
                    "direction": "incoming",
                    "state": "delivered",
                    "phone": NUMBER,
                    "body": kind,
                    "reply_class": kind,
                    "sent_date": MOMENT + timedelta(minutes=minute),
                    "company_id": self.company.id,
                }
                for kind, minute in (("opt_in", 2), ("opt_out", 1))
            ]
        )
        messages._apply_wishes()
        self.assertFalse(self.blacklisted())


class TestConfirmation(ReplyCase):
    """One SMS confirms an opt-out, although the number is blacklisted by then."""

    def setUp(self):
        super().setUp()
        self.company.sms_confirm_opt_out = True

    def confirmations(self, phone=NUMBER):
        domain = [("opt_out_confirmation", "=", True), ("phone", "=", phone)]
        return self.env["sms.message"].search(domain)

    def test_it_is_off_unless_a_company_wants_it(self):
        company = self.env["res.company"].create({"name": "New"})
        self.assertFalse(company.sms_confirm_opt_out)
        self.assertIn("VOLTAR", company.sms_opt_out_text)
        self.company.sms_confirm_opt_out = False
        self.reply("SAIR")
        self.assertFalse(self.confirmations())

    def test_the_opt_out_does_not_block_its_confirmation(self):
        self.company.sms_opt_out_text = "Feito."
        reply = self.reply("SAIR")
        confirmation = self.confirmations()
        self.assertEqual(confirmation.parent_id, reply)
        self.assertEqual(confirmation.partner_id, self.partner)
        self.assertEqual(self.pending_jobs("_send_batch").channel, "root.sms.now")
        self.run_jobs("_send_batch")
        self.assertEqual(confirmation.state, "sent")
        [call] = self.gateway.calls
        self.assertEqual(
            [(m.phone, m.text) for m in call.messages], [(NUMBER, "Feito.")]
        )

    def test_all_else_to_the_number_is_blocked(self):
        draft = self.new_message()
        draft.action_send()
        self.campaign.add(NUMBER)
        batch = self.queued_batch(0)
        self.reply("SAIR")
        self.run_jobs("_send_batch")
        self.assertEqual(self.gateway.phones, [NUMBER])
        self.assertEqual(draft.failure_type, "opt_out")
        self.assertEqual(self.states(batch), {"canceled": 1})

    def test_there_is_never_more_than_one(self):
        for text in ("SAIR", "PARE", "sair", "VOLTAR", "SAIR"):
            self.reply(text)
        self.run_jobs("_send_batch")
        self.assertEqual(len(self.gateway.calls), 1)
        self.assertTrue(self.blacklisted())

    def test_a_new_opt_out_long_after_is_confirmed_again(self):
        day = fields.Datetime.now() - timedelta(days=3)
        self.reply("SAIR", occurred_at=day)
        self.env.cr.execute(
            "UPDATE sms_message SET create_date = %s WHERE opt_out_confirmation", [day]
        )
        self.reply("VOLTAR", occurred_at=day + timedelta(days=1))
        self.reply("SAIR", occurred_at=day + timedelta(days=2))
        self.assertEqual(len(self.confirmations()), 2)

    def test_who_was_out_already_hears_nothing(self):
        self.env["phone.blacklist"].create({"number": NUMBER})
        self.reply("SAIR")
        self.assertFalse(self.confirmations())

    def test_where_it_cannot_be_sent_the_opt_out_counts_all_the_same(self):
        cases = [("+551133334444", "Feito."), ("+5521987654322", " ")]
        for number, text in cases:
            with self.subTest(number=number, text=text):
                self.company.sms_opt_out_text = text
                self.reply("SAIR", phone=number)
                self.assertTrue(self.blacklisted(number))
                self.assertFalse(self.confirmations(number))

    def test_without_an_active_provider_there_is_none(self):
        message = self.reply("oi")
        self.provider.active = False
        message.reply_class = "opt_out"
        message._apply_wishes()
        self.assertTrue(self.blacklisted())
        self.assertFalse(self.confirmations())

    def test_it_answers_nothing_and_nobody_sends_another_in_its_name(self):
        message = self.reply("me esquece")
        message.with_user(self.salesperson).reply_class_choice = "opt_out"
        self.assertTrue(self.confirmations())
        self.assertFalse(message.answered_date)
        copy = self.confirmations().copy()
        self.assertFalse(copy.opt_out_confirmation)

    def test_it_is_sent_at_any_hour(self):
        self.reply("SAIR")
        batch = self.confirmations().batch_id
        self.assertIsNone(self.company._sms_window(batch.message_class))
