from odoo import api, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain


class AcruxChatConversation(models.Model):
    """How conversations are made by hand and tied to partners."""

    _inherit = "acrux.chat.conversation"

    @api.model
    def conversation_create(self, partner_id, connector_id, number):
        """Make a conversation, ``done``; it does not look for an existing one.

        :param partner_id: a partner record, or nothing
        :param connector_id: a connector **id**, or nothing: the first connector
        """
        connectors = self.env["acrux.chat.connector"]
        if connector_id:
            connector = connectors.browse(connector_id)
        else:
            connector = connectors.search([], limit=1)
        if not connector:
            raise ValidationError(self.env._("There is no connector."))
        number = connector.clean_id(number)
        connector.assert_id(number)
        return self.create(
            {
                "name": partner_id.name if partner_id else connector.format_id(number),
                "number": number,
                "connector_id": connector.id,
                "res_partner_id": partner_id.id if partner_id else False,
                "status": "done",
            }
        )

    @api.model
    def search_partner_from_number(self, conv_id):
        """Partners whose standard numbers contain the number, as text."""
        return self.env["res.partner"].search(
            [
                ("conv_standard_numbers", "like", conv_id.number),
                ("company_id", "in", [conv_id.connector_id.company_id.id, False]),
            ]
        )

    @api.model
    def search_conversation_by_partner_domain(self, partner_id):
        return Domain("res_partner_id", "=", partner_id)

    @api.model
    def search_conversation_by_partner(self, partner_id, limit):
        return self.search(
            self.search_conversation_by_partner_domain(partner_id), limit=limit
        )

    @api.onchange("number", "connector_id")
    def _onchange_number(self):
        for conversation in self.filtered("connector_id"):
            if conversation.conv_type == "normal":
                conversation.number = conversation.connector_id.clean_id(
                    conversation.number
                )

    @api.onchange("res_partner_id")
    def onchange_res_partner_id(self):
        if not self.env.context.get("set_default"):
            return
        for conversation in self.filtered("res_partner_id"):
            conversation.name = conversation.res_partner_id.name
            conversation.number = conversation.res_partner_id.phone
            conversation._onchange_number()
