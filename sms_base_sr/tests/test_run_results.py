from datetime import datetime, timedelta

from odoo import fields

from odoo.addons.sms_base_sr.models.sms_run_pace import WINDOW

from .campaign_case import CampaignCase


class ResultsCase(CampaignCase):
    """A campaign that was sent, with replies as the engine stores them."""

    asked = datetime(2026, 3, 10, 12, 0)

    def sent_run(self, count=4, **values):
        """A run whose messages were accepted and counted."""
        batch = self.queued_batch(count, **values)
        self.run_batch(batch)
        self.summary(batch.run_id)
        return batch.run_id

    def deliver(self, messages):
        """Have messages reported as delivered."""
        rows = [(m.id, "delivered", None, None, None) for m in messages]
        touched = self.env["sms.message"]._raise_states(rows)
        self.env["sms.batch.touch"]._touch(touched)

    def reply(self, message, reply_class="other", minutes=0):
        """Store the reply to a message, so many minutes after noon."""
        return self.env["sms.message"].create(
            {
                "direction": "incoming",
                "state": "delivered",
                "phone": message.phone,
                "body": "Olá",
                "parent_id": message.id,
                "run_id": message.run_id.id,
                "variant": message.variant,
                "provider_id": self.provider.id,
                "reply_class": reply_class,
                "sent_date": self.asked + timedelta(minutes=minutes),
            }
        )

    def answer(self, reply, minutes, kind="sms"):
        """Have a reply answered so many minutes after noon."""
        reply.write(
            {
                "answered_date": self.asked + timedelta(minutes=minutes),
                "answer_kind": kind,
                "answered_by_id": self.salesperson.id,
            }
        )

    def counters(self, run):
        """The reply counters as they are stored."""
        self.env.invalidate_all()
        return self.env["sms.run.stat"].search([("run_id", "=", run.id)])


class TestReplyCounters(ResultsCase):
    """Replies are counted by the counters' job, and right before it has run too."""

    def test_the_counters_job_counts_them(self):
        run = self.sent_run()
        self.reply(self.messages(run)[0], "interested")
        self.assertFalse(self.counters(run))
        self.run_jobs("_recompute_touched")
        self.assertEqual(self.counters(run).replied, 1)
        self.assertEqual(self.counters(run).interested, 1)
        self.assertFalse(self.env["sms.run.touch"].search([]))

    def test_before_it_has_run_the_figures_are_right(self):
        run = self.sent_run()
        first, second = self.messages(run)[:2]
        self.reply(first, "interested")
        self.summary(run)
        self.reply(second, "opt_out")
        run.invalidate_recordset()
        found = run.summary
        self.assertEqual(
            [found[name] for name in ("replied", "interested", "opted_out")], [2, 1, 1]
        )
        self.assertEqual(self.summary(run), {**found, "state": run.state})

    def test_who_writes_three_times_is_one_customer_and_may_say_two_things(self):
        run = self.sent_run()
        first = self.messages(run)[0]
        for reply_class in ("interested", "other", "opt_out"):
            self.reply(first, reply_class)
        found = self.summary(run)
        names = ("replied", "replies", "interested", "opted_out", "unanswered")
        self.assertEqual([found[name] for name in names], [1, 3, 1, 1, 1])

    def test_a_correction_and_an_answer_change_the_counters(self):
        run = self.sent_run()
        reply = self.reply(self.messages(run)[0], "other")
        self.assertEqual(self.summary(run)["interested"], 0)
        reply.reply_class = "interested"
        run.invalidate_recordset()
        self.assertEqual(run.summary["interested"], 1)
        self.assertEqual(self.summary(run)["unanswered"], 1)
        self.answer(reply, 5)
        run.invalidate_recordset()
        self.assertEqual(run.summary["unanswered"], 0)
        self.assertEqual(self.counters(run).unanswered, 1)
        self.summary(run)
        self.assertEqual(self.counters(run).unanswered, 0)

    def test_a_reply_that_is_deleted_or_moved_counts_no_more(self):
        run, other = self.sent_run(), self.sent_run()
        first, second = self.messages(run)[:2]
        deleted, moved = self.reply(first), self.reply(second)
        self.assertEqual(self.summary(run)["replied"], 2)
        deleted.unlink()
        moved.run_id = other
        self.assertEqual(self.summary(run)["replied"], 0)
        self.assertEqual(self.summary(other)["replied"], 1)

    def test_counting_again_changes_nothing(self):
        run = self.sent_run()
        self.reply(self.messages(run)[0], "interested")
        before = self.summary(run)
        self.env["sms.run.touch"]._touch(run)
        self.env["sms.run.touch"]._touch(run)
        self.assertEqual(self.summary(run), before)
        self.assertEqual(len(self.counters(run)), 1)

    def test_the_sweeper_wakes_a_job_that_was_lost(self):
        run = self.sent_run()
        self.reply(self.messages(run)[0])
        self.pending_jobs("_recompute_touched").unlink()
        self.env["sms.batch.stat"]._sweep_counters()
        self.run_jobs("_recompute_touched")
        self.assertEqual(self.counters(run).replied, 1)

    def test_a_person_cannot_write_the_counters(self):
        run = self.sent_run()
        self.reply(self.messages(run)[0])
        self.summary(run)
        counters = self.counters(run).with_user(self.manager)
        self.assertEqual(counters.replied, 1)
        for operation in ("write", "create", "unlink"):
            with self.subTest(operation=operation):
                self.assertFalse(counters.has_access(operation))


