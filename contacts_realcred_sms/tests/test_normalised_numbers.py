from odoo.addons.contacts_realcred_sms.hooks import post_init_hook

from .common import CampaignCase

MOBILE = "+5511912345678"


class TestNormalisedNumbers(CampaignCase):
    """Numbers are normalised when they are written, so that planning only reads."""

    def stored(self, contact):
        """Both numbers as the database has them."""
        contact.flush_recordset()
        self.env.cr.execute(
            "SELECT sms_phone, sms_whatsapp FROM contacts_realcred_batch WHERE id = %s",
            [contact.id],
        )
        return self.env.cr.fetchone()

    def test_the_forms_in_which_people_write_a_number(self):
        cases = [
            ("(11) 91234-5678", MOBILE),
            ("11912345678", MOBILE),
            ("5511912345678", MOBILE),
            ("+55 11 91234 5678", MOBILE),
            ("011912345678", MOBILE),
            ("(11) 3333-4444", "+551133334444"),
            ("12", None),
            ("não tem", None),
            ("", None),
            (False, None),
        ]
        for raw, expected in cases:
            contact = self.new_contact(telefone1=raw, whatsapp1=raw)
            with self.subTest(raw=raw):
                self.assertEqual(self.stored(contact), (expected, expected))

    def test_editing_a_number_normalises_it_again(self):
        contact = self.new_contact(telefone1="12", whatsapp1=False)
        self.assertEqual(self.stored(contact), (None, None))
        contact.with_user(self.manager).telefone1 = "(11) 91234-5678"
        self.assertEqual(self.stored(contact), (MOBILE, None))
        contact.with_user(self.manager).whatsapp1 = "(21) 98888-7777"
        self.assertEqual(self.stored(contact), (MOBILE, "+5521988887777"))
        contact.telefone1 = False
        self.assertEqual(self.stored(contact), (None, "+5521988887777"))

    def test_an_import_normalises_what_it_brings(self):
        result = (
            self.env["contacts.realcred.batch"]
            .with_user(self.manager)
            .load(
                ["name", "telefone1", "whatsapp1", "updated_limit", "campaing_id/.id"],
                [
                    ["Ana", "11 91234-5678", "", "1", str(self.campaign.id)],
                    ["Bia", "errado", "21988887777", "1", str(self.campaign.id)],
                ],
            )
        )
        self.assertEqual(result["messages"], [])
        ana, bia = self.env["contacts.realcred.batch"].browse(result["ids"])
        self.assertEqual(self.stored(ana), (MOBILE, None))
        self.assertEqual(self.stored(bia), (None, "+5521988887777"))

    def test_the_country_is_that_of_the_company_of_the_campaign(self):
        portugal = self.env["res.company"].create(
            {"name": "Lisboa", "country_id": self.env.ref("base.pt").id}
        )
        campaign = self.new_campaign(company_id=portugal.id)
        contact = self.new_contact(telefone1="912 345 678", campaing_id=campaign.id)
        self.assertEqual(self.stored(contact)[0], "+351912345678")

    def test_planning_reads_the_stored_number(self):
        contact = self.new_contact()
        contact.flush_recordset()
        self.env.cr.execute(
            "UPDATE contacts_realcred_batch SET sms_phone = %s WHERE id = %s",
            [MOBILE, contact.id],
        )
        self.env.invalidate_all()
        self.plan_campaign()
        self.assertEqual(self.message_of(contact).phone, MOBILE)

    def test_both_numbers_have_an_index_for_the_replies(self):
        self.env.cr.execute(
            "SELECT indexdef FROM pg_indexes WHERE tablename = %s",
            ["contacts_realcred_batch"],
        )
        definitions = " ".join(row[0] for row in self.env.cr.fetchall())
        self.assertIn("(sms_phone) WHERE (sms_phone IS NOT NULL)", definitions)
        self.assertIn("(sms_whatsapp) WHERE (sms_whatsapp IS NOT NULL)", definitions)

    def test_contacts_from_before_the_installation_are_normalised(self):
        contacts = self.new_contacts(3)
        contacts[1].telefone1 = "errado"
        contacts.flush_recordset()
        self.env.cr.execute(
            "UPDATE contacts_realcred_batch SET sms_phone = NULL WHERE id = ANY(%s)",
            [contacts.ids],
        )
        self.env.invalidate_all()
        post_init_hook(self.env)
        self.assertEqual(
            [self.stored(contact)[0] for contact in contacts],
            ["+5511900010000", None, "+5511900030000"],
        )
