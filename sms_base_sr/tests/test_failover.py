from datetime import timedelta

from odoo import fields

from odoo.addons.sms_base_sr.tools.inbound import StatusItem
from odoo.addons.sms_base_sr.tools.outcomes import NotAttempted, QueryAnswer, Unknown

from .campaign_case import CampaignCase


class FailoverCase(CampaignCase):
    """Two accounts of one company; the second one takes over."""

    def setUp(self):
        super().setUp()
        self.second = self.provider.create(
            {
                "name": "Second",
                "sequence": 20,
                "takes_over": True,
                "price_per_segment": 0.25,
            }
        )

    def suspend(self, provider=None):
        provider = provider or self.provider
        provider.health_id._suspend(provider.id, "token refused")
        self.env.flush_all()
        self.env.invalidate_all()

    def stop(self, provider):
        later = fields.Datetime.now() + timedelta(minutes=1)
        provider.health_id.write({"circuit_since": later, "probe_at": later})
        self.env.flush_all()


class TestTakingOver(FailoverCase):
    """Batches that nobody can have accepted go another way."""

    def test_a_batch_of_an_account_that_cannot_send_leaves_by_the_other(self):
        for hold in (self.suspend, self.stop):
            with self.subTest(hold=hold.__name__):
                self.provider.action_resume()
                self.campaign.recipients.clear()
                batch = self.queued_batch(2)
                hold(self.provider)
                self.run_batch(batch)
                self.assertEqual(batch.state, "sent")
                self.assertEqual(batch.provider_id, self.second)
                self.assertEqual(batch.moved_from_id, self.provider)
                self.assertEqual(batch.attempt_ids.provider_id, self.second)
                messages = self.messages(batch)
                self.assertEqual(messages.provider_id, self.second)
                self.assertEqual(messages.mapped("cost"), [0.25, 0.25])

    def test_it_moves_before_it_waits_for_anything(self):
        """The price of what is planned follows the account too."""
        self.second.health_id.blocked_until = fields.Datetime.now() + timedelta(hours=1)
        batch = self.queued_batch(1)
        batch.not_before = fields.Datetime.now() + timedelta(minutes=5)
        self.suspend()
        self.assertGreater(self.run_batch(batch).seconds, 3500)
        self.assertEqual(batch.provider_id, self.second)
        message = self.messages(batch)
        self.assertEqual((message.cost, message.state), (0.25, "draft"))

    def test_reports_of_the_second_account_are_applied_and_of_the_first_not(self):
        batch = self.queued_batch(1)
        self.suspend()
        self.run_batch(batch)
        message = self.messages(batch)
        gateway_id = message.provider_message_id
        item = StatusItem(message_id=gateway_id, state="delivered")
        self.tell(item, provider=self.provider)
        self.assertEqual(message.state, "sent")
        self.tell(item, provider=self.second)
        self.assertEqual(message.state, "delivered")

    def test_after_calls_that_never_arrived_it_may_move(self):
        batch = self.queued_batch(1)
        self.gateway.answers = [NotAttempted("connection")] * 2
        self.run_batch(batch)
        self.wait_and_run(batch)
        self.stop(self.provider)
        batch.not_before = False
        self.run_batch(batch)
        self.assertEqual((batch.state, batch.provider_id), ("sent", self.second))
        self.assertEqual(batch.attempt, 3)

    def test_what_a_gateway_may_have_accepted_never_moves(self):
        outcomes = ["open", "unknown", "accepted", "refused", "absent"]
        for outcome in outcomes:
            with self.subTest(outcome=outcome):
                self.provider.action_resume()
                self.campaign.recipients.clear()
                batch = self.queued_batch(1)
                self.gateway.answers = [NotAttempted("connection")]
                self.run_batch(batch)
                batch.attempt_ids.outcome = outcome
                batch.not_before = False
                self.suspend()
                self.env["sms.batch"]._sweep()
                self.assertIsNone(self.run_batch(batch), "it waits for a person")
                self.assertEqual(batch.provider_id, self.provider)
                self.assertEqual(batch.state, "queued")
        self.assertEqual(len(self.gateway.calls), len(outcomes))

    def test_an_attempt_of_which_nothing_is_written_down_never_moves(self):
        batch = self.queued_batch(1)
        batch.attempt = 1
        self.suspend()
        self.run_batch(batch)
        self.assertEqual((batch.state, batch.provider_id), ("queued", self.provider))

    def test_unknown_batches_stay_and_are_asked_for_where_they_were_sent(self):
        batch = self.queued_batch(1)
        self.gateway.answers = [Unknown("timeout")]
        self.run_batch(batch)
        self.suspend()
        self.gateway.listing = QueryAnswer(None)
        batch.write({"attempt_deadline": False, "ask_at": False})
        self.env["sms.batch"]._sweep()
        self.run_jobs("_recover")
        self.assertEqual((batch.state, batch.provider_id), ("unknown", self.provider))


