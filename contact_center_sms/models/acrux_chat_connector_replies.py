from datetime import timedelta

from odoo import api, fields, models

RECENT = timedelta(days=30)


class AcruxChatConnector(models.Model):
    """Who waits for an answer when the ChatRoom learns of SMS appears there at once."""

    _inherit = "acrux.chat.connector"

    @api.model_create_multi
    def create(self, vals_list):
        connectors = super().create(vals_list)
        for connector in connectors.filtered(lambda c: c.connector_type == "sms"):
            connector._sms_show_waiting()
        return connectors

    def _sms_show_waiting(self):
        """Have the replies that nobody has answered yet shown; older ones rest."""
        # sudo: who makes connectors need not see the customers' texts.
        waiting = (
            self.env["sms.message"]
            .sudo()
            .search(
                [
                    ("direction", "=", "incoming"),
                    ("needs_answer", "=", True),
                    ("company_id", "=", self.company_id.id),
                    ("sent_date", ">=", fields.Datetime.now() - RECENT),
                ]
            )
        )
        if waiting:
            waiting._enqueue_mirror_chatroom()
