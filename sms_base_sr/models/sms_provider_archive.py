from markupsafe import Markup

from odoo import api, fields, models

from .sms_alert_mixin import Matter
from .sms_batch import WAITING_RUNS


class SmsProvider(models.Model):
    """An archived account sends nothing: what waits for it waits on, and is seen.

    Nothing fails by it. Activated again, its batches leave; where another account
    takes over, they leave by that one.
    """

    _inherit = "sms.provider"

    health_state = fields.Selection(selection_add=[("archived", "Archived")])

    def write(self, vals):
        """Archiving holds the batches, activating lets them go."""
        were_active = self.filtered("active")
        result = super().write(vals)
        if "active" in vals:
            were_active.filtered(lambda p: not p.active)._note_archived()
            # sudo: as action_resume; who may write the account may use it.
            (self - were_active).filtered("active").sudo()._after_activated()
        return result

    def _note_archived(self):
        incidents = self.env["sms.provider.incident"]
        for provider in self:
            reason = self.env._("Archived by %s.", self.env.user.name)
            incidents._begin(provider, "archived", reason)

    def _after_activated(self):
        """Batches that were held follow at once."""
        incidents = self.env["sms.provider.incident"]
        for provider in self:
            incidents._end(provider, "archived", "takeover", person=self.env.user)
        self._settle_alerts("archived")
        self._wake_batches_later()

    # -- where it is seen --------------------------------------------------------------

    @api.depends("active")
    def _compute_health_state(self):
        archived = self.filtered(lambda provider: not provider.active)
        archived.health_state = "archived"
        return super(SmsProvider, self - archived)._compute_health_state()

    @api.depends("active")
    def _compute_health_advice(self):
        archived = self.filtered(lambda provider: not provider.active)
        for provider in archived:
            waits = provider.waiting_count > 0
            provider.health_advice = waits and provider._advice_archived()
        return super(SmsProvider, self - archived)._compute_health_advice()

    def _advice_archived(self):
        return self.env._(
            "Activate the account again, and they leave; or have another account of "
            "the company send them: “Takes over batches” on its form. To send none of "
            "them, cancel the campaign."
        )

    def _overview_values(self):
        values = super()._overview_values()
        if not self.active:
            values["reason"] = self._advice_archived()
        return values

    @api.model
    def _archived_with_waiting(self):
        """Archived accounts for which batches wait that could leave otherwise."""
        waiting = self.env["sms.batch"]._read_group(
            [
                ("state", "=", "queued"),
                ("provider_id.active", "=", False),
                "|",
                ("run_id", "=", False),
                ("run_id.state", "not in", [*WAITING_RUNS, "canceled"]),
            ],
            ["provider_id"],
        )
        return self.union(*(provider for (provider,) in waiting))

    # -- who is told -------------------------------------------------------------------

    @api.model
    def _alert_subjects(self):
        return [*super()._alert_subjects(), "archived"]

    @api.model
    def _alert_matters_archived(self):
        """As for a suspended account, whoever put it aside is told again each day."""
        today = fields.Date.today().toordinal()
        return [
            Matter(provider, self._alert_admins(provider.company_id), today)
            for provider in self._archived_with_waiting()
        ]

    def _alert_text_archived(self):
        summary = self.env._("SMS are not sent: %s is archived", self.display_name)
        note = Markup("<p>{waiting}</p><p>{remedy}</p>").format(
            waiting=self.env._("Batches that wait: %s.", self.waiting_count),
            remedy=self._advice_archived(),
        )
        return summary, note
