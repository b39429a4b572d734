from datetime import timedelta

from odoo import fields, models

from ..tools import suppression


class SmsRun(models.Model):
    """The frequency cap: who got enough SMS of the company's campaigns is left out.

    What was accepted counts, and what may have been. Whoever is written to by hand, or
    answers, neither counts nor is stopped.
    """

    _inherit = "sms.run"

    def _numbers_suppressed(self, recipients):
        """All other reasons are stronger, where both hold."""
        numbers = [r.phone for r in recipients if r.phone]
        moment = max(self.date_start or fields.Datetime.now(), fields.Datetime.now())
        capped = self._numbers_capped(numbers, moment)
        whys = {
            number: suppression.Suppression("frequency_cap", "history", None, last)
            for number, last in capped.items()
        }
        return {**whys, **super()._numbers_suppressed(recipients)}

    def _numbers_capped(self, numbers, moment):
        """Return {number: last SMS} of those texted often enough by ``moment``.

        Read by number: nobody has had more than a few dozen texts, and an index with
        the date in it would be written once more for each message that is sent.
        """
        cap = self.company_id._sms_cap(self.message_class)
        if not cap or not numbers:
            return {}
        count, days = cap
        self.env["sms.message"].flush_model()
        self.env["sms.batch"].flush_model(["state"])
        self.env.cr.execute(
            """
            SELECT m.phone, max(m.sent_date) FROM sms_message m
            LEFT JOIN sms_batch b ON b.id = m.batch_id
            WHERE m.phone = ANY(%s) AND m.direction = 'outgoing'
              AND m.company_id = %s AND m.message_class = %s AND m.run_id != %s
              AND (m.sent_date > %s
                   OR m.sent_date IS NULL AND m.state IN ('draft', 'outgoing')
                      AND b.state IN ('sending', 'unknown'))
            GROUP BY m.phone HAVING count(*) >= %s
            """,
            [
                numbers,
                self.company_id.id,
                self.message_class,
                # A run that is only thought of (a program's call) has no messages yet.
                self._origin.id or 0,
                moment - timedelta(days=days),
                count,
            ],
        )
        return dict(self.env.cr.fetchall())
