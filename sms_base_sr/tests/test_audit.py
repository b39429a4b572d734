from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError

from .campaign_case import CampaignCase


class TestAudit(CampaignCase):
    """Who did what, and when; nobody writes or deletes it."""

    def setUp(self):
        super().setUp()
        self.admin = self.new_user("admin", "sms_base_sr.group_sms_admin")
        self.supervisor = self.new_user("boss", "sms_base_sr.group_sms_manager")
        # Made by the installation.
        self.env.cr.execute("DELETE FROM sms_audit")

    def lines(self, *actions):
        return self.env["sms.audit"].search(
            [("action", "in", actions)] if actions else [], order="id"
        )

    # -- sending -----------------------------------------------------------------------

    def test_every_press_of_a_campaigns_buttons_is_noted(self):
        self.add_contacts(3)
        run = self.new_run().with_user(self.manager).sudo()
        run.action_plan()
        self.run_jobs("_plan")
        run.action_release()
        run.action_pause()
        run.action_resume()
        run.action_cancel()
        lines = self.lines()
        self.assertEqual(
            lines.mapped("action"),
            ["plan", "planned", "release", "pause", "resume", "cancel"],
        )
        self.assertEqual(lines.user_id, self.manager)
        release = self.lines("release")
        self.assertEqual(release.count, 3)
        self.assertEqual(release.cost, run.planned_cost)
        self.assertEqual(len(release.text_digest), 64)
        self.assertEqual(release.login, self.manager.login)

    def test_send_now_is_a_release(self):
        self.add_contacts(1)
        self.new_run().with_user(self.manager).sudo().action_send()
        self.assertEqual(self.lines().mapped("action"), ["release"])
        self.run_jobs("_plan")
        planned = self.lines("planned")
        self.assertEqual((planned.count, planned.user_id), (1, self.manager))
        self.assertTrue(planned.cost)

    def test_another_text_has_another_digest(self):
        for text in ("Um", "Dois"):
            self.new_run(text=text).action_plan()
        self.assertEqual(len(set(self.lines("plan").mapped("text_digest"))), 2)

    def test_a_press_that_changes_nothing_is_not_noted(self):
        self.new_run().action_pause()
        self.assertFalse(self.lines())

    # -- changes -----------------------------------------------------------------------

    def test_a_template_is_noted_from_old_to_new(self):
        template = self.env["sms.template"].with_user(self.admin)
        template = template.create({"name": "T", "message_template": "Oi"})
        template.message_template = "Olá"
        template.name = "T"
        self.assertEqual(self.lines("create").res_id, template.id)
        line = self.lines("write").filtered(
            lambda line: line.field == "message_template"
        )
        self.assertEqual((line.old_value, line.new_value), ("Oi", "Olá"))
        self.assertFalse(
            self.lines("write").filtered(lambda line: line.field == "name")
        )
        template.unlink()
        self.assertEqual(self.lines("unlink").name, "T")

    def test_a_provider_is_noted_and_its_secrets_are_not(self):
        provider = self.provider.with_user(self.admin)
        secret = "a-shared-secret-of-at-least-32-bytes"
        provider.write({"price_per_segment": 0.5, "jwt_secret": secret})
        lines = self.lines("write")
        self.assertEqual(
            set(lines.mapped("field")), {"price_per_segment", "jwt_secret"}
        )
        hidden = lines.filtered(lambda line: line.field == "jwt_secret")
        self.assertEqual(hidden.new_value, "********")
        self.env.cr.execute("SELECT string_agg(t::text, '') FROM sms_audit t")
        self.assertNotIn(secret, self.env.cr.fetchone()[0])

    def test_settings_of_a_company_are_noted(self):
        company = self.company.with_user(self.admin).sudo()
        company.sms_keep_months = 12
        line = self.lines("write")
        self.assertEqual((line.field, line.new_value), ("sms_keep_months", "12"))
        self.assertEqual(line.company_id, self.company)

    def test_exported_messages_are_counted(self):
        message = self.new_message()
        self.manager.group_ids += self.env.ref("base.group_allow_export")
        message.with_user(self.manager).export_data(["phone", "body"])
        line = self.lines("export")
        self.assertEqual((line.count, line.name), (1, "phone, body"))

    # -- closed ------------------------------------------------------------------------

    def test_nobody_writes_or_deletes_it(self):
        self.env["sms.audit"]._note("export", count=1)
        line = self.lines()
        for user in (self.env.user, self.admin, self.supervisor):
            theirs = line.with_user(user)
            for verb, arguments in (
                ("write", [{"count": 2}]),
                ("unlink", []),
                ("create", [{"action": "erase", "date": fields.Datetime.now()}]),
            ):
                for records in (theirs, theirs.sudo()):
                    with self.subTest(user.login, verb=verb):
                        with self.assertRaises(AccessError):
                            getattr(records, verb)(*arguments)

    def test_administrators_alone_read_it(self):
        self.env["sms.audit"]._note("export", count=1)
        self.assertTrue(self.lines().with_user(self.admin).read(["action"]))
        with self.assertRaises(AccessError):
            self.lines().with_user(self.supervisor).read(["action"])

    def test_only_retention_deletes_it(self):
        self.env["sms.audit"]._note("export", count=1)
        long_ago = fields.Datetime.now() - timedelta(days=800)
        self.env.cr.execute("UPDATE sms_audit SET date = %s", [long_ago])
        self.env["sms.audit"]._gc_audit()
        self.assertTrue(self.lines())
        parameters = self.env["ir.config_parameter"].sudo()
        parameters.set_param("sms_base_sr.audit_months", "24")
        self.env["sms.audit"]._gc_audit()
        self.assertFalse(self.lines())
