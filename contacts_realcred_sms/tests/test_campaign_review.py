from odoo.exceptions import UserError
from odoo.tests import Form

from .common import CampaignCase


class TestCampaignReview(CampaignCase):
    """The company's campaigns before sending: audience, price, accents, tests."""

    def plan(self, verb="action_sms_plan"):
        getattr(self.campaign.with_user(self.manager), verb)()
        self.run_jobs("process_sms_campaign")
        self.env.invalidate_all()
        return self.review()

    def review(self):
        self.env.invalidate_all()
        return self.campaign.with_user(self.manager).sms_read_review()

    def test_the_review_says_whom_and_how_much(self):
        self.new_contacts(3)[2].falecido = True
        review = self.plan()
        self.assertEqual((review["recipients"], review["planned"]), (3, 2))
        self.assertEqual(review["cost"], 0.2)
        self.assertEqual(review["excluded"][0]["reason"], "deceased")
        names = {sample["name"] for sample in review["samples"]}
        self.assertEqual(names, {"Cliente 1", "Cliente 2"})
        self.assertEqual(review["stale"], "")

    def test_every_change_of_the_audience_makes_the_plan_stale(self):
        first, second, third = self.new_contacts(3)
        other = self.new_campaign()
        changes = {
            "edited": lambda: first.write({"name": "Outra"}),
            "added": lambda: self.new_contact(4),
            "deleted": lambda: second.unlink(),
            "moved": lambda: third.write({"campaing_id": other.id}),
        }
        self.plan()
        for name, change in changes.items():
            self.make_older()
            self.plan("action_sms_plan_again")
            with self.subTest(change=name):
                self.assertEqual(self.review()["stale"], "")
                change()
                self.assertIn("contacts", self.review()["stale"])
                with self.assertRaisesRegex(UserError, "contacts"):
                    self.campaign.with_user(self.manager).action_sms_release()

    def make_older(self):
        """All in one transaction has one date: let what was be of an hour ago."""
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE contacts_realcred_batch"
            " SET write_date = write_date - interval '1 hour'"
        )
        self.env.invalidate_all()

    def test_the_contacts_of_another_campaign_do_not_matter(self):
        self.new_contacts(2)
        self.plan()
        self.new_contact(3, campaing_id=self.new_campaign().id)
        self.assertEqual(self.review()["stale"], "")

    def test_its_own_text_counts_like_a_template(self):
        self.new_contacts(2)
        self.plan()
        self.campaign.message = "Oi |NOME|"
        self.assertIn("text", self.review()["stale"])
        self.assertEqual(self.plan("action_sms_plan_again")["stale"], "")
        self.campaign.with_user(self.manager).action_sms_release()
        self.run_jobs()
        self.assertEqual(self.gateway.calls[0].messages[0].text, "Oi Cliente 1")

    def test_planning_again_keeps_the_apps_own_state(self):
        self.new_contacts(2)
        self.plan()
        self.assertEqual(self.campaign.state_sms, "process")
        self.plan("action_sms_plan_again")
        self.assertEqual(self.campaign.state_sms, "process")
        self.assertEqual(self.campaign.sms_job_state, "done")

    def test_one_contact_alone_gets_the_same_text_as_in_the_campaign(self):
        self.company.sms_suffix = "Para sair, responda SAIR."
        self.campaign.write(
            {
                "message": "Olá |NOME|, você " + "x" * 70,
                "sms_message_class": "promotional",
                "sms_drop_accents": True,
            }
        )
        contact = self.new_contact()
        self.plan()
        planned = self.messages().body
        self.assertEqual(planned, self.campaign._render_message(contact))
        self.assertIn("voce", planned)
        self.assertTrue(planned.endswith("Para sair, responda SAIR."))

    def test_the_test_dialog_opens_as_a_form_and_sends(self):
        self.new_contacts(2)
        campaign = self.campaign.with_user(self.manager)
        context = campaign.action_sms_test()["context"]
        dialogs = self.env["sms.test.send"].with_user(self.manager)
        with Form(dialogs.with_context(**context)) as form:
            self.assertEqual(form.body, "Olá Cliente 1")
            form.phone = "(11) 98888-7777"
        form.record.action_send()
        self.run_jobs()
        self.assertEqual(self.gateway.phones, ["+5511988887777"])
        test = self.env["sms.message"].search([("is_test", "=", True)])
        self.assertFalse(test.campaign_id)
        self.assertFalse(self.campaign.sms_run_id)
        self.assertEqual(self.campaign.state_sms, "draft")
