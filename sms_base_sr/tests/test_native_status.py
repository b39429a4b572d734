from odoo import fields

from ..tools import outcomes
from .native_case import NativeCase

# (our state, our reason, core's notification, its reason, core's row)
STATES = [
    ("delivered", None, "sent", False, "sent"),
    ("error", "not_delivered", "exception", "sms_not_delivered", "pending"),
    ("expired", "expired", "exception", "sms_expired", "pending"),
    ("rejected", "rejected", "bounce", "sms_rejected", "pending"),
]


class TestNativeStatus(NativeCase):
    """What becomes of a message is seen where core shows its SMS."""

    def test_the_note_is_cores_own_and_there_is_no_second(self):
        sms = self.comment()
        self.assertEqual(self.notification_of(sms).notification_status, "process")
        self.assertEqual(self.notification_of(sms).sms_message_id, self.message_of(sms))
        self.run_jobs()
        self.assertEqual(len(self.notes()), 1)
        self.assertEqual(self.notification_of(sms).notification_status, "pending")

    def test_each_state_is_told_in_cores_words(self):
        for state, failure, status, reason, row in STATES:
            with self.subTest(state):
                sms = self.comment()
                self.run_jobs()
                self.report(self.message_of(sms), state, failure)
                notification = self.notification_of(sms)
                self.assertEqual(notification.notification_status, status)
                self.assertEqual(notification.failure_type, reason)
                self.assertEqual(sms.state, row)

    def test_statuses_follow_whatever_our_own_notes_are(self):
        self.company.sms_chatter_mode = "none"
        sms = self.comment()
        self.run_jobs()
        self.report(self.message_of(sms), "delivered")
        self.assertEqual(self.notification_of(sms).notification_status, "sent")

    def test_nothing_goes_back(self):
        sms = self.comment()
        self.run_jobs()
        self.report(self.message_of(sms), "delivered")
        for state in ("sent", "expired", "error"):
            self.report(self.message_of(sms), state, "expired")
            self.message_of(sms).batch_id._mirror_statuses()
            self.assertEqual(self.notification_of(sms).notification_status, "sent")
            self.assertEqual(sms.state, "sent")

    def test_a_failure_that_somebody_waved_aside_stays_so(self):
        sms = self.comment()
        self.run_jobs()
        self.report(self.message_of(sms), "expired", "expired")
        self.notification_of(sms).notification_status = "canceled"
        self.message_of(sms).batch_id._mirror_statuses()
        self.assertEqual(self.notification_of(sms).notification_status, "canceled")

    def test_waiting_for_its_hour_it_stays_handed_over(self):
        sms = self.comment()
        self.message_of(sms).batch_id._mirror_statuses()
        self.assertEqual(self.notification_of(sms).notification_status, "process")
        self.assertEqual(sms.state, "process")

    def test_statuses_follow_when_core_has_forgotten_its_row(self):
        sms = self.comment()
        self.run_jobs()
        notification, message = self.notification_of(sms), self.message_of(sms)
        self.env["sms.sms"]._gc_device()
        self.env.invalidate_all()
        self.assertFalse(sms.exists())
        self.report(message, "delivered")
        self.assertEqual(notification.notification_status, "sent")

    def test_statuses_follow_without_cores_tracker(self):
        sms = self.comment()
        self.notification_of(sms).sms_tracker_ids.unlink()
        self.run_jobs()
        self.assertEqual(self.notification_of(sms).notification_status, "pending")

    def test_who_opted_out_before_his_hour_is_told_as_cancelled(self):
        sms = self.comment()
        self.env["phone.blacklist"].add(sms.number)
        self.run_jobs()
        self.assertEqual(self.gateway.phones, [])
        self.assertEqual((sms.state, sms.failure_type), ("canceled", "sms_blacklist"))
        notification = self.notification_of(sms)
        self.assertEqual(notification.notification_status, "canceled")
        self.assertEqual(notification.failure_type, "sms_blacklist")

    def test_what_the_gateway_never_saw_may_be_sent_once_more(self):
        sms = self.comment()
        batch = self.message_of(sms).batch_id
        batch.tries = 5
        self.gateway.answers = [outcomes.NotAttempted("connection", "refused")]
        self.run_jobs()
        self.assertEqual(self.message_of(sms).failure_type, "not_attempted")
        self.assertEqual((sms.state, sms.failure_type), ("error", "sms_server"))
        self.assertFalse(sms.to_delete)
        sms.action_set_outgoing()
        sms.send()
        self.run_jobs()
        self.assertEqual(self.message_of(sms).state, "sent")
        self.assertEqual(self.notification_of(sms).notification_status, "pending")

    def test_the_promise_outlives_the_job(self):
        sms = self.comment()
        self.run_jobs("_send_batch", "_recompute_touched")
        self.pending_jobs("_mirror_statuses").unlink()
        todo = self.env["sms.batch.todo"]
        todo.search([]).promised_at = fields.Datetime.subtract(
            fields.Datetime.now(), minutes=5
        )
        todo._sweep_mirrors()
        self.run_jobs("_mirror_statuses")
        self.assertEqual(self.notification_of(sms).notification_status, "pending")
