import logging
import math

from odoo import api, fields, models

_logger = logging.getLogger(__name__)

# What was fetched before is asked for again: the inbox stores a reply once.
OVERLAP_HOURS = 2
# Gateways keep replies for a week.
LONGEST_HOURS = 168


class SmsProvider(models.Model):
    """Polling for replies: the second way in, for what no webhook has brought."""

    _inherit = "sms.provider"

    @api.model
    def _fetch_replies_all(self):
        """Fetch the replies of every account once; one that fails stops no other."""
        able = self.search([("active", "=", True)]).filtered(
            lambda p: p._can("fetch_replies") and not p.suspended
        )
        for provider in able._one_of_each_account():
            try:
                provider._fetch_and_store_replies()
            except Exception:
                # Without a token, say: its form and the log tell.
                self.env.cr.rollback()
                _logger.exception("Provider %s: replies not fetched", provider.id)

    def _fetch_and_store_replies(self):
        """Store what the gateway has kept since the last time, with an overlap."""
        self.ensure_one()
        started = fields.Datetime.now()
        last = self._siblings().health_id.filtered("replies_fetched_at")
        last = last.sorted("replies_fetched_at")[-1:]
        fetch = self._fetch_replies(self._hours_to_fetch(last, started))
        self.env.cr.commit()  # pylint: disable=invalid-commit  # no call while open
        items = fetch()
        if items is None:
            _logger.info("Provider %s: replies could not be fetched", self.id)
            return
        # Webhooks bring the same replies, and sends write health, at any moment.
        self.env["sms.batch"]._commit_alone(self._store_fetched, items, started)

    def _store_fetched(self, items, started):
        for owner, found in self._siblings()._owners(items).items():
            self.env["sms.event"]._store_items(owner, found, "poll")
        self.env.cr.execute(
            "UPDATE sms_provider_health SET replies_fetched_at = %s"
            " WHERE provider_id = %s",
            [started, self.id],
            log_exceptions=False,
        )
        self.health_id.invalidate_recordset()

    @api.model
    def _hours_to_fetch(self, health, now):
        if not health.replies_fetched_at:
            return 24
        passed = (now - health.replies_fetched_at).total_seconds() / 3600
        return min(LONGEST_HOURS, math.ceil(passed) + OVERLAP_HOURS)
