from odoo import fields, models


class SmsRun(models.Model):
    """How customers answered a run; corrections of people count at once."""

    _inherit = "sms.run"

    interested_count = fields.Integer("Interested", compute="_compute_reply_counts")
    opt_out_count = fields.Integer("Opt-outs", compute="_compute_reply_counts")
    unanswered_count = fields.Integer("Unanswered", compute="_compute_reply_counts")

    def _compute_reply_counts(self):
        for run in self:
            counts = run._read_reply_counts()
            run.interested_count = counts["interested"]
            run.opt_out_count = counts["opted_out"]
            run.unanswered_count = counts["unanswered"]

    def _read_reply_counts(self):
        """Count customers by what they said; who says two things counts for both."""
        self.env["sms.message"].flush_model(["reply_class", "needs_answer"])
        self.env.cr.execute(
            """
            SELECT count(DISTINCT phone) FILTER (WHERE reply_class = 'interested')
                       AS interested,
                   count(DISTINCT phone) FILTER (WHERE reply_class = 'opt_out')
                       AS opted_out,
                   count(DISTINCT phone) FILTER (WHERE needs_answer) AS unanswered
            FROM sms_message WHERE run_id = %s AND direction = 'incoming'
            """,
            [self.id or None],
        )
        return self.env.cr.dictfetchone()

    def _read_summary(self):
        """Add how the customers answered."""
        return {**super()._read_summary(), **self._read_reply_counts()}