class TestResults(ResultsCase):
    """Conversion, cost per reply and the time until the first answer."""

    def test_conversion_is_customers_who_replied_of_those_reached(self):
        # (delivered, messages replied to, expected percent)
        cases = [
            (0, [], 0.0),
            (4, [], 0.0),
            (4, [0], 25.0),
            (4, [0, 0, 0], 25.0),
            (2, [0, 1], 100.0),
            # Who replied has got it, even where the gateway never told.
            (1, [0, 1], 100.0),
            (0, [3], 100.0),
        ]
        for delivered, replied, expected in cases:
            with self.subTest(delivered=delivered, replied=replied):
                self.campaign.recipients.clear()
                run = self.sent_run(4)
                messages = self.messages(run)
                self.deliver(messages[:delivered])
                for index in replied:
                    self.reply(messages[index])
                self.assertEqual(self.summary(run)["conversion"], expected)

    def test_cost_per_reply_shares_the_cost_among_customers(self):
        run = self.sent_run(4)
        self.assertIsNone(self.summary(run)["cost_per_reply"])
        first, second = self.messages(run)[:2]
        for message in (first, first, second):
            self.reply(message)
        self.assertAlmostEqual(self.summary(run)["cost_per_reply"], 0.4 / 2)

    def test_first_answer_time_is_from_the_first_reply_to_the_first_answer(self):
        run = self.sent_run(4)
        first, second, third, fourth = self.messages(run)
        self.assertIsNone(self.summary(run)["answer_minutes"])
        self.answer(self.reply(first, minutes=0), 10)
        # Wrote twice, was answered twice: from the first to the first.
        self.answer(self.reply(second, minutes=5), 35)
        self.answer(self.reply(second, minutes=20), 40)
        # Nobody answered this one: it was taken off the list, or it waits.
        self.answer(self.reply(third), 500, kind="none")
        self.reply(fourth)
        self.assertEqual(self.summary(run)["answer_minutes"], 20.0)

    def test_a_phone_call_answers_and_a_clock_ahead_is_no_negative_time(self):
        run = self.sent_run(2)
        first, second = self.messages(run)
        self.answer(self.reply(first), 8, kind="other")
        self.answer(self.reply(second, minutes=10), 5)
        self.assertEqual(self.summary(run)["answer_minutes"], 4.0)

    def test_a_campaign_that_was_never_planned_has_empty_results(self):
        found = self.new_run().summary
        names = ("conversion", "cost_per_reply", "answer_minutes", "pace", "ab")
        self.assertEqual([found[name] for name in names], [0.0, None, None, None, None])


