from odoo import api, models


class AcruxChatConversation(models.Model):
    """What the agents' browsers are told, and on which channel.

    The payload is a list of conversation dicts, each with its messages, newest
    first. Real ``bus.bus`` rows are made, so a test can count them.
    """

    _inherit = "acrux.chat.conversation"

    def get_channel_to_many(self):
        self.ensure_one()
        return (
            self.env.cr.dbname,
            self._name,
            self.company_id.id,
            self.connector_id.id,
        )

    def get_channel_to_one(self, user_id=None):
        user = user_id or self.agent_id or self.env.user
        company = self.company_id or self.env.company
        return (self.env.cr.dbname, self._name, "private", company.id, user.id)

    def _sendone(self, channel, notification_type, message):
        self._sendmany([[channel, notification_type, message]])

    def _sendmany(self, datas):
        for channel, notification_type, message in self.parse_notification(datas):
            self.env["bus.bus"]._sendone(channel, notification_type, message)

    def parse_notification(self, datas):
        """Hook of the addons that restrict who sees a conversation."""
        return datas

    def update_conversation_bus(self):
        for conversation in self:
            conversation._sendone(
                conversation.get_channel_to_many(),
                "update_conversation",
                conversation.build_dict(22),
            )

    @api.model
    def get_fields_to_read(self):
        return [
            "id",
            "name",
            "number",
            "number_format",
            "conv_type",
            "image_url",
            "connector_id",
            "connector_type",
            "res_partner_id",
            "status",
            "agent_id",
            "team_id",
            "company_id",
            "border_color",
            "desk_notify",
            "show_icon",
            "allow_signing",
            "last_activity",
            "unanswered",
        ]

    def build_dict(self, limit, offset=0, field_names=None):
        result = self.read(field_names or self.get_fields_to_read())
        if limit > 0:
            for values in result:
                messages = self.env["acrux.chat.message"].search(
                    [("contact_id", "=", values["id"])], limit=limit, offset=offset
                )
                values["messages"] = messages.get_js_dict()
        return result
