from odoo import api, fields, models


class ResPartner(models.Model):
    """The contact's timeline: SMS and the ChatRoom's channels together."""

    _inherit = "res.partner"

    sms_timeline_count = fields.Integer(
        "SMS and chat messages", compute="_compute_sms_timeline_count"
    )

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_sms_timeline_count(self):
        counted = {}
        timeline = self.env["sms.timeline"]
        if self.ids and timeline.has_access("read"):
            domain = [("partner_id", "in", self.ids)]
            counted = dict(timeline._read_group(domain, ["partner_id"], ["__count"]))
        for partner in self:
            partner.sms_timeline_count = counted.get(partner._origin, 0)

    def action_view_sms_timeline(self):
        """Open what was said with these contacts, by every channel."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "contact_center_sms.sms_timeline_action"
        )
        return {**action, "domain": [("partner_id", "in", self.ids)]}
