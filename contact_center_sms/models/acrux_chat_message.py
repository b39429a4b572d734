from odoo import api, fields, models

from odoo.addons.sms_base_sr.models.sms_message import STATES

FAILED = ("error", "rejected", "expired", "canceled")
# What may still change; a late "delivered" overrides the last two.
OPEN = ("draft", "outgoing", "sent", "error", "expired")


class AcruxChatMessage(models.Model):
    """A line of a conversation, linked to the SMS that it shows.

    ``sms_state`` is what browsers were told last: a job brings it up to the ledger.
    """

    _inherit = "acrux.chat.message"

    # The app looks messages up by msgid and has no index on it.
    msgid = fields.Char(index=True)
    sms_message_id = fields.Many2one(
        "sms.message", "SMS", ondelete="set null", copy=False
    )
    sms_state = fields.Selection(
        STATES,
        "SMS status",
        compute="_compute_sms_state",
        store=True,
        precompute=True,
        copy=False,
    )

    # Whatever the app commits or rolls back in between; look-ups use it too.
    _sms_once = models.UniqueIndex(
        "(sms_message_id) WHERE sms_message_id IS NOT NULL",
        "This SMS stands in a conversation already.",
    )
    _sms_open = models.Index(f"(sms_message_id) WHERE sms_state IN {OPEN}")

    @api.depends("sms_message_id")
    def _compute_sms_state(self):
        """As it was when the line was made; only what is sent has a state here."""
        for line in self:
            # sudo: who may read the line may read what became of it.
            message = line.sudo().sms_message_id
            kept = False if message else line.sms_state
            sent = message.direction == "outgoing"
            line.sms_state = message.state if sent else kept

    @api.model
    def get_fields_to_read(self):
        return [*super().get_fields_to_read(), "sms_state"]
