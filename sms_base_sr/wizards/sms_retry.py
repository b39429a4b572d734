from datetime import timedelta

from odoo import Command, api, fields, models
from odoo.tools.misc import formatLang

from ..tools.failures import RETRIABLE

# So long after the last SMS carriers still report what they have delivered.
REPORTS_COME = timedelta(hours=2)


class SmsRetry(models.TransientModel):
    """The dialog that asks which failed SMS of a campaign to try again.

    Campaign managers use it. Its figures are the counters' and are told only: what is
    sent is decided by the engine, customer by customer.
    """

    _name = "sms.retry"
    _description = "Try failed SMS again"

    run_id = fields.Many2one("sms.run", "Campaign", required=True, readonly=True)
    line_ids = fields.One2many("sms.retry.line", "retry_id", "Reasons")
    never = fields.Text("Never tried again", readonly=True)
    early = fields.Boolean(readonly=True)
    count = fields.Integer("SMS", compute="_compute_figures")
    segments = fields.Integer(compute="_compute_figures")
    currency_id = fields.Many2one(related="run_id.currency_id")
    price = fields.Monetary(compute="_compute_figures")

    @api.model
    def _open(self, run):
        """Return the dialog for a run."""
        figures = run.sudo()._failed_by_reason()
        last = run.sudo()._last_sent()
        dialog = self.with_env(self.env(su=False)).create(
            {
                "run_id": run.id,
                "line_ids": [
                    Command.create(
                        {
                            "reason": reason,
                            "selected": RETRIABLE[reason],
                            "count": figures[reason][0],
                            "segments": figures[reason][1],
                        }
                    )
                    for reason in RETRIABLE
                    if reason in figures
                ],
                "never": self._never(run, figures),
                "early": bool(last and fields.Datetime.now() - last < REPORTS_COME),
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Try failed ones again"),
            "res_model": self._name,
            "res_id": dialog.id,
            "view_mode": "form",
            "target": "new",
        }

    @api.model
    def _never(self, run, figures):
        """Who is left alone whatever is chosen, by reason and number."""
        counts = dict(run.sudo().summary["excluded"])
        for reason, (count, _segments) in figures.items():
            counts[reason] = counts.get(reason, 0) + count
        messages = self.env["sms.message"]
        names = dict(messages._fields["failure_type"]._description_selection(self.env))
        lines = [
            f"{names.get(reason, reason)}: {formatLang(self.env, count, digits=0)}"
            for reason, count in sorted(counts.items(), key=lambda item: -item[1])
            if reason not in RETRIABLE
        ]
        return "\n".join(lines) or False

    @api.depends("line_ids.selected", "run_id")
    def _compute_figures(self):
        for dialog in self:
            chosen = dialog.line_ids.filtered("selected")
            # sudo: managers read prices, not the account.
            price = dialog.run_id.sudo().provider_id.price_per_segment
            dialog.count = sum(chosen.mapped("count"))
            dialog.segments = sum(chosen.mapped("segments"))
            dialog.price = dialog.segments * price

    def action_retry(self):
        """Try again what was chosen; the form behind the dialog shows it."""
        self.ensure_one()
        reasons = self.line_ids.filtered("selected").mapped("reason")
        told = self.run_id._retry_failed(reasons)
        told["params"]["next"] = {"type": "ir.actions.act_window_close"}
        return told
