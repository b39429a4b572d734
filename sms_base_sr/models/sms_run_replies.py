from odoo import fields, models

from .sms_run_stat import CUSTOMERS_SQL, FIGURES


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
        """Add up the texts' figures; who says two things counts for both."""
        texts = self._reply_figures().values()
        return {name: sum(figures[name] for figures in texts) for name in FIGURES}

    def _reply_figures(self):
        """Return {text: figures}: the counters, or the replies where those lag.

        The counters' job follows within two seconds, so a form hardly ever counts.
        """
        self.ensure_one()
        self.env["sms.message"].flush_model()
        self.env.cr.execute(
            """
            SELECT s.* FROM sms_run_stat s WHERE s.run_id = %(run)s
              AND NOT EXISTS (SELECT 1 FROM sms_run_touch t WHERE t.run_id = %(run)s)
            """,
            {"run": self.id or None},
        )
        rows = self.env.cr.dictfetchall()
        if not rows:
            # Nothing counted yet: mostly because nobody has replied, which is quick.
            self.env.cr.execute(CUSTOMERS_SQL, {"runs": self.ids})
            rows = self.env.cr.dictfetchall()
        return {row["variant"]: row for row in rows}
