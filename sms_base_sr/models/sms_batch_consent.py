from odoo import models
from odoo.tools import SQL

from .sms_run_consent import without_consent


class SmsBatch(models.Model):
    """Consent, looked at once more: it may have been revoked since the plan was made.

    Who is written to by hand, or answered, is not stopped by it.
    """

    _inherit = "sms.batch"

    def _suppress_late(self):
        result = super()._suppress_late()
        purpose = self.company_id._sms_consent_purpose(self.message_class)
        if self.run_id and purpose:
            self._cancel_without_consent(purpose)
        return result

    def _cancel_without_consent(self, purpose):
        self.env["sms.message"].flush_model()
        self.env["sms.consent"].flush_model()
        wanted = SQL(
            "SELECT id, phone, partner_id FROM sms_message WHERE batch_id = %s"
            " AND state IN ('draft', 'outgoing')",
            self.id,
        )
        self.env.cr.execute(
            SQL(
                """
                UPDATE sms_message m
                SET state = 'canceled', failure_type = 'no_consent', cost = 0,
                    suppression_source = f.source, suppression_name = %s,
                    suppression_date = COALESCE(f.since, now() AT TIME ZONE 'UTC'),
                    write_date = now() AT TIME ZONE 'UTC'
                FROM (%s) f (id, source, since) WHERE m.id = f.id
                """,
                purpose,
                without_consent(wanted, self.company_id.id, purpose),
            )
        )
        self.env["sms.message"].invalidate_model()
