from odoo import models


class MailingMailing(models.Model):
    """From a mailing to what was sent for it: texts, costs, reasons, replies."""

    _inherit = "mailing.mailing"

    def action_view_sms_messages(self):
        """Open the messages of this mailing."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "sms_base_sr.sms_message_action"
        )
        return {**action, "domain": [("mailing_id", "in", self.ids)], "context": {}}
