from odoo import Command
from odoo.exceptions import UserError

from odoo.addons.sms_base_sr.tools.outcomes import NotAttempted

from .campaign_case import CampaignCase


class TestSingleSend(CampaignCase):
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
        """Pain 3 and 15: nothing is left in the queue that could leave twice."""
        message = self.new_message()
        message.action_send()
        job = self.pending_jobs("_send_batch")
        self.run_job(job)
        self.run_job(job)
        self.env["sms.batch"]._sweep()
        self.run_jobs()
        self.assertEqual(len(self.gateway.calls), 1)
        waiting = [("state", "in", ["outgoing", "draft"])]
        self.assertFalse(self.env["sms.message"].search(waiting))

    def test_bad_input_names_the_field_and_the_remedy(self):
        cases = [
            ({"body": " "}, "Message"),
            ({"body": False}, "Message"),
            ({"phone": "12"}, "Phone"),
            ({"phone": False}, "Phone"),
            ({"phone": "(11) 3333-4444"}, "mobile"),
        ]
        for values, word in cases:
            with self.subTest(values=values), self.assertRaisesRegex(UserError, word):
                self.new_message(**values).action_send()

    def test_of_several_drafts_a_bad_one_stops_all_before_any_leaves(self):
        good, bad = self.new_message(), self.new_message(phone="12")
        with self.assertRaises(UserError):
            (good + bad).action_send()
        self.assertEqual(good.state, "draft")
        self.assertFalse(self.pending_jobs("_send_batch"))

    def test_numbers_are_normalised_as_people_type_them(self):
        """Pain 21: one normaliser for both directions."""
        for typed in ("(11) 91234-5678", "11912345678", "+55 11 91234 5678"):
            with self.subTest(typed=typed):
                message = self.new_message(phone=typed)
                message.action_send()
                self.assertEqual(message.phone, "+5511912345678")

    def test_the_blacklist_refuses_and_says_so(self):
        self.env["phone.blacklist"].create({"number": "+5511912345678"})
        with self.assertRaisesRegex(UserError, "blacklisted"):
            self.new_message().action_send()

    def test_an_opt_out_after_the_click_still_counts(self):
        """Pain 23: asked again when the batch is claimed."""
        message = self.new_message()
        message.action_send()
        self.env["phone.blacklist"].create({"number": "+5511912345678"})
        self.run_jobs("_send_batch")
        self.assertEqual(message.state, "canceled")
        self.assertEqual(message.failure_type, "blacklisted")
        self.assertFalse(self.gateway.calls)

    def test_only_an_own_draft_can_be_sent(self):
        sent = self.new_message()
        sent.action_send()
        incoming = self.new_message(direction="incoming")
        planned = self.messages(self.planned_run(1))
        for message in (sent, incoming, planned):
            with (
                self.subTest(state=message.state, direction=message.direction),
                self.assertRaisesRegex(UserError, "Only a draft"),
            ):
                message.action_send()

    def test_cancelled_before_the_job_runs_it_does_not_leave(self):
        """Pain 20: cancel changes what the sender reads."""
        message = self.new_message()
        message.action_send()
        message.action_cancel()
        self.assertEqual(message.failure_type, "user_canceled")
        self.assertFalse(message.cost)
        self.run_jobs("_send_batch")
        self.assertEqual((message.state, message.batch_id.state), ("canceled",) * 2)
        self.assertFalse(self.gateway.calls)

    def test_what_has_left_or_may_have_left_cannot_be_cancelled(self):
        """Pain 20: the answer says that it has gone."""
        message = self.new_message()
        message.action_send()
        for state in ("sending", "unknown"):
            message.batch_id.state = state
            with (
                self.subTest(state=state),
                self.assertRaisesRegex(UserError, "has left already"),
            ):
                message.action_cancel()
        message.batch_id.state = "queued"
        self.run_jobs("_send_batch")
        with self.assertRaisesRegex(UserError, "has left already"):
            message.action_cancel()
        self.assertEqual(message.state, "sent")

    def test_a_cancelled_one_can_be_a_draft_again_and_leave_once(self):
        message = self.new_message()
        message.action_send()
        message.action_cancel()
        message.action_reset_to_draft()
        self.assertEqual((message.state, message.failure_type), ("draft", False))
        self.assertAlmostEqual(message.cost, 0.10)
        message.action_send()
        self.run_jobs("_send_batch")
        self.assertEqual(message.state, "sent")
        self.assertEqual(len(self.gateway.calls), 1)

    def test_nothing_that_may_have_left_becomes_a_draft_again(self):
        for state in ("outgoing", "sent", "delivered", "error", "rejected", "expired"):
            message = self.new_message(state=state)
            with self.subTest(state=state), self.assertRaises(UserError):
                message.action_reset_to_draft()

    def test_segments_and_cost_are_shown_while_typing(self):
        cases = [
            ("a" * 160, 1),
            ("a" * 161, 2),
            ("é" * 160, 1),
            ("ç" * 71, 2),
            ("😀" * 71, 3),
        ]
        for body, segments in cases:
            with self.subTest(length=len(body)):
                message = self.new_message(body=body)
                self.assertEqual(message.char_count, len(body))
                self.assertEqual(message.sms_count, segments)
                self.assertAlmostEqual(message.cost, segments * 0.10)

    def test_the_companys_first_active_provider_sends(self):
        """Pain 5: a provider of another company never does."""
        other = self.env["res.company"].create(
            {"name": "B", "country_id": self.env.ref("base.br").id}
        )
        self.env.user.company_ids = [Command.link(other.id)]
        message = self.new_message(company_id=other.id)
        with self.assertRaisesRegex(UserError, "B has no active SMS provider"):
            message.action_send()
        second, first = self.provider.create(
            [
                {"name": "Second", "company_id": other.id, "sequence": 2},
                {"name": "First", "company_id": other.id, "sequence": 1},
            ]
        )
        message.action_send()
        self.assertEqual(message.provider_id, first)
        self.assertEqual(message.batch_id.company_id, other)
        chosen = self.new_message(company_id=other.id, provider_id=second.id)
        chosen.action_send()
        self.assertEqual(chosen.batch_id.provider_id, second)

    def test_a_promotional_text_typed_by_hand_keeps_its_zone(self):
        message = self.new_message(phone="(97) 91234-5678")
        message.message_class = "promotional"
        message.action_send()
        batch = message.batch_id
        self.assertEqual(batch.message_class, "promotional")
        self.assertEqual(batch.zone, "America/Manaus|America/Rio_Branco")

    def test_a_gateway_out_of_reach_is_tried_again(self):
        message = self.new_message()
        message.action_send()
        self.gateway.answers = [NotAttempted("connection")]
        self.run_batch(message.batch_id)
        self.assertEqual(message.state, "outgoing")
        self.wait_and_run(message.batch_id)
        self.assertEqual(message.state, "sent")

    def test_replying_opens_a_draft_to_the_same_customer(self):
        message = self.new_message(direction="incoming")
        context = message.action_reply()["context"]
        draft = self.env["sms.message"].with_context(**context).create({"body": "Oi"})
        self.assertEqual(draft.partner_id, self.partner)
        self.assertEqual(draft.parent_id, message)
        self.assertEqual((draft.direction, draft.state), ("outgoing", "draft"))
