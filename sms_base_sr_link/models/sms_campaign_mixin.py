from lxml.builder import E

from odoo import api, fields, models


class SmsCampaignMixin(models.AbstractModel):
    """The switch in a campaign: count who opens its links."""

    _inherit = "sms.campaign.mixin"

    sms_count_clicks = fields.Boolean(
        "Count clicks on links",
        help="Each address in the text becomes a short link of the recipient's own, "
        "and the results tell who has opened it. The text is measured and paid with "
        "the short link in it.",
    )

    def _sms_run_values(self, provider, text):
        values = super()._sms_run_values(provider, text)
        return {**values, "count_clicks": self.sms_count_clicks}

    def _sms_plan_basis(self, run):
        """Other links, other texts: the switch and the address make a plan stale."""
        basis = super()._sms_plan_basis(run)
        base = None
        if self.sms_count_clicks:
            base = run.company_id._sms_link_base(run.provider_id)
        return {**basis, "count_clicks": self.sms_count_clicks, "link_base": base}

    def _sms_sample_page(self):
        """A test holds links of the same length, which lead on and count for nobody."""
        page = super()._sms_sample_page()
        if self.sms_count_clicks:
            run = self.env["sms.run"].new(self._sms_link_run_values())
            links = run._make_short_links()
            page.edit = run.new({"short_links": links})._link_editor()
        return page

    def _sms_link_run_values(self):
        company = self._sms_company()
        provider = self.sms_provider_id
        provider = provider or self.env["sms.provider"]._default_provider(company)
        return {
            "name": self.display_name,
            "res_id": self.id,
            "text": self._sms_full_text(),
            "company_id": company.id,
            "provider_id": provider.id,
        }

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        """Show the switch in the form of any campaign, beside that of the accents.

        A view of ours would have to know which addons bring campaigns.
        """
        arch, view = super()._get_view(view_id, view_type, **options)
        if view_type == "form":
            for node in arch.xpath("//field[@name='sms_drop_accents']")[:1]:
                node.addnext(E.field(**{**node.attrib, "name": "sms_count_clicks"}))
        return arch, view
