from markupsafe import Markup

from odoo import api, models
from odoo.tools.misc import formatLang

from .sms_alert_mixin import Matter
from .sms_run_approval import WAITING


class SmsRun(models.Model):
    """Tells those who may approve that a campaign waits for one of them."""

    _inherit = "sms.run"

    @api.model
    def _alert_subjects(self):
        return [*super()._alert_subjects(), "approval"]

    @api.model
    def _alert_matters_approval(self):
        waiting = self.search([("approval", "=", "wanted"), ("state", "in", WAITING)])
        return [Matter(run, run._approvers() or run._alert_admins()) for run in waiting]

    def _alert_text_approval(self):
        summary = self.env._("“%s” waits for your approval", self.name)
        note = Markup("<p>{what}</p><p>{remedy}</p>").format(
            what=self.env._(
                "%(count)s SMS for %(price)s, planned by %(authors)s.",
                count=formatLang(self.env, self.planned_count, digits=0),
                price=formatLang(
                    self.env, self.planned_cost, currency_obj=self.currency_id
                ),
                authors=", ".join(self._authors().mapped("name")),
            ),
            remedy=self.env._(
                "Open the campaign, read texts and figures, and press “Approve”. "
                "Nothing leaves before."
            ),
        )
        return summary, note
