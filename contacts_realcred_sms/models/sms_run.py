from odoo import models


class SmsRun(models.Model):
    """Runs of the company's campaigns plan through the job that 15.0 knew by name."""

    _inherit = "sms.run"

    def _enqueue_plan(self):
        campaigns = self._realcred_campaigns()
        ours = campaigns.sms_run_id & self
        job = super(SmsRun, self - ours)._enqueue_plan()
        for campaign in campaigns:
            # As other jobs: see sms.company.job.mixin.
            campaign = campaign.with_company(campaign.company_id)
            job = campaign.with_delay(
                priority=5,
                description=self.env._("Plan %s", campaign.display_name),
            ).process_sms_campaign()
            campaign.sms_job_uuid = job.uuid
        return job

    def _realcred_campaigns(self):
        model = "contacts.realcred.campaign"
        ids = self.filtered(lambda run: run.res_model == model).mapped("res_id")
        return self.env[model].browse(ids)

    def _has_living_job(self, method):
        if method == "_plan" and self.res_model == "contacts.realcred.campaign":
            return self._realcred_campaigns()._sms_has_planning_job()
        return super()._has_living_job(method)

    def _message_constants(self):
        values = super()._message_constants()
        if self.res_model == "contacts.realcred.campaign":
            values["campaign_id"] = self.res_id
        return values

    def write(self, vals):
        result = super().write(vals)
        if "state" in vals:
            self._realcred_campaigns()._sync_state_sms()
        return result

    def _move(self, allowed, values):
        moved = super()._move(allowed, values)
        moved._realcred_campaigns()._sync_state_sms()
        return moved

    def _finish_if_done(self):
        finished = super()._finish_if_done()
        finished._realcred_campaigns()._sync_state_sms()
        return finished
