from markupsafe import Markup

from odoo import api, fields, models

from .sms_alert_mixin import Matter


class SmsProvider(models.Model):
    """Whom to tell when an account cannot send: the administrators, with a remedy."""

    _name = "sms.provider"
    _inherit = ["sms.provider", "sms.alert.mixin"]

    @api.model
    def _alert_subjects(self):
        return [*super()._alert_subjects(), "suspended"]

    @api.model
    def _alert_matters_suspended(self):
        """As long as it is suspended, whoever put it aside is told again each day."""
        today = fields.Date.today().toordinal()
        suspended = self.search([("health_id.suspended", "=", True)])
        return [
            Matter(provider, self._alert_admins(provider.company_id), today)
            for provider in suspended
        ]

    def _alert_text_suspended(self):
        summary = self.env._("SMS are not sent: %s is suspended", self.display_name)
        note = Markup("<p>{reason}</p><p>{intro}</p><ul>{steps}</ul><p>{end}</p>")
        steps = (
            self.env._("the token is the one that the gateway shows, and still valid;"),
            self.env._("the account may send, and its segment too;"),
            self.env._("the gateway's list of allowed addresses has this server's IP."),
        )
        return summary, note.format(
            reason=self.suspended_reason or "",
            intro=self.env._("The gateway refuses this account. Check that"),
            steps=Markup().join(Markup("<li>%s</li>") % step for step in steps),
            end=self.env._(
                "Then press “Check connection” and “Resume sending”. Nothing is lost: "
                "what waits is sent then."
            ),
        )

    def _after_resumed(self):
        """Who was told that it cannot send need not act any more."""
        self._settle_alerts("suspended")

    def action_resume(self):
        """As before; the activities about it are closed with it."""
        result = super().action_resume()
        self._settle_alerts("suspended")
        return result
