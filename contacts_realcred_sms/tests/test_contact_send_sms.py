from odoo import Command
from odoo.exceptions import AccessError, UserError

from .common import CampaignCase


class TestContactSendSms(CampaignCase):
    """``send_sms()``: the campaign's text to one contact, now."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # A salesperson who works with the app's contacts.
        group = cls.env.ref("contacts_realcred.contacts_realcred_user")
        cls.salesperson.group_ids = [Command.link(group.id)]

    def test_one_contact_gets_the_text_of_the_campaign(self):
        contact = self.new_contact(name="Bia", cpf_id=self.partner.id)
        self.new_contact(2)
        message = contact.with_user(self.salesperson).send_sms()
        self.assertRecordValues(
            message,
            [
                {
                    "state": "outgoing",
                    "body": "Olá Bia",
                    "phone": "+5511900010000",
                    "partner_id": self.partner.id,
                    "user_id": self.salesperson.id,
                    "campaign_id": self.campaign.id,
                    "source_id": contact.id,
                    "message_class": "service",
                    "run_id": False,
                }
            ],
        )
        job = self.pending_jobs("_send_batch")
        self.assertEqual(job.channel, "root.sms.now")
        self.run_jobs()
        self.assertEqual(message.state, "sent")
        self.assertEqual(self.gateway.phones, ["+5511900010000"])

    def test_it_is_the_text_that_the_campaign_renders(self):
        self.campaign.message = "|NOME|, R$ |VI_RM| {{ user.phone }}"
        contact = self.new_contact(vi_rmi=1234.5)
        message = contact.send_sms()
        self.assertEqual(message.body, self.campaign._render_message(contact))
        self.assertIn("1.234,50", message.body)

    def test_the_campaign_says_class_provider_and_company(self):
        other = self.provider.copy({"name": "Other", "sequence": 99})
        self.campaign.write(
            {"sms_provider_id": other.id, "sms_message_class": "transactional"}
        )
        message = self.new_contact().send_sms()
        self.assertEqual(message.provider_id, other)
        self.assertEqual(message.batch_id.provider_id, other)
        self.assertEqual(message.message_class, "transactional")
        self.assertEqual(message.company_id, self.company)

    def test_several_contacts_get_one_each(self):
        contacts = self.new_contacts(3)
        messages = contacts.send_sms()
        self.run_jobs()
        self.assertEqual(messages.mapped("source_id"), contacts.ids)
        self.assertEqual(sorted(self.gateway.phones), contacts.mapped("sms_phone"))

    def test_it_is_no_part_of_the_sending_of_the_campaign(self):
        contact = self.new_contact()
        contact.send_sms()
        self.run_jobs()
        self.assertEqual(self.campaign.state_sms, "draft")
        self.send_campaign()
        self.assertEqual(len(self.gateway.phones), 2)

    def test_the_reply_belongs_to_the_campaign(self):
        message = self.new_contact(cpf_id=self.partner.id).send_sms()
        self.run_jobs()
        reply = self.reply("Sim", message)
        self.assertEqual(reply.campaign_id, self.campaign)
        self.assertEqual(reply.partner_id, self.partner)

    def test_whoever_must_not_be_texted_is_refused_with_the_reason(self):
        self.env["phone.blacklist"]._add(["+5511900010000"])
        cases = [
            ({"falecido": True}, "deceased"),
            ({"updated_limit": False}, "updated limit"),
            ({"telefone1": False}, "phone number"),
            ({"telefone1": "12"}, "no phone number"),
            ({"telefone1": "(11) 3333-4444"}, "not a mobile"),
            ({}, "blacklisted"),
            ({"campaing_id": False}, "choose the campaign"),
        ]
        for values, words in cases:
            contact = self.new_contact(**values)
            with self.subTest(values=values), self.assertRaisesRegex(UserError, words):
                contact.send_sms()
        self.assertFalse(self.pending_jobs("_send_batch"))

    def test_a_text_that_cannot_be_filled_is_explained_in_a_sentence(self):
        cases = [("{{ vi_rmi }}", "vi_rmi"), ("{{ saldo }}", "saldo"), (False, "text")]
        for text, word in cases:
            campaign = self.new_campaign(message=text)
            contact = self.new_contact(campaing_id=campaign.id, vi_rmi=0)
            with self.subTest(text=text), self.assertRaisesRegex(UserError, word):
                contact.send_sms()

    def test_one_bad_contact_of_several_stops_all_before_any_is_sent(self):
        contacts = self.new_contact(1) | self.new_contact(2, falecido=True)
        with self.assertRaises(UserError):
            contacts.send_sms()
        self.assertFalse(self.pending_jobs("_send_batch"))

    def test_people_outside_of_sms_may_not(self):
        contact = self.new_contact()
        stranger = self.new_user("stranger", "contacts_realcred.contacts_realcred_user")
        with self.assertRaises(AccessError):
            contact.with_user(stranger).send_sms()