class TestSuccessors(FailoverCase):
    """Which account takes over: the first that is well, of the same company."""

    def test_it_must_be_active_well_willing_ours_and_large_enough(self):
        other = self.env["res.company"].create({"name": "B"})
        cases = {
            "not willing": {"takes_over": False},
            "archived": {"active": False},
            "another company's": {"company_id": other.id},
            "too small": {"batch_size": 2},
        }
        for what, values in cases.items():
            with self.subTest(what):
                before = {name: self.second[name] for name in values}
                before = self.second._convert_to_write(before)
                self.second.write(values)
                self.assert_waits(3)
                self.second.write(before)
        for hold in (self.suspend, self.stop):
            with self.subTest(hold=hold.__name__):
                hold(self.second)
                self.assert_waits(3)
                self.second.action_resume()
        self.assertEqual(self.moved(3), self.second)

    def moved(self, count):
        self.campaign.recipients.clear()
        self.provider.action_resume()
        batch = self.queued_batch(count)
        self.suspend()
        self.run_batch(batch)
        return batch.provider_id

    def assert_waits(self, count):
        self.assertEqual(self.moved(count), self.provider)

    def test_a_batch_fits_where_it_is_as_large_as_is_allowed(self):
        self.second.batch_size = 2
        self.assertEqual(self.moved(2), self.second)

    def test_the_first_in_order_takes_over(self):
        first = self.second.copy({"name": "First", "sequence": 15})
        self.assertEqual(self.moved(1), first)
        self.suspend(first)
        self.assertEqual(self.moved(1), self.second)

    def test_it_is_off_unless_somebody_switches_it_on(self):
        self.assertFalse(self.provider.create({"name": "New"}).takes_over)

    def test_archived_accounts_take_nothing_whatever_the_context(self):
        self.second.active = False
        provider = self.provider.with_context(active_test=False)
        self.assertFalse(provider._successors())


class TestWakingUp(FailoverCase):
    """Batches without a job are woken where another account can take them."""

    def test_the_sweeper_wakes_what_can_move_and_nothing_else(self):
        movable = self.queued_batch(1)
        self.campaign.recipients.clear()
        stays = self.queued_batch(1)
        stays.attempt = 1
        self.pending_jobs().unlink()
        self.suspend()
        self.env["sms.batch"]._sweep()
        self.assertEqual(self.pending_jobs("_send_batch").records, movable)
        self.run_jobs("_send_batch")
        self.assertEqual((movable.state, stays.state), ("sent", "queued"))

    def test_without_an_account_that_takes_over_it_wakes_none(self):
        self.second.takes_over = False
        self.queued_batch(1)
        self.pending_jobs().unlink()
        self.suspend()
        self.env["sms.batch"]._sweep()
        self.assertFalse(self.pending_jobs("_send_batch"))

    def test_when_its_probe_is_due_one_batch_tries_the_old_account(self):
        """Else all would move, and nobody would see that it is well again."""
        batch = self.queued_batch(1)
        self.stop(self.provider)
        self.pass_time(120)
        self.run_batch(batch)
        self.assertEqual((batch.state, batch.provider_id), ("sent", self.provider))
        self.assertFalse(self.provider.health_id.circuit_since)

    def test_the_history_says_once_where_batches_go(self):
        batches = []
        for _number in range(3):
            self.campaign.recipients.clear()
            batches.append(self.queued_batch(1))
        self.suspend()
        for batch in batches:
            self.run_batch(batch)
        taken, suspended = self.provider.incident_ids
        self.assertEqual((taken.kind, suspended.kind), ("takeover", "suspended"))
        self.assertIn("Second", taken.reason)
        self.provider.action_resume()
        self.assertTrue(taken.ended_at)

    def test_the_run_goes_on_planning_for_its_own_account(self):
        batch = self.queued_batch(1)
        self.suspend()
        self.run_batch(batch)
        self.assertEqual(batch.run_id.provider_id, self.provider)
        self.assertEqual(self.summary(batch.run_id)["cost"], 0.25)
