from markupsafe import Markup

from odoo import api, models

from .sms_alert_mixin import Matter


class SmsRun(models.Model):
    """Whom to tell when a campaign stops short: who sent it.

    One activity per run, however many of its batches are concerned.
    """

    _name = "sms.run"
    _inherit = ["sms.run", "sms.alert.mixin"]

    @api.model
    def _alert_subjects(self):
        return [*super()._alert_subjects(), "failed", "planning_failed", "expired"]

    def _alert_responsible(self):
        """Who pressed *Send*, else the campaign's salesperson, else administrators."""
        self.ensure_one()
        return self._alert_first(self.company_id, self.create_uid, self.user_id)

    def _matters(self, version=1):
        return [Matter(run, run._alert_responsible(), version) for run in self]

    # -- batches that never reached the gateway ----------------------------------------

    @api.model
    def _alert_matters_failed(self):
        """A batch more is news, for who has put the activity aside too."""
        self.env["sms.batch"].flush_model()
        self.env.cr.execute(
            """
            SELECT b.run_id, count(DISTINCT b.id) FROM sms_batch b
            JOIN sms_run r ON r.id = b.run_id AND r.state != 'canceled'
            JOIN sms_batch_stat s ON s.batch_id = b.id AND s.state = 'error'
                AND s.failure_type = 'not_attempted'
            WHERE b.state = 'failed' AND b.retried_by_id IS NULL
              AND b.try_again IS NOT TRUE
            GROUP BY b.run_id
            """
        )
        matters = []
        for run_id, count in self.env.cr.fetchall():
            matters += self.browse(run_id)._matters(count)
        return matters

    def _alert_text_failed(self):
        batch = self.batch_ids.filtered(lambda b: b.state == "failed")[:1]
        summary = self.env._("SMS of “%s” did not reach the gateway", self.name)
        note = Markup("<p>{count}</p><p>{reason}</p><p>{remedy}</p>").format(
            count=self.env._(
                "%s SMS were never sent.", self._formatted(self.retry_count)
            ),
            reason=batch.failure_reason or "",
            remedy=self.env._(
                "Once the gateway can be reached again, press “Try again” on the "
                "campaign or on this run. Nobody gets the SMS twice."
            ),
        )
        return summary, note

    # -- planning ----------------------------------------------------------------------

    @api.model
    def _alert_matters_planning_failed(self):
        return self.search([("state", "=", "failed")])._matters()

    def _alert_text_planning_failed(self):
        summary = self.env._("“%s” could not be planned", self.name)
        note = Markup("<p>{reason}</p><p>{remedy}</p>").format(
            reason=self.failure_reason or "",
            remedy=self.env._("Correct it and send the campaign again."),
        )
        return summary, note

    @api.model
    def _alert_matters_expired(self):
        """A schedule whose latest start passed while nothing could leave."""
        late = [("state", "=", "ready"), ("schedule_expired", "=", True)]
        return self.search(late)._matters()

    def _alert_text_expired(self):
        summary = self.env._("“%s” was not sent in time", self.name)
        note = Markup("<p>{reason}</p><p>{remedy}</p>").format(
            reason=self.failure_reason or "",
            remedy=self.env._(
                "Decide: send what is planned now, give it a new date, or cancel it."
            ),
        )
        return summary, note
