from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import html2plaintext

ALLOWED_TYPES = ("apichat.io", "gupshup", "waba_extern")


class AcruxChatMessageWizard(models.TransientModel):
    """Write to a partner, or in a conversation, without the chat window.

    A new conversation is made only for the connector types of a white list.
    """

    _name = "acrux.chat.message.wizard"
    _description = "Send ChatRoom Message"

    new_number = fields.Boolean()
    number = fields.Char()
    text = fields.Text(string="Message")
    partner_id = fields.Many2one(comodel_name="res.partner")
    conversation_id = fields.Many2one(comodel_name="acrux.chat.conversation")
    connector_id = fields.Many2one(comodel_name="acrux.chat.connector")
    template_id = fields.Many2one(
        comodel_name="mail.template", domain="[('name', 'ilike', 'ChatRoom')]"
    )
    attachment_ids = fields.Many2many(comodel_name="ir.attachment")

    @api.model
    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        context = self.env.context
        if not values.get("partner_id") and context.get("active_model") == (
            "res.partner"
        ):
            values["partner_id"] = context.get("active_id")
        conversations = self.env["acrux.chat.conversation"]
        partner = self.env["res.partner"].browse(values.get("partner_id") or [])
        if partner and not values.get("conversation_id"):
            # the most recently active one, whatever its connector
            conversation = conversations.search_conversation_by_partner(partner.id, 1)
            values["conversation_id"] = conversation.id
            if not conversation:
                values.update(new_number=True, number=partner.phone)
        if not values.get("connector_id"):
            conversation = conversations.browse(values.get("conversation_id") or [])
            connector = conversation.connector_id or self.env[
                "acrux.chat.connector"
            ].search([("connector_type", "in", ALLOWED_TYPES)], limit=1)
            values["connector_id"] = connector.id
        return {name: values[name] for name in values if name in fields_list}

    @api.onchange("template_id")
    def _onchange_template_id(self):
        if self.template_id and self.template_id.model == "res.partner":
            body = self.template_id._render_field("body_html", self.partner_id.ids)
            self.text = html2plaintext(body.get(self.partner_id.id) or "")

    def create_or_find_conversation(self):
        self.ensure_one()
        if self.conversation_id and not self.new_number:
            return self.conversation_id
        connector = self.connector_id
        if connector.connector_type not in ALLOWED_TYPES:
            raise ValidationError(
                self.env._("A conversation cannot be made with this connector.")
            )
        conversations = self.env["acrux.chat.conversation"]
        found = conversations.search(
            [
                ("number", "=", connector.clean_id(self.number)),
                ("conv_type", "=", "normal"),
                ("connector_id", "=", connector.id),
            ],
            limit=1,
        )
        return found or conversations.conversation_create(
            self.partner_id, connector.id, self.number
        )

    def send_message_wizard(self):
        self.ensure_one()
        conversation = self.create_or_find_conversation()
        back_status = conversation.status
        conversation.block_conversation()
        conversation.send_message_bus_release(
            self._parse_msg_data(conversation), back_status
        )
        return {"type": "ir.actions.act_window_close"}

    def _parse_msg_data(self, conv_id):
        data = {"ttype": "text", "from_me": True, "text": self.text}
        if len(self.attachment_ids) > 1:
            raise ValidationError(self.env._("Send one attachment at a time."))
        if self.attachment_ids:
            kind = (self.attachment_ids.mimetype or "").split("/")[0]
            data.update(
                ttype=kind if kind in ("image", "video", "audio") else "file",
                res_model=self.attachment_ids._name,
                res_id=self.attachment_ids.id,
            )
            if not conv_id.connector_id.allow_caption():
                data["text"] = False
        elif not (self.text or "").strip():
            raise ValidationError(self.env._("Write the message first."))
        return data
