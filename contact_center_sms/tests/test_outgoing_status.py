from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import ValidationError

from odoo.addons.sms_base_sr.tools import inbound, outcomes
from odoo.addons.whatsapp_connector.tools import recorder

from .outgoing_case import NUMBER, OutgoingCase

STATUS = "_mirror_chatroom_statuses"


class TestOutgoingStatus(OutgoingCase):
    """What became of an SMS shows in the conversation, in browsers that are open."""

    def setUp(self):
        super().setUp()
        self.conversation = self.talk()
        self.line = self.say(self.conversation)
        self.message = self.line.sms_message_id
        self.told()

    def follow(self):
        """Run what a change of the ledger makes: counters, then the ChatRoom."""
        self.run_jobs("_recompute_touched", STATUS)

    def send(self):
        self.run_jobs("_send_batch")
        self.follow()

    def report(self, state, failure=None, text=None):
        """Have the gateway report on the SMS."""
        item = inbound.StatusItem(
            reference=self.message.reference,
            state=state,
            failure_type=failure,
            text=text,
        )
        self.tell(item)
        self.follow()

    def the_one_push(self):
        """(type, line) of the one thing that browsers were told."""
        [(kind, [conversation])] = self.told()
        self.assertEqual(conversation["id"], self.conversation.id)
        [line] = conversation["messages"]
        self.assertEqual(line["id"], self.line.id)
        return kind, line

    def test_sent_and_delivered_are_told_live(self):
        self.send()
        kind, line = self.the_one_push()
        self.assertEqual((kind, line["sms_state"]), ("update_conversation", "sent"))
        self.report("delivered")
        kind, line = self.the_one_push()
        self.assertEqual(kind, "update_conversation")
        self.assertEqual((line["sms_state"], line["error_msg"]), ("delivered", False))
        self.assertEqual(self.line.sms_state, "delivered")
        self.assertFalse(recorder.CALLS)

    def test_a_failure_is_told_with_its_reason(self):
        self.send()
        self.told()
        self.report("error", "not_delivered", "Absent subscriber")
        kind, line = self.the_one_push()
        self.assertEqual(kind, "error_messages")
        self.assertEqual(line["sms_state"], "error")
        self.assertEqual(line["error_msg"], "Not delivered: Absent subscriber")

    def test_what_the_gateway_refuses_is_told_as_a_failure(self):
        self.gateway.answers.append(outcomes.RefusedContent({}, "Bad words"))
        self.send()
        kind, line = self.the_one_push()
        self.assertEqual((kind, line["sms_state"]), ("error_messages", "rejected"))
        self.assertIn("Bad words", line["error_msg"])

    def test_what_is_cancelled_before_it_leaves_is_told_as_a_failure(self):
        self.message.action_cancel()
        self.follow()
        kind, line = self.the_one_push()
        self.assertEqual((kind, line["sms_state"]), ("error_messages", "canceled"))
        self.assertEqual(line["error_msg"], "Cancelled by a user")

    def test_who_opts_out_before_it_leaves_is_told_as_a_failure(self):
        self.env["phone.blacklist"].sudo()._sms_block(f"+{NUMBER}", "Asked by phone")
        self.send()
        self.assertFalse(self.gateway.calls)
        self.assertEqual(self.the_one_push()[1]["error_msg"], "Blacklisted")

    def test_what_is_delivered_after_all_has_not_failed(self):
        self.send()
        self.report("error", "not_delivered")
        self.assertTrue(self.line.error_msg)
        self.told()
        self.report("delivered")
        kind, line = self.the_one_push()
        self.assertEqual(kind, "update_conversation")
        self.assertEqual((line["sms_state"], line["error_msg"]), ("delivered", False))

    def test_the_reason_is_in_the_language_of_the_company(self):
        self.env["res.lang"]._activate_lang("pt_BR")
        self.company.partner_id.lang = "pt_BR"
        self.message.action_cancel()
        self.follow()
        selection = self.message._fields["failure_type"]._description_selection
        labels = dict(selection(self.message.with_context(lang="pt_BR").env))
        self.assertEqual(self.line.error_msg, labels["user_canceled"])

    def test_the_same_report_twice_is_told_once(self):
        self.send()
        self.report("delivered")
        self.told()
        self.report("delivered")
        self.env["sms.batch.touch"]._touch(self.message.batch_id.ids)
        self.follow()
        self.assertFalse(self.told())

    def test_a_job_that_runs_again_tells_nothing(self):
        self.run_jobs("_send_batch", "_recompute_touched")
        job = self.pending_jobs(STATUS)
        self.assertEqual(job.channel, "root.sms.mirror")
        self.run_job(job)
        self.told()
        self.run_job(job)
        self.assertFalse(self.told())

    def test_a_line_that_the_app_does_not_find_shows_its_state_too(self):
        self.line.msgid = "something else"
        self.send()
        self.assertEqual(self.line.sms_state, "sent")

    def test_a_received_line_has_no_state(self):
        self.receive("Oi")
        self.run_jobs("_mirror_chatroom")
        lines = self.conversation.chat_message_ids.filtered(
            lambda m: not m.from_me and m.sms_message_id
        )
        self.assertEqual(lines.mapped("sms_state"), [False])

    def test_deleting_the_sms_keeps_what_was_shown(self):
        self.send()
        self.report("delivered")
        self.message.unlink()
        self.assertEqual(self.line.sms_state, "delivered")

    # -- what must not suffer ----------------------------------------------------------

    def test_a_chatroom_out_of_order_neither_stops_sending_nor_loses_the_state(self):
        model = self.env.registry["acrux.chat.conversation"]
        # pylint: disable-next=translation-required
        broken = ValidationError("The ChatRoom is out of order.")
        self.run_jobs("_send_batch", "_recompute_touched")
        job = self.pending_jobs(STATUS)
        with (
            patch.object(model, "new_message_event", side_effect=broken),
            self.assertRaises(ValidationError),
            self.env.cr.savepoint(),
        ):
            self.run_job(job)
        self.assertEqual(self.message.state, "sent")
        self.run_job(job)
        self.assertEqual(self.line.sms_state, "sent")

    def test_a_lost_job_is_made_anew(self):
        self.run_jobs("_send_batch", "_recompute_touched")
        self.pending_jobs(STATUS).unlink()
        todos = self.env["sms.batch.todo"]
        todos._sweep_mirrors()
        self.assertFalse(self.pending_jobs(STATUS))
        late = fields.Datetime.now() - timedelta(minutes=2)
        todos.search([]).promised_at = late
        todos._sweep_mirrors()
        todos._sweep_mirrors()
        self.assertEqual(len(self.pending_jobs(STATUS)), 1)
        self.run_jobs(STATUS)
        self.assertEqual(self.line.sms_state, "sent")
        self.assertFalse(todos.search([("method", "=", STATUS)]))

    def test_a_job_that_died_is_a_wake_up_call_only(self):
        jobs = self.env["queue.job"]._sms_ledger_jobs()
        self.assertIn(("sms.batch", STATUS), jobs)

    def test_batches_without_a_line_cost_one_query_and_no_job(self):
        provider, company = self.provider.id, self.company.id
        batches = self.env["sms.batch"].create(
            [
                {"provider_id": provider, "company_id": company, "state": "sent"}
                for _number in range(30)
            ]
        )
        for batch in batches:
            self.accepted_message(batch_id=batch.id)
        self.env.flush_all()
        for some in (batches[:1], batches):
            with self.subTest(batches=len(some)), self.assertQueryCount(1):
                some._enqueue_chatroom_statuses()
        self.assertFalse(self.pending_jobs(STATUS))
