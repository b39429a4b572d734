from odoo.addons.sms_base_sr.models.sms_provider_capabilities import SmsProvider
from odoo.addons.sms_base_sr.tools.capabilities import Capabilities
from odoo.addons.sms_base_sr.tools.outcomes import NotAttempted

from .campaign_case import CampaignCase


class TestProviderCapabilities(CampaignCase):
    """The engine adapts to what a type of provider declares."""

    def declare(self, **capabilities):
        declared = Capabilities(**capabilities)
        self.patch(SmsProvider, "_log_capabilities", lambda provider: declared)

    def test_nothing_is_declared_by_silence(self):
        declared = Capabilities()
        self.assertEqual(declared.batch_size, 1000)
        for verb in ("query_batch", "fetch_replies", "blacklist_add", "read_balance"):
            self.assertFalse(declared.allow(verb))
        self.assertTrue(declared.allow("send_batch"))
        for size in (0, 1001):
            with self.assertRaises(ValueError):
                Capabilities(batch_size=size)

    def test_batches_are_cut_at_the_declared_size(self):
        self.declare(batch_size=2)
        run = self.planned_run(5)
        self.assertEqual(run.batch_ids.sorted("id").mapped("message_count"), [2, 2, 1])

    def test_the_speed_is_that_of_the_declared_size(self):
        self.provider.write({"rate_calls": 10, "rate_period": 60})
        self.declare(batch_size=7)
        self.provider.invalidate_recordset()
        self.assertIn("Up to 70 messages per minute", self.provider.rate_sentence)

    def test_a_batch_planned_for_another_account_goes_in_parts(self):
        batch = self.queued_batch(5)
        self.declare(batch_size=2)
        for _part in range(6):
            self.pass_time()
            self.run_jobs("_send_batch")
        self.assertEqual(self.states(batch.run_id), {"sent": 5})
        self.assertLessEqual(max(len(c.messages) for c in self.gateway.calls), 2)

    def test_a_batch_moves_to_no_account_that_takes_less(self):
        batch = self.queued_batch(3)
        smaller = self.provider.copy({"name": "Smaller"})
        self.gateway.answers = [NotAttempted("connection")]
        self.run_batch(batch)
        self.assertEqual(batch._successor(smaller), smaller)
        self.declare(batch_size=2)
        self.assertFalse(batch._successor(smaller))

    def test_an_undeclared_verb_is_not_called_though_it_is_there(self):
        self.declare()
        batch = self.queued_batch(2)
        self.run_batch(batch)
        self.assertFalse(self.pending_jobs("_poll_status"))
        self.env["sms.provider"]._fetch_replies_all()
        self.assertFalse(self.env["sms.provider"]._telling_blacklist())
        self.assertIsNone(batch.run_id._review_balance())
        self.assertFalse(self.gateway.queries)
