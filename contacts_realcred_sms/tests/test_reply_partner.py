from .common import CampaignCase


class TestReplyPartner(CampaignCase):
    """A contact becomes a partner when he writes, and never before."""

    def partners(self):
        """All partners that there are."""
        return self.env["res.partner"].with_context(active_test=False).search([])

    def test_sending_makes_no_partner(self):
        self.new_contacts(3)
        before = self.partners()
        self.send_campaign()
        self.report(self.messages()[0], "delivered")
        self.assertEqual(self.partners(), before)
        self.assertFalse(self.messages().partner_id)

    def test_the_first_reply_makes_the_partner(self):
        contact = self.new_contact(name="Bia Lima")
        self.send_campaign()
        before = self.partners()
        reply = self.reply("Quero", self.messages())
        partner = self.partners() - before
        self.assertRecordValues(
            partner,
            [
                {
                    "name": "Bia Lima",
                    "phone": "+5511900010000",
                    "phone_sanitized": "+5511900010000",
                    "company_id": self.company.id,
                    "user_id": self.salesperson.id,
                }
            ],
        )
        self.assertEqual(contact.cpf_id, partner)
        self.assertRecordValues(
            reply,
            [
                {
                    "partner_id": partner.id,
                    "campaign_id": self.campaign.id,
                    "run_id": self.campaign.sms_run_id.id,
                    "parent_id": self.messages().id,
                    "source_id": contact.id,
                    "reply_class": "interested",
                }
            ],
        )
        self.assertIn("Quero", partner.message_ids[0].body)
        self.assertEqual(partner.activity_ids.user_id, self.salesperson)

    def test_the_second_reply_finds_the_partner(self):
        self.new_contact()
        self.send_campaign()
        first = self.reply("Quero", self.messages())
        before = self.partners()
        second = self.reply("Alô?", self.messages())
        self.assertEqual(self.partners(), before)
        self.assertEqual(second.partner_id, first.partner_id)

    def test_two_replies_of_one_page_make_one_partner(self):
        contact = self.new_contact()
        self.send_campaign()
        before = self.partners()
        events = self.env["sms.event"]
        message = self.messages()
        items = [self.reply_item("Quero", message), self.reply_item("Quando?", message)]
        events._store_items(self.provider, items, "webhook")
        self.run_jobs("_apply_replies")
        self.assertEqual(self.partners() - before, contact.cpf_id)
        replies = self.env["sms.message"].search([("parent_id", "=", message.id)])
        self.assertEqual(len(replies), 2)
        self.assertEqual(replies.partner_id, contact.cpf_id)

    def test_the_partner_of_the_contact_is_the_one_who_replied(self):
        self.new_contact(cpf_id=self.partner.id)
        self.send_campaign()
        before = self.partners()
        reply = self.reply("Quero", self.messages())
        self.assertEqual(reply.partner_id, self.partner)
        self.assertEqual(self.partners(), before)

    def test_a_partner_with_the_number_is_taken_before_one_is_made(self):
        known = self.env["res.partner"].create(
            {"name": "Old friend", "phone": "(11) 90001-0000"}
        )
        contact = self.new_contact()
        self.send_campaign()
        reply = self.reply("Quero", self.messages())
        self.assertEqual(reply.partner_id, known)
        self.assertFalse(contact.cpf_id, "nothing was made, nothing was written")

    def test_the_partner_is_found_by_either_number_of_a_contact(self):
        self.new_contact(
            telefone1="(11) 95555-0001",
            whatsapp1="(11) 95555-0002",
            cpf_id=self.partner.id,
        )
        for phone in ("+5511955550001", "11955550002"):
            reply = self.reply("Olá", phone=phone)
            with self.subTest(phone=phone):
                self.assertEqual(reply.partner_id, self.partner)

    def test_the_latest_contact_with_the_number_counts(self):
        other = self.env["res.partner"].create({"name": "New owner of the number"})
        self.new_contact(telefone1="(11) 95555-0001", cpf_id=self.partner.id)
        self.new_contact(telefone1="(11) 95555-0001", cpf_id=other.id)
        self.assertEqual(self.reply("Oi", phone="+5511955550001").partner_id, other)

    def test_the_partner_of_another_company_is_not_found(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = self.env["res.partner"].create(
            {"name": "Not ours", "company_id": company.id}
        )
        self.new_contact(telefone1="(11) 95555-0001", cpf_id=stranger.id)
        reply = self.reply("Oi", phone="+5511955550001")
        self.assertFalse(reply.partner_id)

    def test_a_reply_of_nobody_is_kept_without_a_partner(self):
        before = self.partners()
        reply = self.reply("Quem é?", phone="+5511977776666")
        self.assertEqual(reply.body, "Quem é?")
        self.assertFalse(reply.partner_id)
        self.assertFalse(reply.campaign_id)
        self.assertEqual(self.partners(), before)

    def test_a_reply_without_an_id_belongs_to_the_last_campaign(self):
        older, newer = self.campaign, self.new_campaign(name_campaign="Dezembro")
        self.new_contact()
        self.new_contact(campaing_id=newer.id)
        self.send_campaign(older)
        self.send_campaign(newer)
        reply = self.reply("Quero", phone="11900010000")
        self.assertEqual(reply.campaign_id, newer)
        self.assertEqual(newer.sms_replied, 1)
        self.assertEqual(older.sms_replied, 0)

    def test_who_opts_out_is_blacklisted_and_left_out_of_the_next_campaign(self):
        self.new_contact()
        self.send_campaign()
        reply = self.reply("SAIR", self.messages())
        self.assertEqual(reply.reply_class, "opt_out")
        following = self.new_campaign()
        contact = self.new_contact(campaing_id=following.id)
        self.send_campaign(following)
        self.assertEqual(self.message_of(contact).failure_type, "opt_out")
