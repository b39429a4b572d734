from odoo import api, fields, models


class SmsRunTouch(models.Model):
    """*This run has a new or another reply*: as :class:`SmsBatchTouch`, for replies.

    Appended by whoever stores or answers a reply, emptied by the counters' job.
    """

    _name = "sms.run.touch"
    _description = "SMS run whose replies are to be counted again"
    _log_access = False

    run_id = fields.Many2one("sms.run", required=True, ondelete="cascade", index=True)

    @api.model
    def _touch(self, runs):
        """Have the replies of these runs counted again soon."""
        if not runs:
            return
        self.env.cr.execute(
            "INSERT INTO sms_run_touch (run_id) SELECT unnest(%s)", [runs.ids]
        )
        self.env["sms.batch.stat"]._wake_up()
