from odoo.addons.sms_base_sr.models import sms_batch_stat
from odoo.addons.sms_base_sr.tools.outcomes import Accepted, MessageResult, NotAttempted
from odoo.addons.sms_base_sr.tools.wakeup_window import WakeUpWindow

from .campaign_case import CampaignCase


class TestBatchStat(CampaignCase):
    """Counters per batch, state and failure: forms add them up."""

    def counters(self, batch):
        """``{(state, failure type): (messages, accepted, segments, cost)}``."""
        self.env.invalidate_all()
        rows = self.env["sms.batch.stat"].search([("batch_id", "in", batch.ids)])
        return {
            (r.state, r.failure_type or None): (r.n, r.accepted, r.segments, r.cost)
            for r in rows
        }

    def sent_batch(self, count=3):
        batch = self.queued_batch(count)
        self.run_batch(batch)
        return batch

    def report(self, *reports):
        """Apply reports and touch the batches as the event job does."""
        rows = [(m.id, state, failure, None, None) for m, state, failure in reports]
        touched = self.env["sms.message"]._raise_states(rows)
        self.env["sms.batch.touch"]._touch(touched)

    def test_a_sent_batch_is_counted_by_a_job(self):
        batch = self.sent_batch()
        self.assertFalse(self.counters(batch))
        self.run_jobs("_recompute_touched")
        self.assertEqual(self.counters(batch), {("sent", None): (3, 3, 3, 0.3)})
        self.assertFalse(self.env["sms.batch.touch"].search([]))

    def test_reports_move_messages_between_counters(self):
        batch = self.sent_batch(4)
        first, second, third, _fourth = self.messages(batch)
        self.report(
            (first, "delivered", None),
            (second, "error", "not_delivered"),
            (third, "delivered", None),
        )
        self.run_jobs("_recompute_touched")
        counters = self.counters(batch)
        self.assertEqual(
            {key: value[:3] for key, value in counters.items()},
            {
                ("sent", None): (1, 1, 1),
                ("delivered", None): (2, 2, 2),
                ("error", "not_delivered"): (1, 1, 1),
            },
        )

    def test_counting_again_changes_nothing(self):
        batch = self.sent_batch()
        self.run_jobs("_recompute_touched")
        before = self.counters(batch)
        self.env["sms.batch.touch"]._touch(batch.ids * 3)
        self.run_jobs("_recompute_touched")
        self.assertEqual(self.counters(batch), before)

    def test_sent_never_falls(self):
        """Field notes 3: *sent* must not fall when messages become delivered."""
        batch = self.sent_batch(5)
        run = batch.run_id
        self.assertEqual(self.summary(run)["sent"], 5)
        finals = ["delivered", "error", "expired", "rejected", "canceled"]
        for message, state in zip(self.messages(batch), finals, strict=True):
            self.report((message, state, None))
            with self.subTest(state=state):
                self.assertEqual(self.summary(run)["sent"], 5)
        self.assertEqual(self.summary(run)["delivered"], 1)

    def test_what_the_carrier_did_not_deliver_still_costs(self):
        batch = self.sent_batch(2)
        first, second = self.messages(batch)
        self.report((first, "error", "not_delivered"), (second, "expired", "expired"))
        summary = self.summary(batch.run_id)
        self.assertEqual((summary["cost"], summary["failed"]), (0.2, 2))
        self.assertEqual(
            summary["failed_by_reason"], {"not_delivered": 1, "expired": 1}
        )
        self.assertEqual(self.messages(batch).mapped("cost"), [0.1, 0.1])

    def test_only_what_was_accepted_counts_and_costs(self):
        batch = self.queued_batch(3)

        def partly(request):
            first, second, _forgotten = request.messages
            results = (
                MessageResult(first.reference, "sent", "gw-1"),
                MessageResult(second.reference, "rejected", None, "gateway_invalid"),
            )
            return Accepted("req-1", results)

        self.gateway.answers = [partly]
        self.run_batch(batch)
        summary = self.summary(batch.run_id)
        self.assertEqual((summary["sent"], summary["open"]), (1, 2))
        self.assertEqual((summary["segments"], summary["cost"]), (1, 0.1))
        self.assertEqual(summary["excluded"], {"gateway_invalid": 1})

    def test_a_refusal_that_is_reported_for_a_message_never_accepted(self):
        """It was not sent: no date, no cost, and not counted as sent."""
        batch = self.queued_batch(2)
        self.gateway.answers = [NotAttempted("connection")]
        self.run_batch(batch)
        first, second = self.messages(batch)
        self.report((first, "rejected", "rejected"), (second, "delivered", None))
        summary = self.summary(batch.run_id)
        self.assertEqual((summary["sent"], summary["cost"]), (1, 0.1))
        self.assertEqual(summary["excluded"], {"rejected": 1})
        self.assertFalse(first.sent_date or first.cost)
        self.assertTrue(second.sent_date)

    def test_who_was_left_out_when_planning_is_in_the_summary(self):
        self.campaign.add(None, raw_phone="")
        batch = self.queued_batch(2)
        self.run_batch(batch)
        summary = self.summary(batch.run_id)
        self.assertEqual((summary["recipients"], summary["planned"]), (3, 2))
        self.assertEqual(summary["excluded"], {"no_number": 1})
        self.assertEqual(batch.run_id.excluded_count, 1)

    def test_customers_who_reply_twice_count_once(self):
        batch = self.sent_batch(2)
        phones = self.messages(batch).mapped("phone")
        run = batch.run_id
        for phone in (phones[0], phones[0], phones[1]):
            self.env["sms.message"].create(
                {
                    "direction": "incoming",
                    "state": "delivered",
                    "phone": phone,
                    "body": "SIM",
                    "run_id": run.id,
                }
            )
        summary = self.summary(run)
        self.assertEqual((summary["replied"], summary["replies"]), (2, 3))
        self.assertEqual(summary["sent"], 2)

    def test_a_run_is_done_when_its_last_batch_is_counted(self):
        batch = self.sent_batch()
        self.assertEqual(batch.run_id.state, "sending")
        self.run_jobs("_recompute_touched")
        self.assertEqual(batch.run_id.state, "done")

    def test_many_wake_ups_make_one_job(self):
        self.patch(sms_batch_stat, "window", WakeUpWindow(seconds=60.0))
        batch = self.queued_batch()
        for _time in range(5):
            self.env["sms.batch.touch"]._touch(batch.ids)
        self.assertEqual(len(self.pending_jobs("_recompute_touched")), 1)

    def test_touching_nothing_wakes_nobody(self):
        self.env["sms.batch.touch"]._touch([])
        self.env["sms.batch.touch"]._touch([False, None])
        self.assertFalse(self.pending_jobs("_recompute_touched"))

    def test_more_batches_than_a_page_are_all_counted(self):
        self.patch(sms_batch_stat, "PAGE", 2)
        self.provider.batch_size = 1
        run = self.planned_run(5)
        run.action_release()
        self.run_jobs("_enqueue_batches", "_send_batch", "_recompute_touched")
        self.assertEqual(len(self.counters(run.batch_ids)), 1)
        self.assertEqual(self.summary(run)["sent"], 5)
        self.assertEqual(len(self.env["sms.batch.stat"].search([])), 5)
