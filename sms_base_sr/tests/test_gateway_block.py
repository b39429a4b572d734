from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError

from ..tools.inbound import StatusItem
from ..tools.outcomes import Accepted, MessageResult
from .suppression_case import NUMBER, SuppressionCase


class TestGatewayBlock(SuppressionCase):
    """What a gateway's answer reveals about a number is kept for the next campaign."""

    def setUp(self):
        super().setUp()
        self.company.sms_cap_promotional = 0
        self.company.sms_consent_promotional = False

    def blocks(self, number=NUMBER):
        return self.env["sms.gateway.block"].search([("number", "=", number)])

    def answer_with(self, reason, state="canceled"):
        """Send to NUMBER; the gateway refuses it for a reason."""
        message = self.planned_message()
        message.run_id.action_release()
        self.run_jobs("_enqueue_batches")
        result = MessageResult(message.reference, state, None, reason, "no")
        self.gateway.answers = [Accepted("request", (result,))]
        self.run_batch(message.batch_id)
        return message

    def test_a_refusal_is_noted_once_and_the_next_campaign_leaves_the_number_out(self):
        for reason in ("gateway_blacklist", "gateway_do_not_disturb"):
            with self.subTest(reason):
                refused = self.answer_with(reason)
                self.assertEqual(refused.failure_type, reason)
                self.assertEqual(refused.suppression_source, "gateway")
                self.assertEqual(refused.suppression_name, "Fake")
                block = self.blocks()
                self.assertEqual((block.reason, len(block)), (reason, 1))
                self.assertEqual(block.provider_id, self.provider)
                later = self.planned_message()
                self.assertEqual(later.failure_type, reason)
                self.assertEqual(later.suppression_date, block.since)
                block.unlink()

    def test_other_refusals_say_nothing_about_the_number(self):
        for reason in ("gateway_invalid", "gateway_content", "gateway_duplicate"):
            with self.subTest(reason):
                refused = self.answer_with(reason, "rejected")
                self.assertEqual(refused.suppression_source, "gateway")
                self.assertFalse(self.blocks())

    def test_twice_in_a_day_is_one_row(self):
        self.company.sms_gateway_block_days = 0
        self.answer_with("gateway_blacklist")
        self.answer_with("gateway_blacklist")
        self.assertEqual(len(self.blocks()), 1)

    def test_it_is_forgotten_after_the_days_of_the_setting(self):
        for days, age, left_out in [(30, 29, True), (30, 31, False), (0, 0, False)]:
            with self.subTest(days=days, age=age):
                self.company.sms_gateway_block_days = days
                block = self.refused("gateway_blacklist", days_ago=age)
                state = self.planned_message().state
                self.assertEqual(state == "canceled", left_out)
                block.unlink()

    def test_a_report_reveals_it_as_well(self):
        message = self.accepted_message(phone=NUMBER, provider_message_id="g-1")
        self.tell(
            StatusItem(
                message_id="g-1",
                state="rejected",
                failure_type="gateway_blacklist",
            )
        )
        self.assertEqual(message.failure_type, "gateway_blacklist")
        self.assertEqual(self.blocks().reason, "gateway_blacklist")
        self.assertEqual(message.suppression_source, "gateway")

    def test_a_register_of_one_gateway_stops_no_other_gateways_service_sms(self):
        other = self.provider.copy({"name": "Other"})
        self.refused("gateway_do_not_disturb", provider=other)
        cases = [("promotional", True), ("service", False)]
        for message_class, left_out in cases:
            with self.subTest(message_class):
                self.campaign.recipients.clear()
                self.campaign.add(NUMBER)
                run = self.planned_run(0, message_class=message_class)
                states = self.messages(run).mapped("state")
                self.assertEqual(states, ["canceled" if left_out else "draft"])

    def test_a_single_sms_may_try_the_number_again(self):
        self.refused("gateway_blacklist")
        message = self.new_message(partner_id=False, phone=NUMBER)
        message.action_send()
        self.run_jobs("_send_batch")
        self.assertEqual(message.state, "sent")

    def test_who_leaves_the_blacklist_is_free_at_the_gateway_too(self):
        self.reply("SAIR", phone=NUMBER)
        self.refused("gateway_blacklist")
        self.refused("gateway_do_not_disturb")
        self.reply("VOLTAR", phone=NUMBER)
        self.assertEqual(self.blocks().mapped("reason"), ["gateway_do_not_disturb"])

    def test_supervisors_forget_it_and_nobody_else(self):
        block = self.refused("gateway_blacklist")
        with self.assertRaises(AccessError):
            block.with_user(self.manager).action_forget()
        supervisor = self.new_user("super", "sms_base_sr.group_sms_manager")
        block.with_user(supervisor).action_forget()
        self.assertFalse(block.exists())
        self.assertEqual(self.planned_message().state, "draft")

    def test_of_doubles_the_newest_stays(self):
        self.refused("gateway_blacklist", days_ago=90)
        newest = self.refused("gateway_blacklist", days_ago=2)
        other = self.refused("gateway_do_not_disturb", days_ago=50)
        self.env.flush_all()
        self.env["sms.gateway.block"]._gc_older()
        self.assertEqual(self.blocks(), newest | other)

    def test_an_acceptance_costs_no_statement_for_it(self):
        self.answer_with(None, "sent")
        self.assertFalse(self.blocks())
        now = fields.Datetime.now()
        self.refused("gateway_blacklist", days_ago=400)
        found = self.blocks().filtered(lambda b: b.since > now - timedelta(days=180))
        self.assertFalse(found)
