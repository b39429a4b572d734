import logging
from datetime import timedelta

import psycopg2
import psycopg2.errors

from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.client_address import caller_of
from ..tools.log_mask import mask_text

_logger = logging.getLogger(__name__)

TRIES = 10
KEEP_DAYS = 30
# Rows that one day may hold, of one address and of all; the rest is counted together.
MOST_OF_ADDRESS = 50
MOST_OF_DAY = 1000
OTHERS = "*"
LONGEST_EXCERPT = 500
REASONS = [
    ("unknown_secret", "Unknown secret address"),
    ("sender", "Sender not allowed"),
    ("no_token", "No signature"),
    ("signature", "Wrong signature"),
    ("expired", "Signature expired"),
    ("body_hash", "Signed for another content"),
    ("replayed", "Signature used before"),
    ("no_secret", "No JWT secret to check with"),
    ("body", "Content not understood"),
    ("too_large", "Too large"),
    ("too_many", "Too many refused calls"),
]
KNOWN_REASONS = {
    "ExpiredSignatureError": "expired",
    "short_secret": "no_secret",
    **{code: code for code, _title in REASONS},
}


class SmsWebhookRefusal(models.Model):
    """Webhook calls that were turned away, counted per sender, reason and hour.

    For the question *why does nothing arrive?*, and to see who tries keys. Whatever a
    stranger does, a day holds a bounded number of rows. Controllers write, nobody
    else; the daily clean-up deletes.
    """

    _name = "sms.webhook.refusal"
    _description = "Refused webhook call"
    _order = "last_date desc, id desc"
    _rec_name = "address"
    _log_access = False

    hour = fields.Datetime(required=True, readonly=True)
    address = fields.Char("Sender", required=True, readonly=True)
    reason = fields.Selection(REASONS, required=True, readonly=True)
    door = fields.Selection(
        [("secret", "Secret address"), ("fixed", "Fixed address")],
        "Called",
        required=True,
        readonly=True,
    )
    provider_id = fields.Many2one(
        "sms.provider",
        readonly=True,
        ondelete="cascade",
        index="btree_not_null",
        help="Empty where the call did not show whose it was.",
    )
    count = fields.Integer("Calls", readonly=True)
    last_date = fields.Datetime("Last call", readonly=True)
    excerpt = fields.Text(
        readonly=True,
        help="Beginning of the first call's content; numbers and secrets are hidden.",
    )
    advice = fields.Char("What to do", compute="_compute_advice")

    _once_an_hour = models.UniqueIndex(
        "(hour, address, reason, door, COALESCE(provider_id, 0))",
        "One row counts the calls of an hour.",
    )

    @api.depends("reason")
    def _compute_advice(self):
        words = self._advice_words()
        for refusal in self:
            refusal.advice = words.get(refusal.reason)

    @api.model
    def _advice_words(self):
        signing = self.env._("Give the sender the present JWT secret, or a new one.")
        return {
            "unknown_secret": self.env._(
                "If it is your gateway, paste the provider's present address into "
                "its portal. If not, nothing happened."
            ),
            "sender": self.env._(
                "If it is your gateway, add its address to the provider's allowed "
                "senders. If it is your proxy, name it under Settings › SMS."
            ),
            "no_token": self.env._(
                "The sender must sign, or use the provider's secret address."
            ),
            "signature": signing,
            "no_secret": self.env._("Make a JWT secret on the provider's form."),
            "expired": self.env._("Compare the clocks; the sender signs anew."),
            "body_hash": self.env._("Something on the way changes the content."),
            "replayed": self.env._("Somebody used a signature that was not his."),
            "body": self.env._("The content shows what came; tell your supplier."),
            "too_large": self.env._("At most 2 MB are taken in one call."),
            "too_many": self.env._("Nothing: the sender was made to wait."),
        }

    @api.model
    def _note(self, reason, call, provider_id=None, count=1):
        """Count refused calls; whatever happens here, the caller gets his answer.

        Call it in a transaction that holds nothing else: a conflict rolls it back.
        """
        now = fields.Datetime.now()
        row = {
            "now": now,
            "hour": now.replace(minute=0, second=0, microsecond=0),
            "address": caller_of(call.address) or "?",
            "reason": KNOWN_REASONS.get(reason, "signature"),
            "door": call.door,
            "provider_id": provider_id,
            "count": count,
            "excerpt": excerpt_of(call.body),
        }
        for _attempt in range(TRIES):
            try:
                return self._count(row) or self._count_new(row)
            except psycopg2.errors.SerializationFailure:
                self.env.cr.rollback()
            except psycopg2.Error as error:
                self.env.cr.rollback()
                _logger.warning("Refused call not counted: %s", type(error).__name__)
                return None
        return None

    def _count(self, row):
        """Add to the hour's row, where there is one."""
        self.env.cr.execute(
            """
            UPDATE sms_webhook_refusal
            SET count = count + %(count)s, last_date = %(now)s
            WHERE hour = %(hour)s AND address = %(address)s AND reason = %(reason)s
            AND door = %(door)s
            AND COALESCE(provider_id, 0) = COALESCE(%(provider_id)s, 0)
            """,
            row,
            log_exceptions=False,
        )
        return self.env.cr.rowcount

    def _count_new(self, row):
        if self._day_is_full(row):
            row = {**row, "address": OTHERS, "provider_id": None, "excerpt": None}
        self.env.cr.execute(
            """
            INSERT INTO sms_webhook_refusal (hour, address, reason, door, provider_id,
                count, last_date, excerpt)
            VALUES (%(hour)s, %(address)s, %(reason)s, %(door)s, %(provider_id)s,
                %(count)s, %(now)s, %(excerpt)s)
            ON CONFLICT (hour, address, reason, door, COALESCE(provider_id, 0))
            DO UPDATE SET count = sms_webhook_refusal.count + EXCLUDED.count,
                last_date = EXCLUDED.last_date
            """,
            row,
            log_exceptions=False,
        )
        return self.env.cr.rowcount

    def _day_is_full(self, row):
        self.env.cr.execute(
            "SELECT count(*), count(*) FILTER (WHERE address = %s)"
            " FROM sms_webhook_refusal WHERE hour >= %s AND address != %s",
            [row["address"], row["hour"].replace(hour=0), OTHERS],
        )
        of_day, of_address = self.env.cr.fetchone()
        return of_day >= MOST_OF_DAY or of_address >= MOST_OF_ADDRESS

    @api.autovacuum
    def _delete_old(self):
        """Delete what nobody asks for any more; 0 days keep it for ever."""
        parameters = self.env["ir.config_parameter"].sudo()
        name = "sms_base_sr.refusal_days"
        days = int(parameters.get_param(name, KEEP_DAYS) or 0)
        if days <= 0:
            return
        self.env.cr.execute(
            SQL(
                "DELETE FROM sms_webhook_refusal WHERE hour < %s",
                fields.Datetime.now() - timedelta(days=days),
            )
        )
        self.invalidate_model()


def excerpt_of(body):
    """Return the beginning of a body without numbers, secrets and control codes."""
    # Cut twice: masking a long text costs time, and may end with half a number.
    text = bytes(body[: LONGEST_EXCERPT * 2]).decode("utf-8", "replace")
    text = "".join(c if c.isprintable() or c == "\n" else "\ufffd" for c in text)
    return mask_text(text)[:LONGEST_EXCERPT] or None
