from odoo.exceptions import AccessError, UserError

from odoo.addons.sms_base_sr.models import sms_erasure

from .person_case import NUMBER, PERSON, REPLY, TEXT, WRITTEN, PersonCase

WORDS = (NUMBER[3:], WRITTEN, PERSON, TEXT, REPLY)
# What keeps a number from being texted.
KEPT = {"phone_blacklist", "sms_blacklist_sync", "sms_do_not_disturb_number"}


class TestErasure(PersonCase):
    """Nothing is left in any copy, but the opt-out and what is counted."""

    def wizard(self, user=None, **values):
        lookups = self.env["sms.person.lookup"].with_user(user or self.admin)
        lookup = lookups.create({"partner_ids": self.person.ids})
        lookup.action_look()
        return (
            self.env["sms.person.erase"]
            .with_user(user or self.admin)
            .create({"lookup_id": lookup.id, **values})
        )

    def erase(self, **values):
        action = self.wizard(word="erase", **values).action_erase()
        self.run_jobs("_erase")
        self.env.invalidate_all()
        return self.env["sms.erasure"].browse(action["res_id"])

    def test_nothing_is_left_but_the_blacklist_and_the_contact(self):
        self.plant()
        erasure = self.erase()
        self.assertEqual(erasure.state, "done")
        left = self.tables_with(*WORDS)
        # What gateways were told about a blacklisted number is part of the blacklist.
        self.assertEqual(left, {*KEPT, "res_partner"})

    def test_the_contact_goes_too_where_that_is_wanted(self):
        self.plant()
        self.person.with_context(tracking_disable=False).write({"vat": "X"})
        self.erase(erase_partners=True)
        left = self.tables_with(*WORDS)
        self.assertEqual(left, KEPT)
        self.assertFalse(self.person.active)
        self.assertFalse(self.person.phone)

    def test_the_opt_out_stays_with_its_date(self):
        self.plant()
        self.erase()
        entry = self.env["phone.blacklist"].search([("number", "=", NUMBER)])
        self.assertTrue(entry.active and entry.sms_date)
        self.assertFalse(entry.sms_text or entry.sms_message_id)
        message = self.new_message(partner_id=False, phone=NUMBER, body="Oi")
        with self.assertRaisesRegex(UserError, "blacklisted"):
            message.action_send()

    def test_of_a_consent_its_purpose_and_dates_stay(self):
        self.plant()
        before = (self.consent.purpose, self.consent.basis, self.consent.date_from)
        files = [("res_model", "=", "sms.consent"), ("res_id", "=", self.consent.id)]
        attachments = self.env["ir.attachment"].sudo()
        # Without its field Odoo hides what fields are stored in.
        files.append(("res_field", "!=", False))
        self.assertEqual(attachments.search_count(files), 1)
        self.erase()
        after = (self.consent.purpose, self.consent.basis, self.consent.date_from)
        self.assertEqual(after, before)
        self.assertFalse(self.consent.partner_id or self.consent.evidence)
        self.assertEqual(attachments.search_count(files), 0)

    def test_states_counts_and_costs_stay(self):
        message = self.plant()
        before = (message.state, message.cost, message.sms_count, message.sent_date)
        self.erase()
        after = (message.state, message.cost, message.sms_count, message.sent_date)
        self.assertEqual(after, before)
        self.assertTrue(message.anonymized_at)
        self.assertFalse(message.body or message.partner_id)

    def test_others_keep_theirs(self):
        mine = self.new_message(body="Oi", phone="+5511912345678")
        self.plant()
        self.erase()
        self.assertEqual((mine.body, mine.partner_id), ("Oi", self.partner))

    def test_nothing_is_erased_while_an_sms_may_leave(self):
        for state in ("queued", "sending", "unknown"):
            with self.subTest(state):
                message = self.new_message(partner_id=self.person.id, body=TEXT)
                message.action_send()
                message.batch_id.state = state
                wizard = self.wizard(word="ERASE")
                self.assertIn("on their way", wizard.obstacles)
                with self.assertRaisesRegex(UserError, "on their way"):
                    wizard.action_erase()
                self.assertEqual(message.body, TEXT)
                message.batch_id.state = "sent"
                message.state = "sent"

    def test_a_planned_campaign_is_named(self):
        self.campaign.add(NUMBER, partner_id=self.person.id)
        run = self.new_run(name="Páscoa")
        run.action_plan()
        self.run_jobs("_plan")
        with self.assertRaisesRegex(UserError, "Páscoa"):
            self.wizard(word="ERASE").action_erase()

    def test_it_is_asked_twice_and_for_administrators_alone(self):
        with self.assertRaisesRegex(UserError, "Type ERASE"):
            self.wizard(word="yes").action_erase()
        lookup = self.wizard().lookup_id
        with self.assertRaises(AccessError):
            self.env["sms.person.erase"].with_user(self.supervisor).create(
                {"lookup_id": lookup.id, "word": "ERASE"}
            )

    def test_the_erasure_and_the_log_name_nobody(self):
        self.plant()
        erasure = self.erase(reason="2026/17")
        self.assertFalse(erasure.sudo().numbers or erasure.sudo().partners)
        self.assertNotIn(NUMBER[3:], erasure.masked)
        line = self.env["sms.audit"].search([("action", "=", "erase")])
        self.assertEqual((line.user_id, line.res_id), (self.admin, erasure.id))

    def test_much_is_left_to_a_job(self):
        self.patch(sms_erasure, "AT_ONCE", 1)
        self.plant()
        action = self.wizard(word="ERASE").action_erase()
        erasure = self.env["sms.erasure"].browse(action["res_id"])
        self.assertEqual((erasure.state, erasure.progress), ("waiting", 0))
        self.run_jobs("_erase")
        self.env.invalidate_all()
        self.assertEqual((erasure.state, erasure.progress), ("done", 100))

    def test_a_lost_job_is_made_anew(self):
        self.patch(sms_erasure, "AT_ONCE", 1)
        self.plant()
        self.wizard(word="ERASE").action_erase()
        self.pending_jobs("_erase").unlink()
        self.env["sms.erasure"]._sweep_erasures()
        self.env["sms.erasure"]._sweep_erasures()
        self.assertEqual(len(self.pending_jobs("_erase")), 1)

    def test_a_file_that_names_the_person_is_imported_or_deleted_first(self):
        self.plant()
        record = self.env["sms.contact.import"].search([], limit=1)
        record.state = "mapping"
        with self.assertRaisesRegex(UserError, "waits to be imported"):
            self.wizard(word="ERASE").action_erase()

    def test_what_retention_has_anonymised_is_erased_too(self):
        message = self.new_message(partner_id=False, phone=NUMBER, state="sent")
        tokens = self.env["sms.retention"]._tokens({NUMBER})
        message._forget(message.ids, tokens, self.company, message.create_date)
        before = message.phone
        self.erase()
        self.assertNotEqual(message.phone, before)

    def test_an_anonymised_sms_is_not_sent(self):
        message = self.new_message(partner_id=False, phone=NUMBER)
        tokens = {NUMBER: "anon:x"}
        message._forget(message.ids, tokens, self.company, message.create_date)
        with self.assertRaisesRegex(UserError, "anonymised"):
            message.action_send()
