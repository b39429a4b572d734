from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..tools import failures, suppression

REASONS = [
    (key, label)
    for key, label in failures.BY_GATEWAY
    if key in suppression.KNOWN_AT_GATEWAY
]


class SmsGatewayBlock(models.Model):
    """A number that a gateway has refused as blacklisted or as not to be disturbed.

    No gateway lists its blacklist: its answers reveal it, one number at a time. The
    engine notes them, so that the next campaign leaves these numbers out; supervisors
    forget what they know to be over.

    Rows are only inserted with an answer: an UPDATE, or a unique index, would make two
    batches wait for each other. Of a number that two have noted at once one row is
    enough, and the other goes by and by.
    """

    _name = "sms.gateway.block"
    _description = "SMS: number blocked at the gateway"
    _log_access = False
    _order = "since desc, id desc"
    _rec_name = "number"

    provider_id = fields.Many2one(
        "sms.provider", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="provider_id.company_id")
    number = fields.Char(required=True, readonly=True)
    reason = fields.Selection(REASONS, required=True, readonly=True)
    since = fields.Datetime("Refused on", required=True, readonly=True)

    _number = models.Index("(number, since)")

    @api.model
    def _note(self, message_ids):
        """Note the numbers of messages that were refused for what the gateway knows."""
        self.env.cr.execute(
            """
            INSERT INTO sms_gateway_block (provider_id, number, reason, since)
            SELECT DISTINCT m.provider_id, m.phone, m.failure_type,
                   now() AT TIME ZONE 'UTC'
            FROM sms_message m
            WHERE m.id = ANY(%s) AND m.failure_type = ANY(%s) AND m.phone IS NOT NULL
              AND NOT EXISTS (
                SELECT 1 FROM sms_gateway_block g
                WHERE g.number = m.phone AND g.provider_id = m.provider_id
                  AND g.reason = m.failure_type
                  AND g.since > now() AT TIME ZONE 'UTC' - interval '1 day')
            """,
            [list(message_ids), list(suppression.KNOWN_AT_GATEWAY)],
        )
        self.invalidate_model()

    @api.model
    def _forget(self, numbers, reason):
        """The gateway is told that these numbers are free again."""
        domain = [("number", "in", list(numbers)), ("reason", "=", reason)]
        self.search(domain).unlink()

    def action_forget(self):
        """Let the next campaign try these numbers again."""
        if not self.env.user.has_group("sms_base_sr.group_sms_manager"):
            raise AccessError(self.env._("Only SMS supervisors may do this."))
        self.unlink()

    @api.autovacuum
    def _gc_older(self):
        """Keep the newest row of each number; the older ones say nothing more."""
        self.env.cr.execute(
            """
            DELETE FROM sms_gateway_block g USING sms_gateway_block newer
            WHERE newer.number = g.number AND newer.provider_id = g.provider_id
              AND newer.reason = g.reason
              AND (newer.since, newer.id) > (g.since, g.id)
            """
        )
        self.invalidate_model()
