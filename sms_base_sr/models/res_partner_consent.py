from odoo import api, fields, models


class ResPartner(models.Model):
    """The contact's consents, counted when somebody looks."""

    _inherit = "res.partner"

    sms_consent_count = fields.Integer(
        "SMS consents", compute="_compute_sms_consent_count"
    )

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_sms_consent_count(self):
        counted = {}
        consents = self.env["sms.consent"]
        if consents.has_access("read"):
            groups = consents._read_group(
                [("partner_id", "in", self.ids)], ["partner_id"], ["__count"]
            )
            counted = {partner.id: count for partner, count in groups}
        for partner in self:
            partner.sms_consent_count = counted.get(partner._origin.id, 0)

    def action_view_sms_consents(self):
        """Open the consents of these contacts; a new one is for this one."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "sms_base_sr.sms_consent_action"
        )
        context = {"default_partner_id": self.id} if len(self) == 1 else {}
        domain = [("partner_id", "in", self.ids)]
        return {**action, "domain": domain, "context": context}
