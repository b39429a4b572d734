from datetime import timedelta

from odoo import fields

from ..tools.inbound import RejectionItem, ReplyItem, StatusItem
from .common import SmsCase


class TestMessageHistory(SmsCase):
    """The form of a message tells what came, when, and by which way."""

    def send(self):
        message = self.new_message()
        message.action_send()
        self.run_jobs()
        return message

    def lines(self, message):
        """What the history says, without the moments."""
        rows = [row for row in message.sudo()._history_rows() if row[0]]
        return [tuple(row[1:]) for row in sorted(rows, key=lambda row: row[0])]

    def test_a_sent_message_shows_its_call_its_reports_and_its_reply(self):
        message = self.send()
        self.tell(
            StatusItem(
                reference=message.reference, state="error", code="4", text="broker"
            )
        )
        self.env["sms.event"]._store_items(
            self.provider,
            [StatusItem(reference=message.reference, state="delivered", code="3")],
            "poll",
        )
        self.run_jobs()
        self.tell(
            ReplyItem(reply_id="r-1", text="SIM <b>", reference=message.reference)
        )
        history = self.lines(message)
        self.assertIn(("Written", "", self.env.user.name), history)
        self.assertIn(("Handed to the gateway", "Fake", ""), history)
        self.assertIn(("Answer to the call: Accepted", "Fake", ""), history)
        report = "Delivery report: Not delivered"
        self.assertIn((report, "Webhook", "broker · 4"), history)
        self.assertIn(("Delivery report: Delivered", "Poll", "3"), history)
        self.assertIn(("Reply received", "", "SIM <b>"), history)
        self.assertIn("SIM &lt;b&gt;", message.history)

    def test_the_oldest_comes_first(self):
        message = self.send()
        event = self.tell(
            StatusItem(reference=message.reference, state="delivered", code="3")
        )
        self.env.cr.execute(
            "UPDATE sms_event SET create_date = create_date + interval '1 hour'"
            " WHERE id = %s",
            [event.id],
        )
        self.env.invalidate_all()
        self.assertLess(
            message.history.index("Handed to the gateway"),
            message.history.index("Delivery report: Delivered"),
        )

    def test_a_late_refusal_of_the_whole_request_is_told(self):
        message = self.send()
        names = [
            {"request_id": message.provider_job_id},
            {"request_reference": message.batch_id.attempt_reference},
        ]
        for name in names:
            with self.subTest(**name):
                self.tell(RejectionItem(text="bad words", **name))
                told = ("Rejected request", "Webhook", "bad words")
                self.assertIn(told, self.lines(message))
                self.env["sms.event"].search([]).unlink()

    def test_another_provider_s_refusal_is_not(self):
        message = self.send()
        other = self.provider.copy({"name": "Other"})
        self.tell(RejectionItem(request_id=message.provider_job_id), provider=other)
        self.assertNotIn("Rejected request", message.history)

    def test_a_reply_shows_how_it_came_once_for_each_way(self):
        now = fields.Datetime.now()
        event = self.tell(
            ReplyItem(text="Sim", phone=self.partner.phone, occurred_at=now)
        )
        message = event.message_id
        self.env["sms.event"]._store_items(
            self.provider,
            [
                ReplyItem(
                    reply_id="r-1",
                    text="SIM",
                    phone=self.partner.phone,
                    occurred_at=now + timedelta(seconds=5),
                )
            ],
            "poll",
        )
        self.run_jobs()
        ways = sorted(line[1] for line in self.lines(message))
        self.assertEqual(ways, ["Poll", "Webhook"])

    def test_a_salesperson_reads_the_history_of_own_messages(self):
        message = self.send()
        self.tell(StatusItem(reference=message.reference, state="delivered", code="3"))
        seen = message.with_user(self.salesperson)
        seen.invalidate_recordset()
        self.assertIn("Delivery report: Delivered", seen.history)

    def test_a_cancelled_message_says_why(self):
        message = self.new_message()
        message.action_send()
        # Between the click and the call.
        self.env["phone.blacklist"].sudo()._add([message.phone])
        self.run_jobs()
        self.assertEqual(message.state, "canceled")
        self.assertIn("Left out or cancelled", message.history)

    def test_a_draft_that_is_not_saved_has_none(self):
        self.assertFalse(self.env["sms.message"].new({"body": "Olá"}).history)

    def test_supervisors_open_the_events_behind_it(self):
        message = self.send()
        event = self.tell(
            StatusItem(reference=message.reference, state="delivered", code="3")
        )
        supervisor = self.new_user("boss", "sms_base_sr.group_sms_manager")
        action = message.with_user(supervisor).action_view_events()
        found = self.env["sms.event"].with_user(supervisor).search(action["domain"])
        self.assertEqual(found, event)
