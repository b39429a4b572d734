import psycopg2.errors

from odoo.tools import mute_logger

from odoo.addons.sms_base_sr.models import sms_run_plan
from odoo.addons.sms_base_sr.models.sms_batch_settle import SmsBatch as SmsBatchSettle
from odoo.addons.sms_base_sr.models.sms_message_incoming import SmsMessage
from odoo.addons.sms_base_sr.models.sms_run import SmsRun
from odoo.addons.sms_base_sr.tools.inbound import ReplyItem

from .campaign_case import CampaignCase

# The real one, which the other tests replace by a campaign in memory.
FIND_CAMPAIGN = SmsRun._campaign


class TestInterruptions(CampaignCase):
    """What a button or a crash finds half done."""

    def test_a_page_that_a_button_has_overtaken_is_undone(self):
        self.patch(sms_run_plan, "PAGE", 2)
        self.add_contacts(4)
        run = self.new_run(state="planning")
        write_plan, presses = sms_run_plan.SmsRun._write_plan, iter([True])

        def overtaken(run, values):
            if next(presses, False):
                raise psycopg2.errors.SerializationFailure
            return write_plan(run, values)

        self.patch(sms_run_plan.SmsRun, "_write_plan", overtaken)
        with self.enter_registry_test_mode(), self.env.registry.cursor() as cr:
            run.with_env(self.env(cr=cr))._plan()
        self.env.invalidate_all()
        self.assertEqual((run.state, run.recipient_count), ("ready", 4))
        self.assertEqual(self.states(run), {"draft": 4})

    def test_the_runs_row_is_locked_after_the_page_is_written(self):
        """Locked before, it keeps *Pause* waiting until all is planned."""
        self.add_contacts(2)
        run = self.new_run(state="planning")
        seen = []
        write_plan = sms_run_plan.SmsRun._write_plan

        def note(run, values):
            seen.append(len(self.messages(run)))
            return write_plan(run, values)

        self.patch(sms_run_plan.SmsRun, "_write_plan", note)
        run._plan_next_page()
        self.assertEqual(seen, [2])

    def test_a_server_killed_after_the_answer_leaves_no_work_undone(self):
        """The jobs that follow are stored with the answer."""
        batch = self.queued_batch(2)
        run, killed = batch.run_id, RuntimeError("killed")

        def die(batch, claim, outcome):
            raise killed

        self.patch(SmsBatchSettle, "_after_call", die)
        with self.assertRaisesRegex(RuntimeError, "killed"):
            self.run_batch(batch)
        self.env.invalidate_all()
        self.assertEqual(batch.state, "sent")
        self.assertTrue(self.pending_jobs("_mirror_chatter"))
        self.assertEqual(self.summary(run)["sent"], 2)

    def test_a_pause_does_not_stop_asking_what_became_of_a_call(self):
        batch = self.queued_batch(1)
        self.pending_jobs("_send_batch").unlink()
        batch.write({"state": "unknown"})
        batch.run_id.write({"state": "paused"})
        self.env["sms.batch"]._sweep()
        self.assertEqual(len(self.pending_jobs("_recover")), 1)

    def test_who_may_have_been_reached_is_not_texted_by_the_next_run(self):
        """The gateway took the call and said nothing of this message."""
        batch = self.queued_batch(1)
        message = self.messages(batch)
        batch.write({"state": "sent"})
        batch.run_id.action_cancel()
        self.assertEqual(message.state, "draft")
        old = batch.run_id
        run = self.new_run(res_id=old.res_id, state="planning")
        run._plan_next_page()
        self.assertEqual(self.messages(run).failure_type, "duplicate")

    def test_what_a_failed_planning_left_can_be_cancelled(self):
        batch = self.queued_batch(1)
        batch.run_id.write({"state": "failed"})
        batch.run_id.action_cancel()
        self.assertEqual((batch.run_id.state, batch.state), ("canceled",) * 2)
        self.run_jobs("_mark_canceled")
        self.assertEqual(self.states(batch), {"canceled": 1})

    def test_a_plan_of_a_campaign_whose_addon_is_gone_ends(self):
        self.patch(SmsRun, "_campaign", FIND_CAMPAIGN)
        run = self.new_run(state="planning", res_model="model.of.another.time")
        self.assertFalse(run._plan_next_page())
        self.assertEqual(run.state, "failed")

    def test_a_reply_of_a_campaign_whose_addon_is_gone_is_kept(self):
        batch = self.queued_batch(1)
        self.run_batch(batch)
        self.patch(SmsRun, "_campaign", FIND_CAMPAIGN)
        batch.run_id.res_model = "model.of.another.time"
        reply = self.env["sms.message"].create(
            {
                "direction": "incoming",
                "state": "delivered",
                "phone": "+5511999999999",
                "run_id": batch.run_id.id,
            }
        )
        reply._link_partners()
        self.assertFalse(reply.partner_id)

    def test_a_lost_poll_begins_again(self):
        """Jobs are wake-up calls only, those that ask for reports too."""
        batch = self.queued_batch(1)
        self.patch(type(self.provider), "_can", lambda provider, verb: True)
        self.run_batch(batch)
        self.summary(batch.run_id)
        self.assertEqual(len(self.pending_jobs("_poll_status")), 1)
        self.env["sms.batch"]._wake_up_polls()
        self.assertEqual(len(self.pending_jobs("_poll_status")), 1)
        self.pending_jobs().unlink()
        self.env["sms.batch"]._wake_up_polls()
        self.assertEqual(self.pending_jobs("_poll_status").records, batch)

    def test_a_reply_that_fails_does_not_hold_up_the_others(self):
        link = SmsMessage._link_partners

        def fail(messages):
            if "boom" in messages.mapped("body"):
                raise ValueError("boom")
            return link(messages)

        self.patch(SmsMessage, "_link_partners", fail)
        items = [
            ReplyItem(reply_id=text, text=text, phone=f"+551191234567{number}")
            for number, text in enumerate(("a", "boom", "b"))
        ]
        with mute_logger("odoo.addons.sms_base_sr.models.sms_event_reply"):
            events = self.tell(*items)
        self.assertEqual(events.mapped("state"), ["applied", "new", "applied"])
        self.assertEqual(events[1].tries, 1)
        self.patch(SmsMessage, "_link_partners", link)
        self.tell_again(events)
        self.assertEqual(events[1].state, "applied")
