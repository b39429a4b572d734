from odoo import models


class AcruxChatMessage(models.Model):
    """An SMS is one line: whatever the app commits or rolls back in between."""

    _inherit = "acrux.chat.message"

    _sms_once = models.UniqueIndex(
        "(sms_message_id) WHERE sms_message_id IS NOT NULL",
        "This SMS stands in a conversation already.",
    )
