from odoo import models

from odoo.addons.sms_base_sr.tools.chatter_sql import FAILURE_SQL, case_sql

TRACE_STATUS = {
    "sent": "pending",
    "delivered": "sent",
    "error": "error",
    "expired": "error",
    "rejected": "bounce",
    "canceled": "cancel",
}
TRACE_SQL = case_sql(TRACE_STATUS, "m.state")


class SmsBatch(models.Model):
    """The traces of SMS Marketing follow our messages, a batch at a time."""

    _inherit = "sms.batch"

    def _follow_native(self):
        result = super()._follow_native()
        if self:
            self._follow_traces()
        return result

    def _follow_traces(self):
        """By SQL: core's tracker writes one state to all that it is called with.

        Forward only. Who opened a link or replied has done more than receive it.
        """
        self.env["mailing.trace"].flush_model()
        self.env["sms.tracker"].flush_model()
        self.env.cr.execute(
            f"""
            UPDATE mailing_trace t SET trace_status = {TRACE_SQL},
                failure_type = {FAILURE_SQL}, failure_reason = m.error_message,
                sent_datetime = COALESCE(t.sent_datetime, m.sent_date),
                write_date = now() AT TIME ZONE 'UTC'
            FROM sms_message m JOIN sms_tracker k ON k.sms_uuid = m.native_uuid
            WHERE m.batch_id = ANY(%s) AND k.mailing_trace_id = t.id
              AND m.state NOT IN ('draft', 'outgoing')
              AND t.trace_status NOT IN ('open', 'reply')
              AND t.trace_status IS DISTINCT FROM {TRACE_SQL}
            RETURNING t.id, t.mass_mailing_id
            """,
            [self.ids],
        )
        traces = {mailing: trace for trace, mailing in self.env.cr.fetchall()}
        self.env["mailing.trace"].invalidate_model()
        self._finish_mailings(traces)

    def _finish_mailings(self, traces):
        """Core's own way of finding out that nothing of a mailing waits any more.

        :param traces: {mailing: one of its traces}
        """
        one_each = self.env["mailing.trace"].browse(traces.values())
        if one_each:
            self.env["sms.tracker"]._update_sms_mailings("pending", one_each)
