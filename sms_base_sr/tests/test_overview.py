from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError

from odoo.addons.sms_base_sr.tools.inbound import ReplyItem
from odoo.addons.sms_base_sr.tools.outcomes import Unknown

from .alert_case import AlertCase


class TestOverview(AlertCase):
    """What managers see at a glance, in one call, with their own rights."""

    def overview(self, user=None):
        self.env.flush_all()
        self.env.invalidate_all()
        watch = self.env["sms.watch"].with_user(user or self.manager)
        return watch.read_overview()

    def test_only_managers_see_it(self):
        for user in (self.salesperson, self.new_user("nobody", "base.group_user")):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.overview(user)
        for user in (self.manager, self.admin):
            with self.subTest(user=user.login):
                self.assertIn("jobs", self.overview(user))

    def test_a_running_campaign_shows_its_counts(self):
        self.provider.batch_size = 2
        run = self.planned_run(6)
        run.action_release()
        self.run_jobs("_enqueue_batches")
        first, second, third = run.batch_ids.sorted("id")
        self.run_batch(first)
        self.gateway.answers = [Unknown("timeout")]
        self.run_batch(second)
        [shown] = self.overview()["runs"]
        expected = {
            "id": run.id,
            "name": "Natal",
            "state": "sending",
            "planned": 6,
            "sent": 2,
            "not_started": 2,
            "in_call": 0,
            "unknown": 2,
        }
        self.assertEqual(expected, {name: shown[name] for name in expected})
        self.assertEqual(shown["state_label"], "Sending")
        self.assertEqual(third.state, "queued")

    def test_what_is_over_is_not_shown(self):
        for state in ("draft", "ready", "done", "canceled", "failed"):
            self.new_run(state=state)
        self.assertEqual(self.overview()["runs"], [])

    def test_other_companies_campaigns_and_accounts_are_not_shown(self):
        other = self.env["res.company"].create({"name": "B"})
        provider = self.provider.create({"name": "B", "company_id": other.id})
        self.new_run(company_id=other.id, provider_id=provider.id, state="sending")
        seen = self.overview()
        self.assertEqual(seen["runs"], [])
        self.assertEqual([p["name"] for p in seen["providers"]], ["Fake"])

    def test_a_suspended_account_says_why(self):
        [shown] = self.overview()["providers"]
        self.assertEqual((shown["status"], shown["waiting"]), ("healthy", 0))
        self.provider.health_id._suspend(self.provider.id, "token refused")
        [shown] = self.overview()["providers"]
        self.assertEqual(
            (shown["status"], shown["reason"]), ("suspended", "token refused")
        )

    def people(self, undecided, failed_runs):
        nobody = {"unanswered": 0, "oldest_reply": False}
        return {"undecided": undecided, "failed_runs": failed_runs, **nobody}

    def test_what_waits_for_a_person_is_counted(self):
        people = self.overview()["people"]
        self.assertEqual(people, self.people(0, 0))
        self.failed_batch(1)
        undecided = self.queued_batch(1)
        undecided.write({"state": "unknown", "needs_decision": True})
        people = self.overview()["people"]
        self.assertEqual(people, self.people(1, 1))

    def test_replies_that_wait_are_counted_with_or_without_an_activity(self):
        numbers = ("+5531988887777", "+5531988887778", "+5511912345678")
        items = [
            ReplyItem(reply_id=number, text="oi", phone=number) for number in numbers
        ]
        events = self.tell(*items)
        self.assertEqual(self.overview()["people"]["unanswered"], 3)
        events.message_id[:1].action_no_answer_needed()
        self.assertEqual(self.overview()["people"]["unanswered"], 2)

    def test_it_says_when_the_sweeper_was_there_and_that_it_is_late(self):
        watch = self.env.ref("sms_base_sr.sms_watch")
        cases = [
            (False, True),
            (fields.Datetime.now() - timedelta(minutes=6), True),
            (fields.Datetime.now() - timedelta(minutes=1), False),
        ]
        for at, late in cases:
            with self.subTest(at=at):
                watch.swept_at = at
                shown = self.overview()["sweeper"]
                self.assertEqual(shown["late"], late)
                self.assertEqual(shown["at"], at and fields.Datetime.to_string(at))

    def test_jobs_tell_the_oldest_the_failed_and_the_limit(self):
        self.new_message().action_send()
        self.pending_jobs("_send_batch").write({"state": "failed"})
        jobs = self.overview()["jobs"]
        self.assertEqual((jobs["failed"], jobs["limit"]), (1, 600))
        self.assertFalse(jobs["silent"])

    def test_the_first_menu_entry_is_for_managers(self):
        menu = self.env.ref("sms_base_sr.menu_sms_overview")
        root = self.env.ref("sms_base_sr.menu_sms_root")
        self.assertEqual(root.child_id.sorted("sequence")[0], menu)
        visible = self.env["ir.ui.menu"].with_user(self.salesperson)._visible_menu_ids()
        self.assertNotIn(menu.id, visible)
        visible = self.env["ir.ui.menu"].with_user(self.manager)._visible_menu_ids()
        self.assertIn(menu.id, visible)
