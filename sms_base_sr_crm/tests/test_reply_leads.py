from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user

from odoo.addons.sms_base_sr.tests.test_run_results import ResultsCase

SMS = "sms_base_sr.group_sms_user"
OWN_LEADS = "sales_team.group_sale_salesman"
ALL_LEADS = "sales_team.group_sale_salesman_all_leads"


class TestReplyLeads(ResultsCase):
    """A customer's reply becomes a lead."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seller = cls.new_user("seller", f"{SMS},{OWN_LEADS}")
        cls.supervisor = cls.new_user(
            "super", f"sms_base_sr.group_sms_manager,{ALL_LEADS}"
        )

    def new_reply(self, **values):
        """A reply to a campaign, the seller's to answer."""
        run = self.sent_run(1, name="Natal", text="Quer <b>crédito</b>?\nResponda SIM")
        reply = self.reply(self.messages(run), "interested")
        values = {"partner_id": self.partner.id, "user_id": self.seller.id, **values}
        reply.write({"body": "SIM & já\nliguem <script>", **values})
        return reply

    def make_lead(self, reply, user=None):
        """Press the button; return the lead that it opens."""
        action = reply.with_user(user or self.seller).action_make_lead()
        self.assertEqual(action["res_model"], "crm.lead")
        return self.env["crm.lead"].browse(action["res_id"])

    def test_the_lead_says_who_what_and_from_which_campaign(self):
        reply = self.new_reply()
        lead = self.make_lead(reply)
        self.assertEqual(lead.partner_id, self.partner)
        self.assertEqual(lead.phone, reply.phone)
        self.assertEqual(lead.user_id, self.seller)
        self.assertEqual(lead.company_id, self.company)
        self.assertEqual(lead.campaign_id.name, "Natal")
        self.assertEqual(lead.medium_id.name, "SMS")
        self.assertEqual(lead.source_id.name, "SMS")
        self.assertIn("SIM & já", lead.name)
        self.assertIn(self.partner.name, lead.name)
        self.assertEqual(reply.lead_id, lead)

    def test_texts_stand_in_it_as_they_were_written(self):
        description = self.make_lead(self.new_reply()).description
        self.assertIn("Quer &lt;b&gt;crédito&lt;/b&gt;?", description)
        self.assertIn("SIM &amp; já<br>liguem &lt;script&gt;", description)

    def test_a_second_press_opens_the_first_lead(self):
        reply = self.new_reply()
        lead = self.make_lead(reply)
        before = self.env["crm.lead"].search_count([])
        self.assertEqual(self.make_lead(reply), lead)
        self.assertEqual(self.make_lead(reply, self.supervisor), lead)
        self.assertEqual(self.env["crm.lead"].search_count([]), before)
        action = reply.with_user(self.seller).action_open_lead()
        self.assertEqual(action["res_id"], lead.id)

    def test_a_deleted_lead_may_be_made_anew(self):
        reply = self.new_reply()
        self.make_lead(reply).unlink()
        self.env.invalidate_all()
        self.assertFalse(reply.lead_id)
        self.assertTrue(self.make_lead(reply))

    def test_a_stranger_becomes_a_lead_by_the_number(self):
        reply = self.new_reply(partner_id=False)
        lead = self.make_lead(reply)
        self.assertFalse(lead.partner_id)
        self.assertEqual(lead.contact_name, reply.phone)
        self.assertEqual(lead.phone, reply.phone)

    def test_a_reply_to_no_campaign_has_none(self):
        reply = self.new_reply(run_id=False, parent_id=False)
        lead = self.make_lead(reply)
        self.assertFalse(lead.campaign_id)
        self.assertEqual(lead.medium_id.name, "SMS")

    def test_a_reply_without_a_text_becomes_one_too(self):
        self.assertTrue(self.make_lead(self.new_reply(body=False)))

    def test_the_customer_still_waits_for_an_answer(self):
        reply = self.new_reply()
        reply._plan_activities()
        self.make_lead(reply)
        self.assertTrue(reply.needs_answer)
        self.assertTrue(self.partner.activity_ids)

    # -- who may -----------------------------------------------------------------------

    def test_who_has_no_role_in_sales_is_told_so(self):
        reply = self.new_reply(user_id=self.salesperson.id)
        with self.assertRaisesRegex(AccessError, "role in Sales"):
            reply.with_user(self.salesperson).action_make_lead()
        self.assertFalse(reply.lead_id)

    def test_a_colleagues_reply_is_not_theirs_to_use(self):
        reply = self.new_reply()
        other = new_test_user(self.env, "crm_other", f"{SMS},{OWN_LEADS}")
        with self.assertRaises(AccessError):
            reply.with_user(other).action_make_lead()

    def test_who_sees_own_leads_only_makes_them_for_themselves(self):
        """The customer is theirs, the reply was given to a colleague."""
        self.partner.user_id = self.seller
        reply = self.new_reply(user_id=self.salesperson.id)
        self.assertEqual(self.make_lead(reply).user_id, self.seller)

    def test_a_supervisor_makes_it_for_who_answers(self):
        reply = self.new_reply()
        self.assertEqual(self.make_lead(reply, self.supervisor).user_id, self.seller)

    def test_nobody_else_fits_where_the_salesperson_left_the_company(self):
        reply = self.new_reply()
        self.seller.active = False
        lead = self.make_lead(reply, self.supervisor)
        self.assertEqual(lead.user_id, self.supervisor)

    def test_what_we_have_sent_is_no_reply(self):
        message = self.accepted_message(user_id=self.seller.id)
        with self.assertRaisesRegex(UserError, "Only a customer's reply"):
            message.with_user(self.seller).action_make_lead()

    def test_nobody_writes_the_link_by_hand(self):
        reply = self.new_reply()
        lead = self.env["crm.lead"].create({"name": "X"})
        with self.assertRaises(AccessError):
            reply.with_user(self.supervisor).lead_id = lead

    def test_it_belongs_to_the_company_that_was_written_to(self):
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        self.seller.company_ids |= elsewhere
        reply = self.new_reply(company_id=elsewhere.id, provider_id=False)
        theirs = reply.with_user(self.seller).with_context(
            allowed_company_ids=[self.company.id, elsewhere.id]
        )
        action = theirs.action_make_lead()
        lead = self.env["crm.lead"].browse(action["res_id"])
        self.assertEqual(lead.company_id, elsewhere)

    def test_another_companys_reply_is_not_to_be_seen(self):
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        reply = self.new_reply(company_id=elsewhere.id, provider_id=False)
        with self.assertRaises(AccessError):
            reply.with_user(self.seller).action_make_lead()

    def test_the_lead_is_in_the_report_and_goes_with_the_erasure(self):
        reply = self.new_reply()
        lead = self.make_lead(reply)
        person = self.env["sms.person"]._find(self.company, [], self.partner)
        found = {p.model: rows for p, rows in self.env["sms.person"]._rows_of(person)}
        self.assertEqual([row["id"] for row in found["crm.lead"]], lead.ids)
        self.env["sms.erasure"]._begin(person, "", False)
        self.env.invalidate_all()
        self.assertFalse(lead.phone or lead.description or reply.lead_id)
        self.assertNotIn("SIM", lead.name)
