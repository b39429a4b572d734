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
