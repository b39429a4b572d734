from odoo import api, fields, models

from ..tools import channels


class AcruxChatConversation(models.Model):
    """By which channel people talk here, and what was said last."""

    _inherit = "acrux.chat.conversation"

    channel = fields.Selection(
        channels.CHANNELS, compute="_compute_channel", search="_search_channel"
    )
    last_text = fields.Char("Last message", compute="_compute_last_text")

    @api.depends("connector_id.connector_type")
    def _compute_channel(self):
        for conversation in self:
            kind = conversation.connector_id.connector_type
            conversation.channel = channels.channel_of(kind)

    @api.model
    def _search_channel(self, operator, value):
        if operator not in ("in", "not in"):
            return NotImplemented
        field = self.env["acrux.chat.connector"]._fields["connector_type"]
        known = field.get_values(self.env)
        types = [name for c in value for name in channels.types_of(c, known)]
        return [("connector_id.connector_type", operator, types)]

    def _compute_last_text(self):
        """The last line of each conversation, by one query."""
        self.env["acrux.chat.message"].flush_model()
        self.env.cr.execute(
            """
            SELECT c.id, l.text, l.from_me, l.ttype
            FROM unnest(%s::int[]) AS c (id) CROSS JOIN LATERAL (
                SELECT text, from_me, ttype FROM acrux_chat_message
                WHERE contact_id = c.id AND ttype NOT LIKE 'info%%'
                ORDER BY date_message DESC, id DESC LIMIT 1) l
            """,
            [self.ids],
        )
        lines = {row[0]: row[1:] for row in self.env.cr.fetchall()}
        for conversation in self:
            line = lines.get(conversation.id)
            conversation.last_text = line and self._as_preview(*line)

    @api.model
    def _as_preview(self, text, from_me, ttype):
        """One line; what is no text is named."""
        text = " ".join((text or "").split())
        if not text:
            text = self.env._("(empty)") if ttype == "text" else f"[{ttype}]"
        return self.env._("You: %s", text) if from_me and text else text

    def action_open_chat(self):
        """Open this conversation in the form of the ChatRoom."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "view_mode": "form",
            "res_id": self.id,
        }
