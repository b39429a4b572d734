from odoo import fields, models


class SmsCampaignSchedule(models.AbstractModel):
    """When a campaign leaves: its dates are its run's, its hours its own."""

    _inherit = "sms.campaign.mixin"

    sms_sending_window_id = fields.Many2one(
        "sms.sending.window",
        "Sending window",
        ondelete="restrict",
        copy=True,
        help="The hours of each weekday in which this campaign leaves, by each "
        "recipient's own clock. Empty: those of the company.",
    )
    sms_sending_hours = fields.Char(
        "Hours", compute="_compute_sms_sending_hours", compute_sudo=True
    )
    sms_date_start = fields.Datetime("Send from", related="sms_run_id.date_start")
    sms_date_latest_start = fields.Datetime(
        "Send no later than", related="sms_run_id.date_latest_start"
    )
    sms_schedule_expired = fields.Boolean(
        "Was not sent in time", related="sms_run_id.schedule_expired"
    )

    def _compute_sms_sending_hours(self):
        """The hours that hold in the end, in words; empty for any time."""
        for campaign in self:
            company = campaign._sms_company()
            window = campaign.sms_sending_window_id or company.sms_sending_window_id
            campaign.sms_sending_hours = window.summary

    def write(self, vals):
        result = super().write(vals)
        if "sms_sending_window_id" in vals:
            self._sms_change_window()
        return result

    def _sms_change_window(self):
        """A campaign under way follows its new hours at once."""
        # sudo: see _sms_new_run.
        under_way = self.sudo().filtered("sms_run_id")
        if under_way:
            self._check_sms_sender()
        for campaign in under_way:
            run = campaign.sms_run_id
            run.sending_window_id = campaign.sms_sending_window_id
            run._hours_changed([("id", "=", run.id)])

    def _sms_run_values(self, provider, text):
        values = super()._sms_run_values(provider, text)
        return {**values, "sending_window_id": self.sms_sending_window_id.id}

    def action_sms_schedule(self):
        """Open the dialog that asks when to send."""
        self.ensure_one()
        self.check_access("write")
        return self.env["sms.schedule"]._open(campaign=self)

    def _sms_schedule(self, start, latest):
        """Plan now and send then; a plan that exists waits as it is."""
        self.check_access("write")
        self._check_sms_sender()
        # sudo: see _sms_new_run.
        run = self.sms_run_id.sudo()
        run._check_schedule(start, latest)
        if run.state in ("planning", "ready", "scheduled"):
            return run._schedule(start, latest)
        run = self._sms_new_run()
        run._schedule(start, latest)
        return run.action_plan()
