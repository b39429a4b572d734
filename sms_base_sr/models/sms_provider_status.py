from odoo import api, fields, models


class SmsProvider(models.Model):
    """How the account fares, at a glance, for the list and the form."""

    _inherit = "sms.provider"

    health_state = fields.Selection(
        [
            ("healthy", "Healthy"),
            ("limited", "Limited"),
            ("stopped", "Calls stopped"),
            ("suspended", "Suspended"),
        ],
        "Status",
        compute="_compute_health_state",
    )
    health_advice = fields.Char("What to do", compute="_compute_health_advice")
    suspended_at = fields.Datetime(related="health_id.suspended_at")
    blocked_until = fields.Datetime(related="health_id.blocked_until")
    circuit_since = fields.Datetime(related="health_id.circuit_since")
    circuit_reason = fields.Char(related="health_id.circuit_reason")
    probe_at = fields.Datetime(related="health_id.probe_at")
    last_success = fields.Datetime(related="health_id.last_success")
    last_failure = fields.Datetime(related="health_id.last_failure")
    last_failure_reason = fields.Char(
        "Last reason", related="health_id.last_failure_reason"
    )
    waiting_count = fields.Integer("Batches waiting", compute="_compute_waiting_count")
    incident_ids = fields.One2many(
        "sms.provider.incident", "provider_id", "History", readonly=True
    )

    @api.depends("suspended", "circuit_since", "blocked_until")
    def _compute_health_state(self):
        now = fields.Datetime.now()
        for provider in self:
            if provider.suspended:
                provider.health_state = "suspended"
            elif provider.circuit_since:
                provider.health_state = "stopped"
            elif provider.blocked_until and provider.blocked_until > now:
                provider.health_state = "limited"
            else:
                provider.health_state = "healthy"

    @api.depends("suspended_reason", "circuit_reason", "health_state")
    def _compute_health_advice(self):
        for provider in self:
            state = provider.health_state
            reason = provider.suspended_reason or ""
            if state == "stopped":
                reason = provider.circuit_reason or ""
            provider.health_advice = state in ("stopped", "suspended") and (
                provider._advice(reason.split(":")[0])
            )

    def _advice(self, reason):
        """What a person can do about an outcome of that name."""
        advice = {
            "unauthorized": self.env._(
                "The gateway refuses the token: enter it again, press “Check "
                "connection”, then “Resume sending”."
            ),
            "forbidden": self.env._(
                "The gateway refuses this server or this account: have the server's "
                "address and the permission entered in the gateway's portal, press "
                "“Check connection”, then “Resume sending”."
            ),
            "connection": self.env._(
                "The gateway cannot be reached from this server. Nothing needs to be "
                "done if it is the gateway's trouble; if it lasts, look at this "
                "server's network."
            ),
            "address": self.env._(
                "Something else answers at the gateway's address: compare it with the "
                "gateway's documents."
            ),
        }
        if reason in advice:
            return advice[reason]
        if self.suspended:
            return self.env._(
                "Correct what is said above, press “Check connection”, then “Resume "
                "sending”."
            )
        return self.env._(
            "Nothing needs to be done if it is the gateway's trouble; if it lasts, "
            "ask the gateway's support."
        )

    def _compute_waiting_count(self):
        # sudo: a number only, whoever's campaigns they are.
        found = (
            self.env["sms.batch"]
            .sudo()
            ._read_group(
                [("provider_id", "in", self.ids), ("state", "=", "queued")],
                ["provider_id"],
                ["__count"],
            )
        )
        counts = {provider.id: count for provider, count in found}
        for provider in self:
            provider.waiting_count = counts.get(provider._origin.id, 0)
