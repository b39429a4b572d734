from odoo.tests import Form

from ..tools.inbound import ReplyItem, StatusItem
from .reply_case import NUMBER, STRANGER, ReplyCase


class TestChatterAnswered(ReplyCase):
    """Notes of answered SMS only: campaigns do not fill the chatters of the silent."""

    def setUp(self):
        super().setUp()
        self.company.sms_chatter_mode = "answered"
        self.other = self.partner.copy({"phone": STRANGER})

    def send_campaign(self, *numbers):
        """Send a campaign to numbers; returns its messages in their order."""
        for number in numbers or (NUMBER, STRANGER):
            self.campaign.add(number)
        run = self.planned_run(0)
        run.action_release()
        self.run_jobs("_enqueue_batches", "_send_batch")
        messages = self.env["sms.message"].search([("run_id", "=", run.id)], order="id")
        for message in messages:
            message.partner_id = message._find_partner_by_phone(message.phone)
        self.run_jobs()
        return messages

    def notification(self, message):
        return self.env["mail.notification"].search(
            [("sms_message_id", "=", message.id)]
        )

    def test_which_sms_are_shown_and_when(self):
        cases = [
            # mode, campaign's when sent, once answered, by hand, the reply
            ("all", True, True, True, True),
            ("answered", False, True, True, True),
            ("none", False, False, False, False),
        ]
        for mode, sent, answered, by_hand, reply in cases:
            with self.subTest(mode):
                self.company.sms_chatter_mode = mode
                self.campaign.recipients.clear()
                message = self.send_campaign(NUMBER)
                self.assertEqual(bool(self.notification(message)), sent)
                before = self.notes()
                self.reply(reference=message.reference)
                self.assertEqual(bool(self.notification(message)), answered)
                texts = " ".join((self.notes() - before).mapped("body"))
                self.assertEqual("Quanto fica?" in texts, reply)
                single = self.new_message()
                single.action_send()
                self.run_jobs()
                self.assertEqual(bool(self.notification(single)), by_hand)

    def test_a_campaign_makes_no_chatter_jobs(self):
        self.send_campaign()
        methods = self.env["queue.job"].sudo().search([]).mapped("method_name")
        self.assertNotIn("_mirror_chatter", methods)
        promised = self.env["sms.batch.todo"].search([]).mapped("method")
        self.assertNotIn("_mirror_chatter", promised)

    def test_the_note_stands_before_the_reply_with_its_own_date_and_status(self):
        message, silent = self.send_campaign()
        report = StatusItem(reference=message.reference, state="delivered", code="3")
        self.tell(report)
        self.reply("Quanto?", reference=message.reference)
        answer, asked = self.notes()  # the newest first, as the chatter shows them
        self.assertIn("Quanto?", answer.body)
        self.assertIn("Olá Ana", asked.body)
        self.assertEqual(asked.date, message.sent_date)
        self.assertEqual(asked.author_id, self.company.partner_id)
        self.assertEqual(self.notification(message).notification_status, "sent")
        self.assertEqual(self.notification(message).mail_message_id, asked)
        self.assertFalse(self.notification(silent))
        self.assertFalse(self.notes(self.other))

    def test_the_status_follows_later_reports_too(self):
        message = self.send_campaign(NUMBER)
        self.reply(reference=message.reference)
        self.assertEqual(self.notification(message).notification_status, "pending")
        self.tell(StatusItem(reference=message.reference, state="delivered", code="3"))
        self.run_jobs()
        self.assertEqual(self.notification(message).notification_status, "sent")

    def test_further_replies_show_it_once(self):
        message = self.send_campaign(NUMBER)
        for text in ("um", "dois"):
            self.reply(text, reference=message.reference)
        self.assertEqual(len(self.notification(message)), 1)
        self.assertEqual(len(self.notes()), 3)

    def test_a_page_of_replies_is_one_statement(self):
        messages = self.send_campaign()
        asked = []
        write = type(messages)._write_notes

        def count(model, company, condition):
            asked.append(company)
            return write(model, company, condition)

        self.patch(type(messages), "_write_notes", count)
        self.tell(
            *(
                ReplyItem(reply_id=f"p-{m.id}", text="oi", reference=m.reference)
                for m in messages
            )
        )
        self.assertEqual(asked, [self.company])
        self.assertTrue(all(self.notification(message) for message in messages))

    def test_another_company_s_setting_is_not_ours(self):
        message = self.send_campaign(NUMBER)
        company = self.env["res.company"].create({"name": "Other"})
        company.sms_chatter_mode = "all"
        reply = self.reply(reference=message.reference)
        self.notification(message).mail_message_id.unlink()
        reply.write({"company_id": company.id, "provider_id": False})
        reply._note_answered()
        self.assertFalse(self.notification(message))

    def test_a_stranger_who_gets_a_name_gets_what_he_answered(self):
        self.other.unlink()
        message = self.send_campaign(STRANGER)
        self.campaign.recipients.clear()
        silent = self.send_campaign(STRANGER)
        reply = self.reply(reference=message.reference, phone=STRANGER)
        self.assertFalse(self.notification(message))
        named = self.partner.create({"name": "Beatriz Exemplo"})
        reply.with_user(self.manager)._assign_contact(named)
        self.run_jobs()
        self.assertEqual(len(self.notes(named)), 2)
        self.assertEqual(len(self.notification(message)), 1)
        self.assertEqual(silent.partner_id, named)
        self.assertFalse(self.notification(silent))

    def test_a_batch_is_mirrored_by_its_company_s_setting(self):
        """A job of before the setting was changed shows what is wanted now."""
        message, silent = self.send_campaign()
        self.reply(reference=message.reference)
        self.notification(message).mail_message_id.unlink()
        message.batch_id._mirror_chatter()
        self.assertTrue(self.notification(message))
        self.assertFalse(self.notification(silent))
        self.company.sms_chatter_mode = "all"
        message.batch_id._mirror_chatter()
        self.assertTrue(self.notification(silent))

    def test_the_settings_offer_it_and_say_what_it_means(self):
        with Form(self.env["res.config.settings"]) as settings:
            self.assertEqual(settings.sms_chatter_mode, "answered")
            settings.sms_chatter_mode = "all"
        settings.save().execute()
        self.assertEqual(self.company.sms_chatter_mode, "all")
        said = self.company._fields["sms_chatter_mode"].help
        self.assertIn("by hand", said)
