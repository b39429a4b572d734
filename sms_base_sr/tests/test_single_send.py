from odoo.exceptions import UserError

from .common import SmsCase


class TestSingleSend(SmsCase):
    """One message typed by a person takes the same way as a campaign."""

    def test_a_draft_becomes_sent_through_a_batch_of_one(self):
        message = self.new_message()
        message.action_send()
        self.assertEqual(message.state, "outgoing")
        job = self.pending_jobs("_send_batch")
        self.assertEqual(job.channel, "root.sms.now")
        self.run_jobs("_send_batch")
        self.assertEqual(message.state, "sent")
        self.assertEqual(message.phone, "+5511912345678")
        self.assertEqual(message.batch_id.state, "sent")
        self.assertEqual(self.gateway.phones, ["+5511912345678"])
        self.assertEqual(message.provider_message_id, f"gw-{message.reference}")

    def test_running_the_job_again_sends_nothing_again(self):
        message = self.new_message()
        message.action_send()
        job = self.pending_jobs("_send_batch")
        self.run_job(job)
        self.run_job(job)
        self.assertEqual(len(self.gateway.calls), 1)

    def test_bad_input_names_the_field_and_the_remedy(self):
        cases = [
            ({"body": " "}, "Message"),
            ({"phone": "12"}, "Phone"),
            ({"phone": "(11) 3333-4444"}, "mobile"),
        ]
        for values, word in cases:
            with self.subTest(values=values), self.assertRaisesRegex(UserError, word):
                self.new_message(**values).action_send()
