from odoo import api, fields, models


class ResUsers(models.Model):
    """An agent: may attend conversations while active in the chat."""

    _inherit = "res.users"

    acrux_chat_active = fields.Boolean(string="Active in Chat", default=True)
    is_chatroom_group = fields.Boolean(compute="_compute_is_chatroom_group", store=True)
    chatroom_signing_active = fields.Boolean(string="Sign Messages")
    chatroom_signing = fields.Char(string="Signature")

    @api.depends("all_group_ids", "share")
    def _compute_is_chatroom_group(self):
        group = self.env.ref(
            "whatsapp_connector.group_chat_basic_extra", raise_if_not_found=False
        )
        for user in self:
            user.is_chatroom_group = bool(
                group and not user.share and group in user.all_group_ids
            )

    def set_chat_active(self, value):
        self.ensure_one()
        self.check_access("write" if self != self.env.user else "read")
        self.sudo().acrux_chat_active = bool(value)
        self.notify_status_changed()

    def toggle_acrux_chat_active(self):
        for user in self:
            user.set_chat_active(not user.acrux_chat_active)

    def notify_status_changed(self):
        conversations = self.env["acrux.chat.conversation"]
        for user in self:
            conversations._sendone(
                conversations.get_channel_to_one(user),
                "change_status",
                [{"agent_id": user.id, "status": user.acrux_chat_active}],
            )

    def chatroom_active(self, check_online=False):
        self.ensure_one()
        active = self.active and self.acrux_chat_active and self.is_chatroom_group
        if active and check_online:
            return self.im_status in ("online", "away")
        return active
