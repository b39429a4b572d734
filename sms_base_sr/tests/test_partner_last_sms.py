from datetime import timedelta

from odoo import fields
from odoo.tests import Form

from .common import SmsCase


class TestPartnerLastSms(SmsCase):
    """A contact's form and list show the last SMS and count all, in two queries."""

    def test_the_last_sms_its_text_and_state(self):
        now = fields.Datetime.now()
        self.accepted_message(sent_date=now - timedelta(days=2), body="old")
        self.accepted_message(
            sent_date=now, body="Olá,\ntudo bem? " + "x" * 80, state="delivered"
        )
        self.assertEqual(self.partner.last_sms_state, "delivered")
        self.assertEqual(len(self.partner.last_sms_text), 60)
        self.assertTrue(self.partner.last_sms_text.startswith("Olá, tudo bem?"))

    def test_a_contact_without_sms_has_none(self):
        self.assertFalse(self.partner.last_sms_text)
        self.assertFalse(self.partner.last_sms_state)

    def test_who_sees_no_sms_sees_no_last_one(self):
        self.accepted_message(body="secret")
        employee = self.new_user("employee", "base.group_user")
        partner = self.partner.with_user(employee)
        self.assertFalse(partner.last_sms_text)
        self.assertEqual(partner.sms_count, 0)

    def test_a_salesperson_sees_only_own_ones(self):
        """The same rows as in the list of messages."""
        own = self.accepted_message(body="own", user_id=self.salesperson.id)
        other = self.accepted_message(
            body="other",
            user_id=self.manager.id,
            sent_date=fields.Datetime.now(),
        )
        messages = self.env["sms.message"].with_user(self.salesperson)
        seen = messages.search([("id", "in", (own | other).ids)])
        last = seen.sorted("sent_date")[-1:]
        partner = self.partner.with_user(self.salesperson)
        self.assertEqual(partner.last_sms_text, last.body or False)

    def test_eighty_contacts_of_a_list_cost_one_query_each_way(self):
        partners = self.env["res.partner"].create(
            [{"name": f"P{n}", "phone": f"+55119{70000000 + n}"} for n in range(80)]
        )
        for partner in partners[:3]:
            self.accepted_message(partner_id=partner.id)
        self.env.flush_all()
        self.env["sms.message"].has_access("read")
        for name in ("sms_count", "last_sms_text"):
            partners.invalidate_recordset()
            with self.subTest(name), self.assertQueryCount(1):
                partners.mapped(name)

    def test_the_form_writes_to_the_contact(self):
        action = self.partner.action_sms_compose()
        composer = self.env["sms.composer"].with_context(**action["context"])
        with Form(composer) as form:
            form.body = "Ola"
            self.assertEqual(form.recipient_single_number_itf, "+5511912345678")
