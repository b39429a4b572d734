from odoo import api, models

from .acrux_chat_message import FAILED, OPEN

# Our own event of the app's ``new_webhook_event``; "failed" is the app's.
STATUS_EVENT = "sms_status"


class AcruxChatMessage(models.Model):
    """What became of the SMS of a line, shown in browsers that are open."""

    _inherit = "acrux.chat.message"

    @api.model
    def _sms_lines_behind(self, batch_ids):
        """Lines that do not show yet what the ledger says of their SMS: one query.

        By the index of lines that are open: a campaign's batches have none of them.
        """
        self.flush_model()
        self.env["sms.message"].flush_model()
        self.env.cr.execute(
            """
            SELECT line.id FROM acrux_chat_message line
            JOIN sms_message m ON m.id = line.sms_message_id
            WHERE m.batch_id = ANY(%s) AND line.sms_state IN %s
              AND line.sms_state != m.state
            ORDER BY line.id
            """,
            [list(batch_ids), OPEN],
        )
        return self.browse(row[0] for row in self.env.cr.fetchall())

    def _sms_tell_state(self):
        """Tell the ChatRoom as a gateway of the app would: by an event."""
        for line in self:
            event = line._sms_event()
            conversations = line.connector_id._sms_conversations()
            conversations.new_webhook_event(line.connector_id, event)
            # A line that the app did not find by its msgid.
            if line.sms_state != event["sms_state"]:
                line.sms_state = event["sms_state"]

    def _sms_event(self):
        self.ensure_one()
        state = self.sms_message_id.state
        event = {"type": STATUS_EVENT, "msgid": self.msgid, "sms_state": state}
        if state in FAILED:
            event.update(type="failed", reason=self.sms_message_id._chatroom_reason())
        return event

    def process_message_event(self, data):
        """Note the state; what was delivered after all has not failed."""
        result = super().process_message_event(data=data)
        state = data.get("sms_state")
        if state and self.connector_id._is_sms():
            self.sms_state = state
            if state not in FAILED:
                self.error_msg = False
        return result
