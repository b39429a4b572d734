from odoo.addons.sms_base_sr.tools.outcomes import (
    Accepted,
    MessageResult,
    NotAttempted,
    RefusedContent,
    Unknown,
)

from .campaign_case import CampaignCase

PLACES = ("sent", "not_started", "in_call", "unknown")


class TestRunCounts(CampaignCase):
    """Pause and cancel tell exactly what has left, what has not, and what may have.

    No counters' job runs in these tests: the figures must be right without it.
    """

    def places(self, run):
        """The four counts of a run, after checking that nobody is lost or doubled."""
        run.invalidate_recordset()
        summary = run.summary
        counts = {place: summary[place] for place in PLACES}
        total = sum(counts.values()) + sum(summary["excluded"].values())
        self.assertEqual(total, summary["recipients"], summary)
        return tuple(counts.values())

    def sending_run(self, contacts=6, batch_size=2):
        """A released run of three batches whose jobs wait."""
        self.provider.batch_size = batch_size
        run = self.planned_run(contacts)
        run.action_release()
        self.run_jobs("_enqueue_batches")
        return run, run.batch_ids.sorted("id")

    def test_planned_messages_have_not_started(self):
        run = self.planned_run(3)
        self.assertEqual(self.places(run), (0, 3, 0, 0))
        run.action_release()
        self.assertEqual(self.places(run), (0, 3, 0, 0))

    def test_who_was_left_out_is_in_no_place(self):
        self.campaign.add(None, raw_phone="")
        run = self.planned_run(2)
        self.assertEqual(self.places(run), (0, 2, 0, 0))

    def test_each_batch_moves_its_messages_to_another_place(self):
        run, (first, second, third) = self.sending_run()
        self.run_batch(first)
        self.assertEqual(self.places(run), (2, 4, 0, 0))
        self.gateway.answers = [Unknown("timeout")]
        self.run_batch(second)
        self.assertEqual(self.places(run), (2, 2, 0, 2))
        self.gateway.answers = [NotAttempted("connection")]
        self.run_batch(third)
        self.assertEqual(self.places(run), (2, 2, 0, 2), "it goes again")

    def test_what_is_in_its_call_is_told(self):
        run, (first, *_rest) = self.sending_run()
        seen = []

        def look(request):
            self.env.invalidate_all()
            seen.append(self.places(run))
            return self.gateway.accept(request)

        self.gateway.answers = [look]
        self.run_batch(first)
        self.assertEqual(seen, [(0, 4, 2, 0)])
        self.assertEqual(self.places(run), (2, 4, 0, 0))

    def test_a_message_that_the_answer_forgets_is_unknown(self):
        run, (first, *_rest) = self.sending_run(2)

        def partly(request):
            named = request.messages[0]
            return Accepted("req", (MessageResult(named.reference, "sent", "gw-1"),))

        self.gateway.answers = [partly]
        self.run_batch(first)
        self.assertEqual(self.places(run), (1, 0, 0, 1))

    def test_refused_and_failed_messages_are_left_out_with_their_reason(self):
        run, (first, second, _third) = self.sending_run()

        def refuse(request):
            return RefusedContent(rows={request.messages[0].reference: "bad"})

        self.gateway.answers = [refuse]
        self.run_batch(first)
        self.assertEqual(self.places(run), (0, 5, 0, 0))
        second.tries = 5
        self.gateway.answers = [NotAttempted("connection")]
        self.run_batch(second)
        self.assertEqual(self.places(run), (0, 3, 0, 0))
        self.assertEqual(
            run.summary["excluded"], {"gateway_content": 1, "not_attempted": 2}
        )

    def test_the_counts_do_not_change_when_the_counters_come(self):
        run, batches = self.sending_run()
        self.run_batch(batches[0])
        self.gateway.answers = [Unknown("timeout")]
        self.run_batch(batches[1])
        before = self.places(run)
        self.summary(run)
        self.assertEqual(self.places(run), before)
        run.action_cancel()
        before = self.places(run)
        self.assertEqual(before, (2, 0, 0, 2))
        self.run_jobs("_mark_canceled")
        self.assertEqual(self.places(run), before)
        self.summary(run)
        self.assertEqual(self.places(run), before)
        self.assertEqual(run.summary["excluded"], {"campaign_canceled": 2})

    def test_the_buttons_tell_the_counts(self):
        run, batches = self.sending_run()
        self.run_batch(batches[0])
        self.gateway.answers = [Unknown("timeout")]
        self.run_batch(batches[1])
        expected = ("2 accepted", "2 not started", "2 unknown")
        for button in ("action_pause", "action_resume", "action_cancel"):
            with self.subTest(button=button):
                answer = getattr(run.with_user(self.manager), button)()
                self.assertEqual(answer["tag"], "display_notification")
                for words in expected:
                    self.assertIn(words, answer["params"]["message"])
                self.assertNotIn("right now", answer["params"]["message"])

    def test_a_button_pressed_during_a_call_says_so(self):
        run, batches = self.sending_run()
        told = []

        def press(request):
            self.env.invalidate_all()
            told.append(run.action_pause()["params"]["message"])
            return self.gateway.accept(request)

        self.gateway.answers = [press]
        self.run_batch(batches[0])
        self.assertIn("2 in their call right now", told[0])
        self.assertEqual(self.places(run), (2, 4, 0, 0))

    def test_several_runs_are_told_together(self):
        runs = self.planned_run(2)
        self.campaign.recipients.clear()
        runs += self.planned_run(3)
        runs.action_release()
        self.assertIn("5 not started", runs.action_pause()["params"]["message"])

    def test_a_thousand_counted_messages_are_not_read_again(self):
        """Reports touch a batch again and again: its acceptance is counted once."""
        run, (first, *_rest) = self.sending_run(2)
        self.run_batch(first)
        self.summary(run)
        self.env["sms.batch.touch"]._touch(first.ids)
        self.env.cr.execute(
            "UPDATE sms_batch_stat SET accepted = 77 WHERE batch_id = %s", [first.id]
        )
        run.invalidate_recordset()
        self.assertEqual(run.summary["sent"], 77, "taken from the counters")
