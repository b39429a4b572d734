from odoo.addons.sms_base_sr.tests.test_query_counts import CountingCursor

from .common import CampaignCase

FILL = """
    INSERT INTO contacts_realcred_batch (name, cpf, telefone1, sms_phone, vi_rmi,
        updated_limit, campaing_id)
    SELECT 'Pessoa ' || n, lpad(n::text, 11, '0'), p, p, 1000, TRUE, %s
    FROM generate_series(1, %s) n, LATERAL (
        SELECT '+551191' || lpad(n::text, 7, '0') AS p) numbers
"""


class TestQueryCounts(CampaignCase):
    """What people open and what plans cost the same for any number of contacts."""

    def filled_campaign(self, contacts):
        campaign = self.new_campaign()
        self.env.cr.execute(FILL, [campaign.id, contacts])
        return campaign

    def statements(self, work):
        """The statements that reach the database while some work is done."""
        self.env.flush_all()
        self.env.invalidate_all()
        cursor = CountingCursor(self.env.cr._obj)
        self.env.cr._obj = cursor
        try:
            work()
            self.env.flush_all()
        finally:
            self.env.cr._obj = cursor.cursor
        return len(cursor.statements)

    def opening(self, contacts):
        """Opening the form of a campaign that is planned, as its manager."""
        campaign = self.filled_campaign(contacts)
        self.plan_campaign(campaign)
        self.assertEqual(campaign.sms_planned, contacts)
        campaigns = self.env["contacts.realcred.campaign"].with_user(self.manager)
        names = campaigns.get_view(view_type="form")["models"][campaigns._name]
        form = campaigns.browse(campaign.id)
        return self.statements(lambda: form.web_read({name: {} for name in names}))

    def test_opening_the_form_costs_the_same_with_10_and_3000_contacts(self):
        self.opening(1)
        self.assertEqual(self.opening(10), self.opening(3000))

    def planning(self, contacts):
        """Planning one page of so many contacts."""
        campaign = self.filled_campaign(contacts)
        campaign.with_user(self.manager).action_sms_plan()
        run = campaign.sms_run_id.sudo()
        return self.statements(run._plan_next_page)

    def test_planning_a_page_costs_the_same_for_10_and_1000_contacts(self):
        self.planning(1)
        self.assertEqual(self.planning(10), self.planning(1000))

    def test_the_second_text_has_all_the_values_that_it_names(self):
        """Contacts are read with the values that either of two texts names."""
        campaign = self.filled_campaign(40)
        campaign.with_user(self.manager).action_sms_plan()
        campaign.sms_run_id.sudo().write(
            {"text": "Oi {{ name }}", "text_b": "CPF {{ cpf }}", "share_b": 50}
        )
        self.run_jobs("process_sms_campaign")
        messages = self.messages(campaign)
        self.assertEqual(set(messages.mapped("state")), {"draft"})
        starts = {body.split()[0] for body in messages.mapped("body")}
        self.assertEqual(starts, {"Oi", "CPF"})
