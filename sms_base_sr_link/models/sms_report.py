from odoo import fields, models
from odoo.tools import SQL


class SmsReport(models.Model):
    """Reporting: customers who clicked, beside the other figures."""

    _inherit = "sms.report"

    clicked = fields.Integer("Customers who clicked", readonly=True)

    @property
    def _table_query(self):
        return SQL(
            "SELECT r.*, 0 AS clicked FROM (%s) r UNION ALL %s",
            super()._table_query,
            self._clicked_query(),
        )

    def _clicked_query(self):
        """Lines that hold clicks and nothing else; the ids end where no other does."""
        return SQL(
            """
            SELECT 4 * c.id::bigint + 3, c.run_id, COALESCE(r.started_at, r.planned_at),
                'delivered', NULL, NULLIF(c.variant, ''), r.company_id, r.provider_id,
                r.user_id, r.message_class, 0, 0, 0, 0, 0, 0, 0, c.clicked
            FROM sms_run_click c JOIN sms_run r ON r.id = c.run_id
            """
        )
