from datetime import timedelta

from odoo import fields
from odoo.exceptions import ValidationError

from odoo.addons.sms_base_sr.models import sms_retention

from .person_case import NUMBER, REPLY, TEXT, WRITTEN, PersonCase

OLD = timedelta(days=400)


class TestRetention(PersonCase):
    """After the period nobody can be read any more, and everything is still counted."""

    def setUp(self):
        super().setUp()
        self.company.sms_keep_months = 12

    def make_old(self, *tables):
        """Let everything have happened more than a year ago."""
        self.env.flush_all()
        for table in tables or ("sms_message", "sms_event", "sms_event_body"):
            self.env.cr.execute(
                f"UPDATE {table} SET create_date = create_date - %s", [OLD]
            )
        self.env.cr.execute("UPDATE sms_message SET sent_date = sent_date - %s", [OLD])
        self.env.cr.execute("UPDATE mail_message SET date = date - %s", [OLD])
        self.env.cr.execute(
            "UPDATE sms_contact_import SET done_at = done_at - %s", [OLD]
        )
        self.env.cr.execute("UPDATE mail_activity SET create_date = now() - %s", [OLD])
        self.env.invalidate_all()

    def apply(self):
        self.env["sms.retention"]._sweep_retention()
        self.env.invalidate_all()

    def line(self, model="sms.message"):
        return self.env["sms.retention"].search(
            [("company_id", "=", self.company.id), ("model", "=", model)]
        )

    def test_texts_and_numbers_go_from_every_copy(self):
        message = self.plant()
        self.make_old()
        self.apply()
        self.assertFalse(message.body or message.partner_id)
        left = self.tables_with(TEXT, REPLY, NUMBER[3:], WRITTEN)
        # The contact, the opt-out with its evidence, and what goes by itself.
        kept = {"res_partner", "phone_blacklist", "sms_blacklist_sync", "mail_message"}
        kept |= {"sms_consent", "sms_gateway_block", "sms_do_not_disturb_number"}
        passing = {"queue_job", "bus_bus", "sms_test_send", "res_users", "sms_sms"}
        others = {"sms_batch", "sms_batch_attempt", "sms_contact_import"}
        self.assertFalse(left - kept - passing - others)
        notes = self.person.message_ids.mapped("body")
        self.assertFalse([note for note in notes if TEXT in note or REPLY in note])

    def test_what_is_young_stays(self):
        message = self.plant()
        self.apply()
        self.assertEqual(message.body, TEXT)
        self.assertEqual(self.line().anonymized, 0)

    def test_what_was_sent_lately_stays_however_old_its_plan(self):
        message = self.plant()
        sent = message.sent_date
        self.make_old()
        message.sudo().sent_date = sent
        self.apply()
        self.assertEqual(message.body, TEXT)

    def test_nothing_goes_where_no_period_is_set(self):
        self.company.sms_keep_months = 0
        message = self.plant()
        self.make_old()
        self.apply()
        self.assertEqual(message.body, TEXT)

    def test_a_period_that_is_too_short_is_refused(self):
        for months in (1, 2):
            with self.subTest(months), self.assertRaises(ValidationError):
                self.company.sms_keep_months = months

    def test_figures_are_the_same_before_and_after(self):
        run = self.planned_run(4)
        run.action_release()
        self.run_jobs("_enqueue_batches", "_send_batch")
        for message in self.messages(run)[:2]:
            self.new_message(
                direction="incoming",
                state="delivered",
                partner_id=False,
                phone=message.phone,
                parent_id=message.id,
                body="Sim",
                sent_date=message.sent_date,
            ).write({"run_id": run.id})
        before = self.figures(run)
        self.make_old()
        self.apply()
        self.assertFalse(any(self.messages(run).mapped("body")))
        self.assertEqual(self.figures(run), before)

    def figures(self, run):
        """Counters made anew, and the replies of different numbers."""
        batches = run.batch_ids
        self.env["sms.batch.touch"]._touch(batches.ids)
        self.env["sms.run.touch"]._touch(run)
        while self.env["sms.run.stat"]._recompute_page():
            pass
        summary = self.summary(run)
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT replied, replies FROM sms_run_stat WHERE run_id = %s", [run.id]
        )
        return {k: v for k, v in summary.items() if k != "rate"}, self.env.cr.fetchall()

    def test_what_may_still_leave_waits_and_is_found_again(self):
        others = self.plant()
        batch = self.queued_batch(2)
        self.make_old()
        self.apply()
        self.assertTrue(all(self.messages(batch).mapped("body")))
        self.assertFalse(others.body)
        self.run_batch(batch)
        self.make_old("sms_message")
        self.line().next_at = False
        self.apply()
        self.assertFalse(any(self.messages(batch).mapped("body")))

    def test_pages_are_bounded_and_go_on_where_the_last_one_ended(self):
        self.patch(sms_retention, "PAGE", 2)
        self.patch(sms_retention, "PAGES", 1)
        messages = self.env["sms.message"].union(
            *(self.new_message(state="sent", body=str(n)) for n in range(5))
        )
        self.env["sms.retention"]._lines_due(self.company)
        self.line().cursor = messages.sorted("id")[0].id - 1
        self.make_old()
        for left in (3, 1, 0):
            self.apply()
            self.assertEqual(len(messages.filtered("body")), left)
        self.assertEqual(self.line().anonymized, 5)

    def test_it_does_not_look_again_at_once(self):
        self.apply()
        line = self.line()
        self.assertGreater(line.next_at, fields.Datetime.now())
        self.assertFalse(self.env["sms.retention"]._lines_due(self.company))

    def test_the_same_number_has_the_same_pseudonym(self):
        one = self.new_message(state="sent", phone=NUMBER)
        two = self.new_message(state="sent", phone=NUMBER)
        self.make_old()
        self.apply()
        self.assertEqual(one.phone, two.phone)
        self.assertTrue(one.phone.startswith("anon:"))

    def test_a_page_costs_the_same_whatever_it_holds(self):
        counts = []
        for size in (1, 2, 20):
            messages = [self.new_message(state="sent") for _number in range(size)]
            self.make_old()
            self.env["sms.retention"]._lines_due(self.company)
            self.line().write({"cursor": messages[0].id - 1, "next_at": False})
            self.env.flush_all()
            limit = self.company._sms_keep_limit()
            before = self.env.cr.sql_log_count
            self.line()._page_of_messages(limit)
            counts.append(self.env.cr.sql_log_count - before)
        # The first one reads what is cached from then on.
        self.assertEqual(*counts[1:])

    def test_refused_calls_go_after_their_own_period(self):
        refusals = self.env["sms.webhook.refusal"]
        values = {"address": "192.0.2.1", "reason": "sender", "door": "secret"}
        hour = fields.Datetime.now() - timedelta(days=10)
        refusals.create({**values, "hour": hour, "last_date": hour})
        parameters = self.env["ir.config_parameter"].sudo()
        for days, left in (("0", 1), ("30", 1), ("5", 0)):
            with self.subTest(days):
                parameters.set_param("sms_base_sr.refusal_days", days)
                refusals._delete_old()
                self.assertEqual(refusals.search_count([("hour", "=", hour)]), left)

    def test_the_settings_keep_a_nought(self):
        settings = self.env["res.config.settings"]
        settings.create({"sms_refusal_days": 0, "sms_audit_months": 24}).set_values()
        found = settings.get_values()
        self.assertEqual(found["sms_refusal_days"], 0)
        self.assertEqual(found["sms_audit_months"], 24)
