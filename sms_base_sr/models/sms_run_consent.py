from odoo import models
from odoo.tools import SQL

from ..tools import suppression
from .sms_consent import MATCHES_SQL, VALID_SQL


class SmsRun(models.Model):
    """Where the company asks for consent, who has not given it is left out."""

    _inherit = "sms.run"

    def _contacts_suppressed(self, recipients):
        found = super()._contacts_suppressed(recipients)
        purpose = self.company_id._sms_consent_purpose(self.message_class)
        if purpose:
            found = {**found, **self._without_consent(recipients, purpose)}
        return found

    def _without_consent(self, recipients, purpose):
        """Return {source id: Suppression}; one statement, whatever the page's size."""
        self.env["sms.consent"].flush_model()
        wanted = SQL(
            "SELECT * FROM unnest(%s::int[], %s::varchar[], %s::int[])"
            " AS w (id, phone, partner_id)",
            [r.source_id for r in recipients],
            [r.phone or None for r in recipients],
            [r.partner_id for r in recipients],
        )
        self.env.cr.execute(without_consent(wanted, self.company_id.id, purpose))
        return {
            key: suppression.Suppression("no_consent", source, purpose, since)
            for key, source, since in self.env.cr.fetchall()
        }


def without_consent(wanted, company_id, purpose):
    """Return SQL of (id, source, since) for those of ``wanted`` without consent.

    With the last one that has ended, where there was any.

    :param wanted: SQL of (id, phone, partner_id)
    """
    matches = MATCHES_SQL.format(number="w.phone", partner="w.partner_id")
    return SQL(
        f"""
        SELECT w.id, COALESCE(past.source, 'consent_none'), past.ended
        FROM (%(wanted)s) w
        LEFT JOIN LATERAL (
            SELECT CASE WHEN c.revoked_date IS NULL THEN 'consent_expired'
                        ELSE 'consent_revoked' END AS source,
                   LEAST(c.revoked_date, c.date_until) AS ended
            FROM sms_consent c
            WHERE c.company_id = %(company)s AND c.purpose = %(purpose)s AND {matches}
              AND (c.revoked_date IS NOT NULL
                   OR c.date_until <= now() AT TIME ZONE 'UTC')
            ORDER BY ended DESC LIMIT 1
        ) past ON TRUE
        WHERE NOT EXISTS (
            SELECT 1 FROM sms_consent c
            WHERE c.company_id = %(company)s AND c.purpose = %(purpose)s
              AND {VALID_SQL} AND {matches})
        """,
        wanted=wanted,
        company=company_id,
        purpose=purpose,
    )
