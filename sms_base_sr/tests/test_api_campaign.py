from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError

from .common import SmsCase

DOMAIN = [["ref", "=", "api-test"]]


class TestApiCampaign(SmsCase):
    """Programs start campaigns to the contacts of a domain."""

    def setUp(self):
        super().setUp()
        self.api = self.env["sms.api"].with_user(self.manager)
        self.env["sms.template"].create(
            {
                "name": "Offer",
                "code": "offer",
                "message_template": "Olá {{ name }} de {{ partner.city }}, {{ rate }}%",
            }
        )
        contacts = [
            {"name": "Ana", "phone": "+5511912345601", "city": "Recife"},
            {"name": "Bia", "phone": "+5511912345602", "city": "Natal"},
            {"name": "Caio", "phone": "+5511912345602", "city": "Natal"},
            {"name": "Davi", "phone": False, "city": "Natal"},
        ]
        self.contacts = self.env["res.partner"].create(
            [{**contact, "ref": "api-test"} for contact in contacts]
        )

    def start(self, reference="may", **changes):
        usual = {"template": "offer", "domain": DOMAIN, "values": {"rate": 2}}
        return self.api.start_campaign(reference, **{**usual, **changes})

    def run_all(self):
        self.run_jobs("_plan", "_enqueue_batches", "_send_batch")
        while self.env["sms.batch.stat"]._recompute_page():
            pass

    def test_a_campaign_is_planned_and_sent_to_the_contacts_of_the_domain(self):
        answer = self.start()
        self.assertEqual((answer["state"], answer["repeated"]), ("planning", False))
        self.run_all()
        texts = {m.text for call in self.gateway.calls for m in call.messages}
        self.assertEqual(texts, {"Olá Ana de Recife, 2%", "Olá Bia de Natal, 2%"})
        (found,) = self.api.status(["may"])
        self.assertEqual(found["counts"]["sent"], 2)
        self.assertEqual(found["excluded"], {"duplicate": 1, "no_number": 1})

    def test_the_same_call_again_starts_nothing(self):
        first = self.start()
        again = self.start()
        self.assertEqual(again, {**first, "repeated": True})
        self.assertEqual(len(self.pending_jobs("_plan")), 1)
        with self.assertRaisesRegex(UserError, "^reference:"):
            self.start(values={"rate": 3})

    def test_a_large_campaign_waits_for_approval(self):
        self.company.sms_approval_count = 1
        self.start()
        self.run_all()
        self.assertFalse(self.gateway.calls)
        (found,) = self.api.status(["may"])
        self.assertEqual((found["state"], found["approval"]), ("ready", "wanted"))

    def test_a_scheduled_campaign_waits(self):
        start = fields.Datetime.now() + timedelta(days=2)
        answer = self.start(start=f"{start.isoformat(timespec='seconds')}Z")
        self.run_all()
        self.assertFalse(self.gateway.calls)
        run = self.env["sms.run"].browse(answer["run_id"])
        self.assertEqual(run.state, "scheduled")
        self.assertEqual(run.date_start, start.replace(microsecond=0))

    def test_the_domain_reaches_nobody_whom_the_caller_may_not_see(self):
        """Jobs are superusers: the audience is still the caller's."""
        self.env["ir.rule"].create(
            {
                "name": "Campaign managers see Recife only",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "groups": [
                    Command.link(self.env.ref("sms_base_sr.group_sms_campaign").id)
                ],
                "domain_force": "[('city', '=', 'Recife')]",
            }
        )
        self.start()
        self.run_all()
        self.assertEqual(self.gateway.phones, ["+5511912345601"])

    def test_a_campaign_whose_domain_was_erased_reaches_nobody(self):
        self.start()
        self.env["sms.api.campaign"].search([]).domain = False
        self.run_all()
        self.assertFalse(self.gateway.calls)

    def test_contacts_of_another_company_are_left_alone(self):
        other = self.env["res.company"].create({"name": "B"})
        self.contacts[0].company_id = other
        self.start()
        self.run_all()
        self.assertEqual(self.gateway.phones, ["+5511912345602"])

    def test_errors_name_the_argument_and_the_remedy(self):
        cases = [
            ({"template": "none"}, "^template: .*none"),
            ({"values": {}}, "^template: .*rate"),
            ({"domain": []}, "^domain: give"),
            ({"domain": [["no_such_field", "=", 1]]}, "^domain: .*no_such_field"),
            ({"domain": ["nonsense"]}, "^domain:"),
            ({"model": "res.users"}, "^model: give one of .*res.partner"),
            ({"start": "soon"}, "^start: give"),
            ({"latest": "2036-01-01T00:00:00Z"}, "^start: give"),
            ({"start": "2020-01-01T00:00:00Z"}, "to come"),
        ]
        for wrong, words in cases:
            with self.subTest(wrong), self.assertRaisesRegex(UserError, words):
                self.start(**wrong)
        self.assertFalse(self.env["sms.api.call"].search([]))
        self.assertFalse(self.env["sms.api.campaign"].search([]))

    def test_only_campaign_managers_start_campaigns(self):
        with self.assertRaisesRegex(AccessError, "Campaign manager"):
            self.env["sms.api"].with_user(self.salesperson).start_campaign(
                "may", "offer", DOMAIN
            )
