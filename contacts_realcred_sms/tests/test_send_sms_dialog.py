from odoo import Command
from odoo.exceptions import UserError

from .common import CampaignCase


class TestSendSmsDialog(CampaignCase):
    """Odoo's dialog on a list of contacts keeps the rules of their campaigns."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        group = cls.env.ref("contacts_realcred.contacts_realcred_user")
        cls.manager.group_ids = [Command.link(group.id)]
        cls.company.sms_native_provider_id = cls.provider
        cls.template = cls.env["sms.template"].create(
            {
                "name": "Margem",
                "applies_to": "contacts_realcred",
                "message_template": "Olá {{ name }}, R$ {{ vi_rmi }}",
            }
        )
        cls.good = cls.new_contact(cpf_id=cls.partner.id)
        cls.dead = cls.new_contact(2, falecido=True)
        cls.old = cls.new_contact(3, updated_limit=False)
        cls.all = cls.good | cls.dead | cls.old

    def values(self, records, **values):
        return {
            "composition_mode": "mass",
            "res_model": records._name,
            "res_ids": repr(records.ids),
            "template_id": self.template.id,
            "body": self.template.body,
            "mass_keep_log": False,
            **values,
        }

    def compose(self, values):
        return self.env["sms.composer"].with_user(self.manager).create(values)

    def test_the_dialog_is_offered(self):
        actions = self.env["ir.actions.actions"].with_user(self.manager)
        found = actions.get_bindings(self.all._name)["action"]
        views = {a["binding_view_types"] for a in found if a["name"] == "Send SMS"}
        self.assertEqual(views, {"form", "list,kanban"})

    def test_the_dead_and_limits_of_yesterday_are_left_out_and_said_so(self):
        composer = self.env["sms.composer"].with_user(self.manager)
        told = composer.sms_read_review(self.values(self.all))
        reasons = {line["reason"]: line["count"] for line in told["excluded"]}
        self.assertEqual(reasons, {"deceased": 1, "not_updated": 1})
        text = "Olá Cliente 1, R$ 1.001,00"
        self.assertEqual(told["preview"]["text"], text)

    def test_a_few_are_sent_without_them(self):
        before = self.env["sms.sms"].search([])
        self.compose(self.values(self.all)).action_send_sms()
        sent = self.env["sms.sms"].search([]) - before
        self.assertEqual(sent.mapped("number"), ["+5511900010000"])
        self.assertEqual(sent.partner_id, self.partner)

    def test_many_are_sent_without_them(self):
        self.company.sms_composer_limit = 2
        action = self.compose(self.values(self.all)).action_send_sms()
        self.run_jobs("_plan", "_enqueue_batches", "_send_batch")
        run = self.env["sms.run"].browse(action["res_id"])
        self.assertEqual(run.excluded_counts, {"deceased": 1, "not_updated": 1})
        self.assertEqual(self.gateway.phones, ["+5511900010000"])

    def test_one_of_them_gets_none_whoever_sends_the_companys_sms(self):
        values = {"composition_mode": "comment", "res_ids": False, "template_id": False}
        values |= {"res_id": self.dead.id, "body": "Ola"}
        for provider in (self.provider, False):
            self.company.sms_native_provider_id = provider
            with self.subTest(provider), self.assertRaisesRegex(UserError, "Deceased"):
                self.compose(self.values(self.dead, **values)).action_send_sms()
