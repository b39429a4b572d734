from odoo import api, fields, models
from odoo.tools import format_datetime

# Longer than a call may last: then somebody else may tell the gateway.
CLAIM_SECONDS = 180
TRY_AGAIN_SECONDS = 600
# While a confirmation is on its way, the gateway must not block it.
CONFIRMATION_SECONDS = 3600
# What each number is to be at the gateway, where that differs from what it was told.
PENDING = """
    SELECT COALESCE(b.number, s.number) AS number, b.number IS NOT NULL AS blocked
    FROM (SELECT number FROM phone_blacklist WHERE active) b
    FULL JOIN (SELECT * FROM sms_blacklist_sync WHERE provider_id = %(provider)s) s
        ON s.number = b.number
    WHERE (b.number IS NOT NULL) IS DISTINCT FROM COALESCE(s.blocked, FALSE)
"""
DUE = """
    AND (s.not_before IS NULL OR s.not_before <= now() AT TIME ZONE 'UTC')
    AND NOT EXISTS (
        SELECT 1 FROM sms_message m
        WHERE m.phone = COALESCE(b.number, s.number) AND m.opt_out_confirmation
          AND m.state = 'outgoing' AND m.create_date
              > (now() AT TIME ZONE 'UTC') - %(confirmation)s * interval '1 second')
"""


class SmsBlacklistSync(models.Model):
    """What each gateway was last told about a number: blocked or free.

    Compared with the blacklist it says what is left to tell, so that losing a job
    loses nothing. The engine alone writes it.
    """

    _name = "sms.blacklist.sync"
    _description = "SMS blacklist at the gateway"
    _log_access = False
    _rec_name = "number"

    provider_id = fields.Many2one("sms.provider", required=True, ondelete="cascade")
    number = fields.Char(required=True)
    blocked = fields.Boolean("Blocked there")
    told_at = fields.Datetime("Told on")
    not_before = fields.Datetime(
        "Not before", help="A job tells it just now, or the gateway had no answer."
    )
    refusal = fields.Char("Refused")

    _once = models.Constraint(
        "unique(provider_id, number)", "A number is listed once per provider."
    )

    def _in_words(self):
        """Say what this gateway knows of the number, for the blacklist's form."""
        name = self.provider_id.name
        if self.refusal:
            why = self.refusal
            return self.env._("%(name)s refuses it: %(why)s", name=name, why=why)
        if not self.told_at:
            return self.env._("%s: not told yet", name)
        moment = format_datetime(self.env, self.told_at)
        if self.blocked:
            return self.env._("%(name)s: blocked, %(when)s", name=name, when=moment)
        return self.env._("%(name)s: free, %(when)s", name=name, when=moment)

    @api.model
    def _is_due(self, provider):
        """Whether there is anything to tell now."""
        self.env["phone.blacklist"].flush_model()
        self.env["sms.message"].flush_model()
        values = {"provider": provider.id, "confirmation": CONFIRMATION_SECONDS}
        self.env.cr.execute(f"{PENDING} {DUE} LIMIT 1", values)
        return bool(self.env.cr.fetchone())

    @api.model
    def _claim(self, provider, limit):
        """Take a page of numbers to tell, until the claim is over.

        Nobody else tells the same numbers meanwhile, so that the gateway cannot hear
        two contrary wishes in the wrong order.

        :return: (blocked or free, numbers)
        """
        self.env["phone.blacklist"].flush_model()
        self.env["sms.message"].flush_model()
        self.env.cr.execute(
            f"""
            WITH due AS ({PENDING} {DUE} ORDER BY 2 DESC, 1 LIMIT %(limit)s)
            INSERT INTO sms_blacklist_sync (provider_id, number, blocked, not_before)
            SELECT %(provider)s, number, NOT blocked,
                   (now() AT TIME ZONE 'UTC') + %(claim)s * interval '1 second'
            FROM due WHERE blocked = (SELECT bool_or(blocked) FROM due)
            ON CONFLICT (provider_id, number)
            DO UPDATE SET not_before = excluded.not_before
            RETURNING number, NOT blocked
            """,
            {
                "provider": provider.id,
                "confirmation": CONFIRMATION_SECONDS,
                "claim": CLAIM_SECONDS,
                "limit": limit,
            },
        )
        rows = self.env.cr.fetchall()
        self.invalidate_model()
        return bool(rows and rows[0][1]), sorted(row[0] for row in rows)

    @api.model
    def _told(self, provider, numbers, blocked, refusal=None):
        """Note what the gateway knows now; what it refuses is not told again."""
        self.env.cr.execute(
            """
            UPDATE sms_blacklist_sync SET blocked = %s, refusal = %s, not_before = NULL,
                told_at = now() AT TIME ZONE 'UTC'
            WHERE provider_id = %s AND number = ANY(%s)
            """,
            [blocked, refusal, provider.id, numbers],
        )
        self.invalidate_model()

    @api.model
    def _postpone(self, provider, numbers):
        """The gateway had no answer: tell it later."""
        self.env.cr.execute(
            """
            UPDATE sms_blacklist_sync
            SET not_before = (now() AT TIME ZONE 'UTC') + %s * interval '1 second'
            WHERE provider_id = %s AND number = ANY(%s)
            """,
            [TRY_AGAIN_SECONDS, provider.id, numbers],
        )
        self.invalidate_model()
