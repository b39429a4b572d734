from odoo import api, fields, models


class ResPartner(models.Model):
    """The contact's SMS, counted when somebody looks, never stored."""

    _inherit = "res.partner"

    # Replies are matched by this number: without an index each would scan everybody.
    phone_sanitized = fields.Char(index="btree_not_null")
    sms_message_ids = fields.One2many("sms.message", "partner_id", "SMS")
    sms_count = fields.Integer("SMS count", compute="_compute_sms_counts")
    sms_sent_count = fields.Integer("SMS sent", compute="_compute_sms_counts")
    sms_received_count = fields.Integer("SMS received", compute="_compute_sms_counts")
    last_sms_date = fields.Datetime("Last SMS", compute="_compute_sms_counts")

    @api.depends("sms_message_ids")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_sms_counts(self):
        counted = {}
        if self.env["sms.message"].has_access("read"):
            counted = self._read_sms_counts()
        for partner in self:
            sent, received, last = counted.get(partner._origin.id, (0, 0, False))
            partner.sms_count = sent + received
            partner.sms_sent_count = sent
            partner.sms_received_count = received
            partner.last_sms_date = last

    def _read_sms_counts(self):
        """Return {partner id: (sent, received, date of the last)}, one query."""
        groups = self.env["sms.message"]._read_group(
            [("partner_id", "in", self.ids), ("sent_date", "!=", False)],
            ["partner_id", "direction"],
            ["__count", "sent_date:max"],
        )
        counted = {}
        for partner, direction, count, last in groups:
            sent, received, newest = counted.get(partner.id, (0, 0, last))
            if direction == "incoming":
                received = count
            else:
                sent = count
            counted[partner.id] = (sent, received, max(newest, last))
        return counted

    def action_view_sms_messages(self):
        """Open the SMS of these contacts."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "sms_base_sr.sms_message_action"
        )
        context = {"default_partner_id": self.id} if len(self) == 1 else {}
        return {
            **action,
            "domain": [("partner_id", "in", self.ids)],
            "context": context,
        }
