from datetime import timedelta

from psycopg2.errors import CheckViolation

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form
from odoo.tools import mute_logger

from .reply_case import NUMBER as PARTNERS_NUMBER
from .suppression_case import LONG_AGO, NUMBER, SuppressionCase


class TestConsentInPlanning(SuppressionCase):
    """Where the company asks for it, who has given no consent is left out."""

    def setUp(self):
        super().setUp()
        self.company.sms_cap_promotional = 0
        self.env["sms.consent"].search([]).unlink()

    def reason(self, message_class="promotional", **values):
        """Why NUMBER is left out; False where it is texted."""
        self.campaign.recipients.clear()
        self.campaign.add(NUMBER, **values)
        run = self.planned_run(0, message_class=message_class)
        return self.messages(run).failure_type

    def test_it_is_off_until_somebody_sets_it(self):
        company = self.env["res.company"].create({"name": "New"})
        for message_class in ("promotional", "transactional", "service"):
            self.assertFalse(company._sms_consent_purpose(message_class))
        self.company.sms_consent_promotional = False
        self.assertFalse(self.reason())

    def test_only_the_classes_that_ask_for_it(self):
        self.company.sms_consent_service = "service"
        cases = [
            ("promotional", "marketing", False),
            ("promotional", "service", "no_consent"),
            ("service", "service", False),
            ("service", "marketing", "no_consent"),
            ("transactional", "collection", False),
        ]
        for message_class, purpose, expected in cases:
            with self.subTest(message_class=message_class, purpose=purpose):
                consent = self.consent_of(NUMBER, purpose=purpose)
                self.assertEqual(self.reason(message_class), expected)
                consent.unlink()

    def test_what_holds_and_what_does_not(self):
        now = fields.Datetime.now()
        day = timedelta(days=1)
        partner = self.partner
        other = self.env["res.partner"].create({"name": "Bia"})
        company = self.env["res.company"].create({"name": "Elsewhere"})
        cases = [
            ("the number's", {"phone": NUMBER}, {}, True),
            ("any basis", {"phone": NUMBER, "basis": "contract"}, {}, True),
            ("another number's", {"phone": PARTNERS_NUMBER}, {}, False),
            ("from tomorrow", {"phone": NUMBER, "date_from": now + day}, {}, False),
            (
                "until yesterday",
                {"phone": NUMBER, "date_until": now - day},
                {},
                False,
            ),
            ("until tomorrow", {"phone": NUMBER, "date_until": now + day}, {}, True),
            (
                "the contact's, any number",
                {"phone": False, "partner_id": partner.id},
                {"partner_id": partner.id},
                True,
            ),
            (
                "the contact's, another number",
                {"phone": PARTNERS_NUMBER, "partner_id": partner.id},
                {"partner_id": partner.id},
                False,
            ),
            (
                "another contact's",
                {"phone": False, "partner_id": other.id},
                {"partner_id": partner.id},
                False,
            ),
            (
                "another company's",
                {"phone": NUMBER, "company_id": company.id},
                {},
                False,
            ),
        ]
        for name, values, contact, holds in cases:
            with self.subTest(name):
                consent = self.consent_of(**{"number": NUMBER, **self.named(values)})
                expected = False if holds else "no_consent"
                self.assertEqual(self.reason(**contact), expected)
                consent.unlink()

    def named(self, values):
        values = dict(values)
        return {**values, "number": values.pop("phone", NUMBER)} | values

    def test_two_contacts_of_one_number_have_each_their_own(self):
        self.consent_of(False, partner_id=self.partner.id)
        other = self.env["res.partner"].create({"name": "Bia"})
        self.campaign.recipients.clear()
        self.campaign.add(NUMBER, partner_id=other.id)
        self.campaign.add(NUMBER, partner_id=self.partner.id)
        run = self.planned_run(0, message_class="promotional")
        reasons = self.messages(run).mapped("failure_type")
        self.assertEqual(reasons, ["no_consent", False])

    def test_the_decision_tells_what_became_of_the_last_one(self):
        now = fields.Datetime.now().replace(microsecond=0)
        day = timedelta(days=1)
        cases = [
            ([], "consent_none", None),
            ([{"date_until": now - day}], "consent_expired", now - day),
            (
                [{"date_until": now - day}, {"date_until": now - 2 * day}],
                "consent_expired",
                now - day,
            ),
            ([{"purpose": "collection"}], "consent_none", None),
        ]
        for records, source, since in cases:
            with self.subTest(records=records):
                consents = [self.consent_of(NUMBER, **values) for values in records]
                message = self.planned_message()
                self.assertEqual(message.suppression_source, source)
                self.assertEqual(message.suppression_name, "marketing")
                if since:
                    self.assertEqual(message.suppression_date, since)
                for consent in consents:
                    consent.unlink()

    def test_a_consent_revoked_after_the_plan_stops_the_message(self):
        consent = self.consent_of(NUMBER)
        self.campaign.recipients.clear()
        self.add_contacts(2)
        self.consent_of("+5511900000001")
        batch = self.queued_batch(0, message_class="promotional")
        consent._revoke("by telephone")
        self.run_batch(batch)
        stopped, sent = self.messages(batch)
        self.assertEqual((stopped.failure_type, sent.state), ("no_consent", "sent"))
        self.assertEqual(stopped.suppression_source, "consent_revoked")

    def test_an_answer_by_hand_needs_none(self):
        self.company.sms_consent_service = "service"
        message = self.new_message(partner_id=False, phone=NUMBER)
        message.action_send()
        self.run_jobs("_send_batch")
        self.assertEqual(message.state, "sent")


