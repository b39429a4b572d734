from datetime import timedelta

from odoo import fields

from ..tools.inbound import StatusItem
from ..tools.outcomes import NotAttempted, Unknown
from .alert_case import AlertCase


class TestArchivedProvider(AlertCase):
    """An archived account sends nothing; what waits for it is held, and seen."""

    def archive(self):
        self.provider.with_user(self.admin).action_archive()
        self.env.flush_all()
        self.env.invalidate_all()

    def activate(self):
        self.provider.with_user(self.admin).action_unarchive()
        self.run_jobs("_wake_batches")

    def test_its_batches_are_held_and_nothing_fails(self):
        batch = self.queued_batch(2)
        self.archive()
        self.assertIsNone(self.run_batch(batch), "the job ends")
        self.sweep()
        self.assertFalse(self.send_jobs(batch), "and the sweeper makes none")
        self.assertEqual((batch.state, batch.tries, batch.attempt), ("queued", 0, 0))
        self.assertEqual(self.states(batch), {"draft": 2})
        self.assertFalse(self.gateway.calls)

    def test_activating_wakes_them(self):
        batch = self.queued_batch(2)
        self.archive()
        self.run_batch(batch)
        self.activate()
        self.run_batch(batch)
        self.assertEqual(batch.state, "sent")
        self.assertEqual(len(self.gateway.calls), 1)

    def test_one_that_waited_for_its_next_try_goes_at_once_too(self):
        batch = self.queued_batch(1)
        self.gateway.answers = [NotAttempted("connection")]
        self.run_batch(batch)
        self.send_jobs(batch).unlink()
        self.archive()
        self.activate()
        self.run_jobs("_send_batch")
        self.assertEqual(batch.state, "sent")

    def test_single_sms_are_held_as_well(self):
        message = self.new_message()
        message.action_send()
        self.archive()
        self.run_jobs("_send_batch")
        self.assertEqual(message.state, "outgoing")
        self.activate()
        self.run_jobs("_send_batch")
        self.assertEqual(message.state, "sent")

    def test_a_draft_that_named_it_leaves_by_the_account_in_use(self):
        second = self.provider.create({"name": "Second"})
        message = self.new_message(provider_id=self.provider.id)
        self.archive()
        message.action_send()
        self.assertEqual(message.provider_id, second)

    def test_where_another_account_takes_over_they_leave_by_that_one(self):
        second = self.provider.create({"name": "Second", "takes_over": True})
        batch = self.queued_batch(1)
        self.archive()
        self.run_batch(batch)
        self.assertEqual((batch.state, batch.provider_id), ("sent", second))

    def test_no_probe_is_made_of_an_archived_account(self):
        batch = self.queued_batch(1)
        later = fields.Datetime.now() - timedelta(minutes=1)
        self.provider.health_id.write({"circuit_since": later, "probe_at": later})
        self.archive()
        self.run_batch(batch)
        self.sweep()
        self.assertFalse(self.send_jobs(batch))
        self.assertFalse(self.gateway.calls)

    def test_what_was_sent_is_asked_for_and_reported_all_the_same(self):
        batch = self.queued_batch(2)
        self.run_batch(batch)
        self.archive()
        references = self.messages(batch).mapped("reference")
        self.tell(
            *(StatusItem(reference=r, state="delivered", code="3") for r in references)
        )
        self.assertEqual(self.states(batch), {"delivered": 2})

    def test_a_call_without_an_answer_stays_a_question(self):
        batch = self.queued_batch(1)
        self.gateway.answers = [Unknown("timeout")]
        self.run_batch(batch)
        self.archive()
        self.activate()
        self.assertEqual(batch.state, "unknown")
        self.assertEqual(len(self.gateway.calls), 1)

    # -- seen --------------------------------------------------------------------------

    def test_form_and_list_say_so_and_how_many_wait(self):
        self.assertEqual(self.provider.health_state, "healthy")
        self.archive()
        self.assertEqual(self.provider.health_state, "archived")
        self.assertFalse(self.provider.health_advice, "nothing waits: nothing to do")
        self.activate()
        self.queued_batch(1)
        self.archive()
        self.assertEqual(self.provider.waiting_count, 1)
        for words in ("Activate", "Takes over batches", "cancel the campaign"):
            self.assertIn(words, self.provider.health_advice)
        self.activate()
        self.env.invalidate_all()
        self.assertEqual(self.provider.health_state, "healthy")

    def test_the_overview_shows_it_while_something_waits(self):
        def shown():
            watch = self.env["sms.watch"].with_user(self.manager)
            providers = watch.read_overview()["providers"]
            return {p["name"]: (p["status"], p["waiting"]) for p in providers}

        self.archive()
        self.assertEqual(shown(), {})
        self.activate()
        batch = self.queued_batch(1)
        self.archive()
        self.assertEqual(shown(), {"Fake": ("archived", 1)})
        batch.run_id.action_pause()
        self.assertEqual(shown(), {}, "a pause holds it anyway")

    def test_administrators_are_told_until_it_is_settled(self):
        batch = self.queued_batch(1)
        self.archive()
        self.sweep()
        for user in (self.admin, self.second_admin):
            activity = self.told(self.provider, user)
            self.assertEqual(len(activity), 1, user.login)
            self.assertIn("is archived", activity.summary)
            self.assertIn("Activate", activity.note)
        self.sweep()
        self.assertEqual(len(self.told(self.provider)), 2, "once")
        self.activate()
        self.assertFalse(self.told(self.provider))
        self.archive()
        batch.run_id.action_cancel()
        self.sweep()
        self.assertFalse(self.told(self.provider), "nothing waits any more")

    def test_without_batches_nobody_is_told(self):
        self.archive()
        self.sweep()
        self.assertFalse(self.told(self.provider))

    def test_its_history_says_who_and_when(self):
        self.archive()
        self.archive()
        incident = self.provider.incident_ids
        self.assertRecordValues(
            incident, [{"kind": "archived", "ended_at": False, "ended_by_id": False}]
        )
        self.assertIn(self.admin.name, incident.reason)
        self.activate()
        self.assertTrue(incident.ended_at)
        self.assertEqual(incident.ended_by_id, self.admin)

    def test_activated_while_suspended_it_stays_suspended(self):
        batch = self.queued_batch(1)
        self.provider.health_id._suspend(self.provider.id, "token refused")
        self.archive()
        self.activate()
        self.env.invalidate_all()
        self.assertEqual(self.provider.health_state, "suspended")
        self.run_batch(batch)
        self.assertEqual(batch.state, "queued")
