from .common import CampaignCase


class TestPrivacy(CampaignCase):
    """Contacts of campaigns, who are mostly no partners, are found by number."""

    def setUp(self):
        super().setUp()
        self.contact = self.new_contact(1, name="Zulmira Inconfundível")
        self.other = self.new_contact(2)
        self.send_campaign()

    def find(self):
        partners = self.env["res.partner"]
        number = self.contact.sms_phone
        return self.env["sms.person"]._find(self.company, [number], partners)

    def test_the_report_holds_the_line_of_the_list(self):
        data = dict(
            (place.model, rows)
            for place, rows in self.env["sms.person"]._rows_of(self.find())
        )
        self.assertEqual(
            [row["name"] for row in data["contacts.realcred.batch"]],
            ["Zulmira Inconfundível"],
        )

    def test_erasing_blanks_it_and_nobody_else(self):
        number, text = self.contact.sms_phone, self.message_of(self.contact).body
        self.assertIn("Zulmira", text)
        before = self.other.read(["name", "cpf", "telefone1"])
        figures = self.campaign.sms_sent, self.campaign.sms_total_cost
        self.env["sms.erasure"]._begin(self.find(), "", False)
        self.env.invalidate_all()
        self.refresh_figures()
        self.assertFalse(self.contact.cpf or self.contact.telefone1)
        self.assertNotIn("Zulmira", self.contact.name)
        self.assertEqual(self.other.read(["name", "cpf", "telefone1"]), before)
        self.assertEqual(
            (self.campaign.sms_sent, self.campaign.sms_total_cost), figures
        )
        self.env.cr.execute(
            "SELECT 1 FROM sms_message t WHERE t::text LIKE ANY(%s)",
            [[f"%{number}%", "%Zulmira%"]],
        )
        self.assertFalse(self.env.cr.fetchall())