class TestConsentByReply(SuppressionCase):
    """An opt-out ends the consents for marketing, with the reply as evidence."""

    def setUp(self):
        super().setUp()
        self.day = LONG_AGO + timedelta(days=30)

    def test_an_opt_out_revokes_marketing_and_nothing_else(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        marketing = self.consent_of(NUMBER, basis="legitimate_interest")
        kept = [
            self.consent_of(NUMBER, purpose="collection"),
            self.consent_of(PARTNERS_NUMBER),
            self.consent_of(NUMBER, company_id=company.id),
            # Given after the customer has opted out, though told before.
            self.consent_of(NUMBER, date_from=self.day + timedelta(days=1)),
        ]
        reply = self.reply("SAIR", phone=NUMBER, occurred_at=self.day)
        for consent in self.consent | marketing:
            self.assertEqual(consent.state, "revoked")
            self.assertEqual(consent.revoked_date, self.day)
            self.assertEqual(consent.revoked_message_id, reply)
            self.assertIn("SAIR", consent.revoked_reason)
        self.assertFalse([c for c in kept if c.revoked_date])

    def test_the_contact_s_consent_for_any_number_ends_too(self):
        consent = self.consent_of(False, partner_id=self.partner.id)
        self.reply("SAIR", occurred_at=self.day)
        self.assertEqual(consent.state, "revoked")

    def test_the_first_opt_out_stays_the_evidence(self):
        first = self.reply("SAIR", phone=NUMBER, occurred_at=self.day)
        self.reply("PARE", phone=NUMBER, occurred_at=self.day + timedelta(days=1))
        self.assertEqual(self.consent.revoked_message_id, first)

    def test_what_was_no_opt_out_has_revoked_nothing(self):
        by_hand = self.consent_of(NUMBER)
        by_hand._revoke("by telephone")
        reply = self.reply("SAIR", phone=NUMBER, occurred_at=self.day)
        reply.reply_class_choice = "other"
        self.assertEqual(self.consent.state, "valid")
        self.assertEqual(by_hand.state, "revoked")

    def test_who_asks_for_sms_again_gives_a_consent_in_his_own_words(self):
        self.reply("SAIR", phone=NUMBER, occurred_at=self.day)
        later = self.day + timedelta(days=1)
        reply = self.reply("VOLTAR", phone=NUMBER, occurred_at=later)
        given = self.env["sms.consent"].search([("message_id", "=", reply.id)])
        self.assertRecordValues(
            given,
            [
                {
                    "phone": NUMBER,
                    "purpose": "marketing",
                    "basis": "consent",
                    "evidence": "VOLTAR",
                    "date_from": later,
                    "state": "valid",
                }
            ],
        )
        self.assertEqual(self.consent.state, "revoked")
        self.assertEqual(self.planned_message().state, "draft")


class TestConsentRecords(SuppressionCase):
    """People record consents and revoke them; nobody changes what was recorded."""

    def record(self, user=None, **values):
        defaults = {"partner_id": self.partner.id, "source": "Form"}
        consents = self.env["sms.consent"].with_user(user or self.salesperson)
        return consents.create({**defaults, **values})

    def test_the_contact_s_number_is_proposed_and_numbers_are_normalised(self):
        form = Form(self.env["sms.consent"].with_user(self.salesperson))
        form.partner_id = self.partner
        self.assertEqual(form.phone, PARTNERS_NUMBER)
        form.source = "Call"
        consent = form.save()
        self.assertEqual(consent.user_id, self.salesperson)
        other = self.record(phone="(21) 98765-4321")
        self.assertEqual(other.phone, "+5521987654321")
        with self.assertRaisesRegex(ValidationError, "no phone number"):
            self.record(phone="12")

    def test_a_contact_or_a_number_is_needed_and_dates_in_order(self):
        now = fields.Datetime.now()
        wrong = [
            {"partner_id": False, "phone": False},
            {"date_from": now, "date_until": now - timedelta(days=1)},
        ]
        for values in wrong:
            with (
                self.subTest(values),
                mute_logger("odoo.sql_db"),
                self.assertRaises(CheckViolation),
                self.env.cr.savepoint(),
            ):
                self.record(**values)

    def test_nobody_changes_it(self):
        consent = self.record()
        admin = self.new_user("admin", "sms_base_sr.group_sms_admin")
        for user in (self.salesperson, self.manager, admin):
            for values in ({"source": "x"}, {"revoked_date": False}):
                with self.subTest(user=user.login), self.assertRaises(AccessError):
                    consent.with_user(user).write(values)
        engine = {"revoked_date": LONG_AGO, "user_id": self.manager.id}
        for name, value in engine.items():
            with self.subTest(name), self.assertRaises(UserError):
                self.record(**{name: value})
        named = {"default_user_id": self.manager.id}
        consents = self.env["sms.consent"].with_user(self.salesperson)
        consent = consents.with_context(**named).create(
            {"phone": NUMBER, "source": "Form"}
        )
        self.assertEqual(consent.user_id, self.salesperson)

    def test_whoever_sees_it_may_revoke_it_with_a_reason(self):
        consent = self.record()
        action = consent.action_revoke()
        dialog = Form(
            self.env[action["res_model"]]
            .with_user(self.salesperson)
            .with_context(**action["context"])
        )
        dialog.reason = "Asked on the telephone"
        dialog.save().action_revoke()
        self.assertEqual(consent.state, "revoked")
        self.assertEqual(consent.revoked_by_id, self.salesperson)
        self.assertEqual(consent.revoked_reason, "Asked on the telephone")
        first = consent.revoked_date
        consent._revoke("again")
        self.assertEqual(consent.revoked_date, first)
        self.assertEqual(consent.revoked_reason, "Asked on the telephone")

    def test_salespeople_see_and_revoke_those_of_their_contacts_only(self):
        stranger = self.env["res.partner"].create({"name": "Bia"})
        other = self.record(self.manager, partner_id=stranger.id, phone=NUMBER)
        with self.assertRaises(AccessError):
            other.with_user(self.salesperson)._revoke("x")
        mine = self.record(self.manager)
        mine.with_user(self.salesperson)._revoke("x")
        self.assertTrue(mine.revoked_date)

    def test_states(self):
        now = fields.Datetime.now()
        day = timedelta(days=1)
        cases = [
            ({}, "valid"),
            ({"date_from": now + day}, "future"),
            ({"date_from": now - 2 * day, "date_until": now - day}, "expired"),
        ]
        for values, state in cases:
            self.assertEqual(self.record(**values).state, state)

    def test_the_contact_has_a_button_with_their_number(self):
        self.record()
        self.record(purpose="service")
        partner = self.partner.with_user(self.salesperson)
        self.assertEqual(partner.sms_consent_count, 2)
        action = partner.action_view_sms_consents()
        found = self.env["sms.consent"].search(action["domain"])
        self.assertEqual(len(found), 2)
        self.assertEqual(action["context"], {"default_partner_id": partner.id})
        employee = self.new_user("plain", "base.group_user")
        self.assertEqual(self.partner.with_user(employee).sms_consent_count, 0)
