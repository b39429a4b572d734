from datetime import timedelta

from markupsafe import Markup

from odoo import api, fields, models

from .sms_alert_mixin import Matter

# Probes are made once a minute: by then a dozen of them has failed.
OUTAGE = timedelta(minutes=15)


class SmsProvider(models.Model):
    """Whom to tell when an account cannot send: the administrators, with a remedy."""

    _name = "sms.provider"
    _inherit = ["sms.provider", "sms.alert.mixin"]

    @api.model
    def _alert_subjects(self):
        return [*super()._alert_subjects(), "suspended", "stopped"]

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

    # -- a gateway that keeps failing --------------------------------------------------

    @api.model
    def _alert_matters_stopped(self):
        """A short outage heals itself: people are told of one that lasts."""
        since = fields.Datetime.now() - OUTAGE
        today = fields.Date.today().toordinal()
        stopped = self.search(
            [
                ("health_id.circuit_since", "<=", since),
                ("health_id.suspended", "!=", True),
            ]
        )
        return [
            Matter(provider, self._alert_admins(provider.company_id), today)
            for provider in stopped
        ]

    def _alert_text_stopped(self):
        summary = self.env._("SMS are not sent: %s does not answer", self.display_name)
        note = Markup("<p>{reason}</p><p>{remedy}</p>").format(
            reason=self.circuit_reason or "",
            remedy=self.env._(
                "The gateway has failed again and again, so calls are stopped; one is "
                "tried now and then, and its success lets all others follow. Ask the "
                "gateway's support if it lasts."
            ),
        )
        return summary, note

    # -- over --------------------------------------------------------------------------

    def _after_resumed(self):
        result = super()._after_resumed()
        self._settle_alerts("suspended", "stopped")
        return result
