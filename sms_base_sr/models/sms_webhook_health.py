from odoo import api, fields, models
from odoo.tools import SQL


class SmsEvent(models.Model):
    """One more index: what came by webhook, and when."""

    _inherit = "sms.event"

    _by_webhook = models.Index("(provider_id, create_date) WHERE source = 'webhook'")


class SmsProvider(models.Model):
    """Whether webhooks arrive: counted when somebody looks, stored nowhere."""

    _inherit = "sms.provider"

    webhook_last_event = fields.Datetime(
        "Last event",
        compute="_compute_webhook_health",
        groups="sms_base_sr.group_sms_admin",
    )
    webhook_events_today = fields.Integer(
        "Events today",
        compute="_compute_webhook_health",
        groups="sms_base_sr.group_sms_admin",
    )
    webhook_refusals_today = fields.Integer(
        "Refused calls today",
        compute="_compute_webhook_health",
        groups="sms_base_sr.group_sms_admin",
        help="Of this provider, and those that did not show whose they were.",
    )

    def _compute_webhook_health(self):
        today = self._today_begins()
        events = self._webhook_events_since(today)
        for provider in self:
            last, count = events.get(provider._origin.id, (False, 0))
            provider.webhook_last_event = last
            provider.webhook_events_today = count
            provider.webhook_refusals_today = provider._refusals_since(today)

    @api.model
    def _today_begins(self):
        """Midnight of the user, as the database writes times."""
        now = fields.Datetime.now()
        local = fields.Datetime.context_timestamp(self, now)
        passed = local.replace(tzinfo=None) - local.replace(
            hour=0, minute=0, second=0, microsecond=0, tzinfo=None
        )
        return now - passed

    def _webhook_events_since(self, moment):
        """Return {provider id: (time of the last event, events since a moment)}."""
        self.env["sms.event"].flush_model()
        self.env.cr.execute(
            SQL(
                """
                SELECT p.id,
                    (SELECT max(create_date) FROM sms_event
                     WHERE provider_id = p.id AND source = 'webhook'),
                    (SELECT count(*) FROM sms_event WHERE provider_id = p.id
                     AND source = 'webhook' AND create_date >= %s)
                FROM sms_provider p WHERE p.id = ANY(%s)
                """,
                moment,
                self._origin.ids,
            )
        )
        return {row[0]: row[1:] for row in self.env.cr.fetchall()}

    def _refusals_since(self, moment):
        hour = moment.replace(minute=0, second=0, microsecond=0)
        # sudo: of a call that showed no provider, everybody's administrator learns.
        rows = (
            self.env["sms.webhook.refusal"]
            .sudo()
            ._read_group(
                [("provider_id", "in", [self._origin.id, False]), ("hour", ">=", hour)],
                aggregates=["count:sum"],
            )
        )
        return rows[0][0] or 0

    def action_webhook_refusals(self):
        """Open the refused calls that may concern this provider."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "sms_base_sr.sms_webhook_refusal_action"
        )
        action["domain"] = [("provider_id", "in", [self.id, False])]
        return action
