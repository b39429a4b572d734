from odoo.exceptions import AccessError, UserError

from .campaign_model import NAME, add_campaign_model
from .common import SmsCase


class TestTestSend(SmsCase):
    """A test goes to one's own number, once, and leaves no trace on the campaign."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        add_campaign_model(cls)
        cls.template = cls.env["sms.template"].create(
            {"name": "Test", "message_template": "Olá {{ name }}"}
        )
        cls.partners = cls.env["res.partner"].create(
            [
                {"name": f"P{n}", "phone": f"(11) 9{n:08d}", "ref": "campaign"}
                for n in range(3)
            ]
        )
        cls.campaign = cls.env[NAME].create(
            {"name": "Natal", "sms_template_id": cls.template.id}
        )

    def dialog(self, user=None, **values):
        """Open the dialog as the campaign manager does, by its button."""
        campaign = self.campaign.with_user(user or self.manager)
        context = campaign.action_sms_test()["context"]
        wizard = self.env["sms.test.send"].with_user(user or self.manager)
        return wizard.with_context(**context).create(values)

    def test_it_leaves_once_with_the_text_of_a_contact(self):
        """Pain 3: nothing is left queued that leaves a second time."""
        dialog = self.dialog(phone="(11) 98888-7777")
        self.assertEqual((dialog.contact_name, dialog.body), ("P0", "Olá P0"))
        dialog.action_send()
        self.run_jobs()
        self.env["sms.batch"]._sweep()
        self.run_jobs()
        [call] = self.gateway.calls
        [sent] = call.messages
        self.assertEqual((sent.phone, sent.text), ("+5511988887777", "Olá P0"))
        message = self.env["sms.message"].search([("is_test", "=", True)])
        self.assertEqual((message.state, message.batch_id.state), ("sent", "sent"))
        waiting = [("state", "in", ("draft", "outgoing"))]
        self.assertFalse(self.env["sms.message"].search(waiting))
        self.assertFalse(self.env["sms.batch"].search([("state", "!=", "sent")]))

    def test_it_counts_in_no_campaign_and_in_nobodys_chatter(self):
        before = self.env["mail.message"].search_count([])
        self.campaign.with_user(self.manager).action_sms_plan()
        self.run_jobs("_plan")
        figures = self.campaign.sms_summary
        self.dialog(phone="(11) 98888-7777").action_send()
        self.run_jobs()
        self.env.invalidate_all()
        self.assertEqual(self.campaign.sms_summary, figures)
        message = self.env["sms.message"].search([("is_test", "=", True)])
        self.assertFalse(message.run_id or message.partner_id or message.source_id)
        notes = [("message_type", "=", "sms")]
        self.assertFalse(self.env["mail.message"].search(notes))
        self.assertEqual(self.env["mail.message"].search_count([]), before)
        # The contact whose text it was is still to get the campaign's own SMS.
        self.assertEqual(self.campaign.sms_planned, 3)

    def test_the_number_is_remembered_for_each_user(self):
        self.dialog(phone="(11) 98888-7777").action_send()
        self.assertEqual(self.dialog().phone, "+5511988887777")
        other = self.new_user("other", "sms_base_sr.group_sms_campaign")
        self.assertFalse(self.dialog(other).phone)
        other.partner_id.phone = "(21) 97777-6666"
        self.assertEqual(self.dialog(other).phone, "(21) 97777-6666")

    def test_without_a_usable_number_it_is_refused_with_the_remedy(self):
        self.env["phone.blacklist"].create({"number": "+5511900000009"})
        cases = [
            (False, "Your number"),
            ("  ", "Your number"),
            ("12", "area code"),
            ("(11) 3333-4444", "not a mobile"),
            ("(11) 90000-0009", "blacklisted"),
        ]
        for phone, words in cases:
            with self.subTest(phone=phone), self.assertRaisesRegex(UserError, words):
                self.dialog(phone=phone).action_send()
        self.assertFalse(self.pending_jobs("_send_batch"))

    def test_another_contact_and_the_first_again_after_the_last(self):
        dialog = self.dialog(phone="(11) 98888-7777")
        seen = []
        for _press in range(4):
            seen.append(dialog.body)
            dialog.action_other_contact()
        self.assertEqual(seen, ["Olá P0", "Olá P1", "Olá P2", "Olá P0"])

    def test_contacts_that_cannot_be_texted_are_passed_over(self):
        self.partners[0].phone = False
        self.partners[1].phone = "(11) 3333-4444"
        self.assertEqual(self.dialog().body, "Olá P2")
        self.partners[2].phone = False
        with self.assertRaisesRegex(UserError, "can be texted"):
            self.dialog().mapped("body")

    def test_what_is_wrong_with_the_text_is_said(self):
        cases = [
            ("Olá {{ nome }}", "nome"),
            (False, "choose the text"),
        ]
        for text, words in cases:
            self.template.message_template = text
            with self.subTest(text=text), self.assertRaisesRegex(UserError, words):
                self.dialog().mapped("body")

    def test_it_is_the_text_that_the_campaign_would_send(self):
        self.template.message_template = "Você, {{ name }} " + "x" * 70
        self.assertIn("Você", self.dialog().body)
        self.campaign.sms_drop_accents = True
        self.assertIn("Voce", self.dialog().body)

    def test_it_leaves_at_night_too(self):
        """Whoever tests a promotional text waits for it."""
        self.patch(type(self.campaign), "_sms_message_class", lambda _c: "promotional")
        self.dialog(phone="(11) 98888-7777").action_send()
        message = self.env["sms.message"].search([("is_test", "=", True)])
        self.assertEqual(message.batch_id.message_class, "service")

    def test_it_belongs_to_who_may_write_the_campaign(self):
        with self.assertRaises(AccessError):
            self.dialog(self.salesperson)
        wizard = self.env["sms.test.send"].with_user(self.manager)
        for model in ("res.partner", "no.such.model"):
            with self.subTest(model=model), self.assertRaises(UserError):
                wizard.create({"res_model": model, "res_id": 1}).action_send()

    def test_nobody_marks_an_sms_as_a_test_by_hand(self):
        message = self.new_message()
        with self.assertRaises(AccessError):
            message.with_user(self.manager).is_test = True
