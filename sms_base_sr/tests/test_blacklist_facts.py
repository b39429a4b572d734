from datetime import timedelta

from odoo import fields
from odoo.tests import Form

from .reply_case import NUMBER, ReplyCase


class TestBlacklistFacts(ReplyCase):
    """Core's blacklist says why, by whom and since when; leaving it forgets nothing."""

    def setUp(self):
        super().setUp()
        groups = "sms_base_sr.group_sms_manager"
        self.supervisor = self.new_user("supervisor", groups)
        self.blacklist = self.env["phone.blacklist"].with_user(self.supervisor)

    def test_a_person_is_the_source_of_what_he_enters(self):
        form = Form(self.blacklist)
        form.number = NUMBER
        form.sms_reason = "complaint"
        entry = form.save()
        self.assertEqual((entry.sms_reason, entry.sms_source), ("complaint", "person"))
        self.assertEqual(entry.sms_source_name, self.supervisor.name)
        age = fields.Datetime.now() - entry.sms_since
        self.assertLess(age, timedelta(minutes=1))

    def test_cores_own_ways_have_a_source_too(self):
        """SMS Marketing's unsubscribe page adds numbers as nobody in particular."""
        entry = self.env["phone.blacklist"].sudo()._add([NUMBER], message="by a page")
        self.assertEqual((entry.sms_reason, entry.sms_source), ("other", "system"))
        self.assertTrue(entry.sms_since)

    def test_a_reply_is_the_source_with_its_campaign_and_its_date(self):
        run = self.new_run(name="Natal")
        self.accepted_message(run_id=run.id)
        day = fields.Datetime.now().replace(microsecond=0)
        reply = self.reply("SAIR", occurred_at=day)
        self.assertRecordValues(
            self.blacklisted(),
            [
                {
                    "sms_reason": "opt_out",
                    "sms_source": "reply",
                    "sms_source_name": "Natal",
                    "sms_since": day,
                    "sms_message_id": reply.id,
                    "sms_text": "SAIR",
                }
            ],
        )

    def test_which_reasons_are_opt_outs(self):
        for reason in ("opt_out", "complaint", "wrong_number", "legal", "other", False):
            entry = self.env["phone.blacklist"].create({"number": NUMBER})
            entry.sms_reason = reason
            expected = "opt_out" if reason == "opt_out" else "blacklisted"
            found = self.blacklist._sms_suppressed([NUMBER])
            self.assertEqual(found, {NUMBER: expected}, reason)

    def test_entries_from_before_are_as_old_as_they_are(self):
        entry = self.env["phone.blacklist"].create({"number": NUMBER})
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE phone_blacklist SET sms_reason = NULL, sms_source = NULL,"
            " sms_since = NULL, create_date = '2024-05-01' WHERE id = %s",
            [entry.id],
        )
        self.env.invalidate_all()
        self.campaign.add(NUMBER)
        message = self.messages(self.planned_run(0))
        self.assertEqual(message.failure_type, "blacklisted")
        self.assertEqual(str(message.suppression_date.date()), "2024-05-01")
        self.assertFalse(message.suppression_words)

    def test_leaving_the_blacklist_keeps_its_history(self):
        self.reply("SAIR")
        entry = self.blacklisted().with_context(tracking_disable=False)
        wizard = self.env["phone.blacklist.remove"].with_user(self.supervisor)
        wizard = wizard.with_context(tracking_disable=False)
        wizard.create({"phone": NUMBER, "reason": "asked"}).action_unblacklist_apply()
        self.env.flush_all()
        self.assertFalse(entry.active)
        self.assertEqual((entry.sms_reason, entry.sms_text), ("opt_out", "SAIR"))
        self.assertIn("SAIR", " ".join(entry.message_ids.mapped("body")))

    def test_who_comes_onto_it_again_has_a_new_reason_and_the_old_words_stay_said(self):
        self.reply("SAIR")
        entry = self.blacklisted()
        since = fields.Datetime.now() - timedelta(days=9)
        entry.sms_since = since
        entry.action_archive()
        again = self.blacklist.create({"number": NUMBER, "sms_reason": "complaint"})
        self.assertEqual(again, entry)
        self.assertEqual(entry.sms_source_name, self.supervisor.name)
        self.assertGreater(entry.sms_since, since)
        self.assertFalse(entry.sms_text or entry.sms_message_id)
        self.assertEqual(entry.sms_reason, "complaint")
        self.assertIn("SAIR", " ".join(entry.message_ids.mapped("body")))

    def test_an_entry_that_stays_is_not_made_anew(self):
        self.reply("SAIR")
        entry = self.blacklisted()
        since = entry.sms_since
        self.blacklist.create({"number": NUMBER})
        self.assertEqual((entry.sms_reason, entry.sms_since), ("opt_out", since))
        entry.write({"active": True})
        self.assertEqual((entry.sms_text, entry.sms_since), ("SAIR", since))

    def test_what_an_authority_has_ordered_no_word_undoes(self):
        for reason, stays in (("legal", True), ("complaint", False)):
            with self.subTest(reason):
                self.blacklist.create({"number": NUMBER, "sms_reason": reason})
                self.blacklisted().sms_reason = reason
                self.reply("VOLTAR")
                self.assertEqual(bool(self.blacklisted()), stays)

    def test_the_form_shows_it(self):
        self.reply("SAIR")
        form = Form(self.blacklisted().with_user(self.supervisor))
        self.assertEqual((form.sms_reason, form.sms_source), ("opt_out", "reply"))
