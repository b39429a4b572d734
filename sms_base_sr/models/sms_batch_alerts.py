from datetime import timedelta

from markupsafe import Markup

from odoo import api, fields, models

from .sms_alert_mixin import Matter

# Of a single SMS that failed longer ago nobody is told any more.
SINGLE_DAYS = 7


class SmsBatch(models.Model):
    """Whom to tell about a batch: who sent a single SMS, or who may decide."""

    _name = "sms.batch"
    _inherit = ["sms.batch", "sms.alert.mixin"]

    @api.model
    def _alert_subjects(self):
        return [*super()._alert_subjects(), "undecided", "single_failed"]

    # -- nobody but a person can tell what became of it --------------------------------

    @api.model
    def _alert_matters_undecided(self):
        undecided = [("state", "=", "unknown"), ("needs_decision", "=", True)]
        return [
            Matter(batch, self._alert_admins(batch.company_id), batch.attempt)
            for batch in self.search(undecided)
        ]

    def _alert_text_undecided(self):
        summary = self.env._("Were these SMS sent? %s", self._job_title())
        note = Markup("<p>{what}</p><p>{remedy}</p>").format(
            what=self.env._(
                "The gateway was called with %s SMS, the answer never came, and it "
                "does not tell what became of them.",
                self.message_count,
            ),
            remedy=self.env._(
                "Ask the gateway's support for the reference that the batch shows, "
                "then press “Count as sent” or “Send again” there."
            ),
        )
        return summary, note

    def _alert_decided(self):
        """Close the activities of all administrators: one of them has decided."""
        result = super()._alert_decided()
        self._settle_alerts("undecided")
        return result

    # -- a single SMS that never reached the gateway -----------------------------------

    @api.model
    def _alert_matters_single_failed(self):
        since = fields.Datetime.now() - timedelta(days=SINGLE_DAYS)
        failed = self.search(
            [
                ("state", "=", "failed"),
                ("run_id", "=", False),
                ("retried_by_id", "=", False),
                ("create_date", ">", since),
            ]
        )
        return [Matter(batch, batch._alert_sender()) for batch in failed]

    def _alert_sender(self):
        message = self.message_ids[:1]
        return self._alert_first(self.company_id, message.create_uid, message.user_id)

    def _alert_text_single_failed(self):
        message = self.message_ids[:1]
        summary = self.env._("SMS to %s was not sent", message.display_name)
        note = Markup("<p>{reason}</p><p>{remedy}</p>").format(
            reason=self.failure_reason or "",
            remedy=self.env._("Open the SMS and press “Try again”."),
        )
        return summary, note
