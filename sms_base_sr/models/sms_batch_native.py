from odoo import fields, models

from ..tools.chatter_sql import FAILURE_SQL

# Up to so many statuses are pushed to open browsers at once.
LIVE_LIMIT = 20
# Forward only. What left and did not arrive stays *sent*: core offers to send
# what is in error once more. What nobody ever got may be sent once more.
SMS_STATE_SQL = """(CASE
    WHEN m.state = 'sent' AND s.state IN ('outgoing', 'process') THEN 'pending'
    WHEN m.state = 'delivered' THEN 'sent'
    WHEN m.state = 'canceled' THEN 'canceled'
    WHEN m.failure_type = 'not_attempted' THEN 'error'
    WHEN m.state IN ('error', 'rejected', 'expired') THEN 'pending'
    ELSE s.state END)"""


class SmsBatch(models.Model):
    """Batches of what other parts of Odoo wrote: core's own records follow ours."""

    _inherit = "sms.batch"

    native = fields.Boolean("Of Odoo", readonly=True, copy=False)

    def _is_shown_at_once(self):
        """SMS Marketing is a campaign, whoever made it; core's own notes are there."""
        answered = self.company_id.sms_chatter_mode == "answered"
        if self.native and answered and self.message_class == "promotional":
            return False
        return super()._is_shown_at_once()

    def _statuses_are_shown(self):
        """What core shows it shows whatever our notes are, failures included."""
        return self.native or super()._statuses_are_shown()

    def _mirror_statuses(self):
        result = super()._mirror_statuses()
        self.exists().filtered("native")._follow_native()
        return result

    def _follow_native(self):
        """Hook: bring what core keeps of these messages up to date, in bulk."""
        if self:
            self._follow_native_rows()

    def _follow_native_rows(self):
        """Core's rows, as long as it keeps them."""
        self.env["sms.sms"].flush_model()
        self.env.cr.execute(
            f"""
            UPDATE sms_sms s SET state = {SMS_STATE_SQL},
                failure_type = CASE WHEN m.state = 'canceled'
                    OR m.failure_type = 'not_attempted' THEN {FAILURE_SQL} END,
                to_delete = s.to_delete
                    AND m.failure_type IS DISTINCT FROM 'not_attempted'
            FROM sms_message m
            WHERE s.uuid = m.native_uuid AND m.batch_id = ANY(%s)
              AND m.state NOT IN ('draft', 'outgoing')
              AND s.state IS DISTINCT FROM {SMS_STATE_SQL}
            """,
            [self.ids],
        )
        self.env["sms.sms"].invalidate_model()

    def _push_live(self):
        many = self.filtered(lambda b: b.native and b.message_count > LIVE_LIMIT)
        return super(SmsBatch, self - many)._push_live()