class TestFiguresOpen(ResultsCase):
    """Each figure opens exactly the messages that it counts."""

    def opened(self, run, figure, reason=None):
        """The messages that a campaign manager sees behind a figure."""
        action = run.with_user(self.manager).action_view_figure(figure, reason)
        messages = self.env["sms.message"].with_user(self.manager)
        return messages.search(action["domain"])

    def mixed_run(self):
        """One of each: delivered, two failures, left out, replies."""
        self.campaign.add(False, raw_phone="12")
        run = self.sent_run(5)
        messages = self.messages(run).filtered("batch_id")
        delivered, error, expired = messages[:3]
        self.deliver(delivered)
        rows = [(error.id, "error", "not_delivered", None, None)]
        rows.append((expired.id, "expired", None, None, None))
        touched = self.env["sms.message"]._raise_states(rows)
        self.env["sms.batch.touch"]._touch(touched)
        self.reply(delivered, "interested")
        self.reply(error, "opt_out")
        return run

    def test_the_list_has_as_many_lines_as_the_figure_says(self):
        run = self.mixed_run()
        found = self.summary(run)
        for figure in ("planned", "sent", "delivered", "failed", "unanswered"):
            with self.subTest(figure=figure):
                self.assertEqual(len(self.opened(run, figure)), found[figure])
                self.assertTrue(found[figure])
        for figure in ("interested", "opted_out", "replied"):
            with self.subTest(figure=figure):
                self.assertEqual(
                    len(self.opened(run, figure).grouped("phone")), found[figure]
                )

    def test_each_reason_opens_its_own(self):
        run = self.mixed_run()
        found = self.summary(run)
        self.assertEqual(found["failed_by_reason"], {"not_delivered": 1, "expired": 1})
        for reason, count in found["failed_by_reason"].items():
            with self.subTest(reason=reason):
                self.assertEqual(len(self.opened(run, "failed", reason)), count)
        self.assertEqual(found["excluded"], {"invalid_number": 1})
        self.assertEqual(len(self.opened(run, "excluded", "invalid_number")), 1)

    def test_the_list_is_named_after_what_it_shows(self):
        run = self.mixed_run()
        action = run.action_view_figure("failed", "not_delivered")
        self.assertEqual(action["name"], "Not delivered")
        self.assertEqual(run.action_view_figure("sent")["name"], f"Sent: {run.name}")

    def test_a_figure_that_nobody_knows_opens_all_messages(self):
        run = self.mixed_run()
        self.assertEqual(len(self.opened(run, "colour")), 8)

    def test_another_runs_messages_are_never_among_them(self):
        run, other = self.mixed_run(), self.sent_run()
        self.assertFalse(self.opened(run, "sent") & self.messages(other))


class TestPace(ResultsCase):
    """How fast it goes now, and when it will have ended."""

    def sending_run(self, sent=10, left=20, started_ago=60):
        """A run that sends: some batches have left within the last minutes."""
        run = self.sent_run(sent)
        run.batch_ids.sent_date = fields.Datetime.now()
        run.batch_ids.copy({"state": "queued", "message_count": left})
        started = fields.Datetime.now() - timedelta(seconds=started_ago)
        run.write({"state": "sending", "started_at": started})
        return run

    def test_sms_per_minute_since_it_was_started(self):
        pace = self.summary(self.sending_run(10, started_ago=60))["pace"]
        self.assertAlmostEqual(pace["per_minute"], 10, delta=1)

    def test_what_left_long_ago_says_nothing_of_the_pace_now(self):
        run = self.sending_run(10, started_ago=3600)
        run.batch_ids.sent_date = fields.Datetime.now() - 2 * WINDOW
        self.assertIsNone(self.summary(run)["pace"])

    def test_the_expected_end_follows_from_what_is_left(self):
        run = self.sending_run(10, left=20, started_ago=60)
        end = fields.Datetime.to_datetime(self.summary(run)["pace"]["end"])
        minutes = (end - fields.Datetime.now()).total_seconds() / 60
        self.assertAlmostEqual(minutes, 2, delta=0.5)

    def test_only_what_moves_has_a_pace(self):
        run = self.sending_run()
        for state in ("draft", "ready", "paused", "done", "canceled"):
            with self.subTest(state=state):
                run.state = state
                self.assertIsNone(self.summary(run)["pace"])

    def test_while_it_is_planned_the_end_is_not_known(self):
        run = self.sending_run()
        run.state = "planning"
        self.assertIsNone(self.summary(run)["pace"]["end"])
