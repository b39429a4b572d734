from datetime import timedelta

from odoo import fields

from odoo.addons.sms_base_sr.models.sms_provider_circuit import SmsProvider

from .health_case import CircuitCase


class TestPeople(CircuitCase):
    """What a person sees and may do."""

    def test_resuming_closes_it_at_once_and_is_signed(self):
        batch = self.new_batch()
        self.open_circuit()
        admin = self.new_user("admin", "sms_base_sr.group_sms_admin")
        resumed = []
        self.patch(SmsProvider, "_after_resumed", lambda p: resumed.append(p))
        self.provider.with_user(admin).action_resume()
        self.assertEqual(resumed, [self.provider])
        self.assertEqual(self.provider.health_state, "healthy")
        incident = self.provider.incident_ids
        self.assertEqual(incident.ended_by_id, admin)
        self.assertTrue(incident.ended_at)
        self.run_jobs("_wake_batches")
        self.run_batch(batch)
        self.assertEqual(batch.state, "sent")

    def test_suspensions_have_a_history_too(self):
        suspended = []
        self.patch(
            SmsProvider,
            "_after_suspended",
            lambda provider, reason: suspended.append(reason),
        )
        for _worker in range(3):
            self.health._suspend(self.provider.id, "token refused")
        self.assertEqual(suspended, ["token refused"], "told once")
        incident = self.provider.incident_ids
        self.assertEqual((incident.kind, incident.reason), ("suspended", suspended[0]))
        self.assertTrue(self.provider.suspended_at)
        self.provider.action_resume()
        self.assertEqual(incident.ended_by_id, self.env.user)
        self.assertFalse(self.provider.suspended_at)

    def test_resuming_what_was_not_held_tells_nobody(self):
        resumed = []
        self.patch(SmsProvider, "_after_resumed", lambda p: resumed.append(p))
        self.provider.action_resume()
        self.assertFalse(resumed or self.provider.incident_ids)

    def test_the_status_names_what_weighs_most(self):
        later = fields.Datetime.now() + timedelta(minutes=5)
        self.assertEqual(self.provider.health_state, "healthy")
        self.health.blocked_until = later
        self.assertEqual(self.provider.health_state, "limited")
        self.health.circuit_since = later
        self.assertEqual(self.provider.health_state, "stopped")
        self.health.suspended = True
        self.assertEqual(self.provider.health_state, "suspended")

    def test_the_advice_fits_the_reason(self):
        cases = [
            ("unauthorized: Unauthenticated.", "refuses the token"),
            ("forbidden: 403", "portal"),
            ("API token: enter the token", "Correct what is said"),
        ]
        for reason, words in cases:
            with self.subTest(reason=reason):
                self.provider.action_resume()
                self.health._suspend(self.provider.id, reason)
                self.assertIn(words, self.provider.health_advice)
        self.provider.action_resume()
        self.assertFalse(self.provider.health_advice)
        cases = [
            ("connection: refused", "cannot be reached"),
            ("address: 302", "address"),
            ("timeout: read", "support"),
        ]
        for reason, words in cases:
            with self.subTest(reason=reason):
                self.health.write({"circuit_since": "2026-05-05"})
                self.health.circuit_reason = reason
                self.assertIn(words, self.provider.health_advice)

    def test_the_waiting_batches_are_counted(self):
        self.assertEqual(self.provider.waiting_count, 0)
        self.new_batch()
        self.new_batch()
        self.provider.invalidate_recordset()
        self.assertEqual(self.provider.waiting_count, 2)

    def test_salespeople_read_the_status_and_change_nothing(self):
        self.open_circuit()
        provider = self.provider.with_user(self.salesperson)
        names = ["health_state", "circuit_reason", "probe_at", "rate_sentence"]
        names += ["waiting_count", "incident_ids", "rate_calls_sentence"]
        self.assertEqual(provider.read(names)[0]["health_state"], "stopped")
        self.assertTrue(provider.incident_ids.reason)

    def test_the_history_keeps_half_a_year_and_what_lasts(self):
        old = fields.Datetime.now() - timedelta(days=181)
        incidents = self.env["sms.provider.incident"]
        ended, lasting, recent = (
            incidents._begin(self.provider, "circuit", name) for name in "abc"
        )
        ended.write({"started_at": old, "ended_at": old})
        lasting.started_at = old
        recent.ended_at = fields.Datetime.now()
        incidents._delete_old()
        self.assertEqual(self.provider.incident_ids, lasting + recent)
