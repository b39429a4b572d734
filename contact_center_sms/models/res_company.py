from odoo import fields, models


class ResCompany(models.Model):
    """What a company wants to see of its SMS in the ChatRoom."""

    _inherit = "res.company"

    sms_chatroom_history = fields.Selection(
        [
            ("answered", "Of customers who answer"),
            ("none", "None: replies and single SMS only"),
        ],
        "SMS of campaigns in the ChatRoom",
        default="answered",
        required=True,
    )
    sms_chatroom_history_count = fields.Integer(
        "SMS shown when a conversation begins", default=20
    )

    _sms_chatroom_history_count_range = models.Constraint(
        "CHECK (sms_chatroom_history_count BETWEEN 0 AND 200)",
        "Earlier SMS in the ChatRoom: enter a number between 0 and 200.",
    )

    def _chatroom_history_limit(self):
        """How many earlier SMS a conversation shows."""
        self.ensure_one()
        if self.sms_chatroom_history == "none":
            return 0
        return self.sms_chatroom_history_count
