from datetime import timedelta

from odoo import api, fields, models

from ..tools.states import OVERRIDDEN_BY_DELIVERED
from .sms_batch import REPORTS_EXPECTED_HOURS

POLL_LONGEST = 3600
# A carrier delivers what the gateway had given up: for some hours that is asked too.
LATE_POLLS = 6


class SmsBatch(models.Model):
    """Care: reports that no webhook has brought are asked for, less and less often."""

    _inherit = "sms.batch"

    # -- reports that no webhook brought -----------------------------------------------

    @api.model
    def _wake_up_polls(self):
        """Each poll makes the next one: where its job is lost, begin again."""
        since = fields.Datetime.now() - timedelta(hours=REPORTS_EXPECTED_HOURS)
        everyone = self.env["sms.provider"].search([("active", "in", (True, False))])
        # Of others thousands of batches would be looked at each minute, for nothing.
        askable = everyone.filtered(lambda provider: provider._can("query_batch"))
        self.env.cr.execute(
            """
            SELECT b.id FROM sms_batch b
            WHERE b.state = 'sent' AND b.sent_date > %s AND b.provider_id = ANY(%s)
              AND EXISTS (
                SELECT 1 FROM sms_batch_stat s WHERE s.batch_id = b.id
                AND (s.state IN ('draft', 'outgoing', 'sent')
                     OR s.state = ANY(%s) AND (s.accepted > 0 OR s.attempt = 'again')
                        AND COALESCE(b.polled_count, 0) < %s))
            ORDER BY b.id
            """,
            [since, askable.ids, sorted(OVERRIDDEN_BY_DELIVERED), LATE_POLLS],
        )
        batches = self.browse(row[0] for row in self.env.cr.fetchall())
        (batches - batches._with_living_job("_poll_status"))._enqueue_poll()

    def _enqueue_poll(self):
        """Ask later and later: after the provider's delay, then twice as long …"""
        for batch in self:
            if not batch.provider_id._can("query_batch"):
                continue
            delay = batch.provider_id.poll_delay * 2**batch.polled_count
            batch.with_delay(
                eta=min(delay, max(POLL_LONGEST, batch.provider_id.poll_delay)),
                description=self.env._("Missing reports: %s", batch._job_title()),
            )._poll_status()

    def _poll_status(self):
        """Ask for the reports of messages that have no final state."""
        self.ensure_one()
        # It may have been deleted since the job was made, or while the call ran.
        if not self.exists() or self.state != "sent" or not self._open_references():
            return
        query = self._question(self.provider_id, self.attempt_reference)
        self.env.cr.commit()  # pylint: disable=invalid-commit  # no call while open
        answer = query()
        if not self.exists():
            return
        still_open = self._open_references()
        if answer.found:
            items = [i for i in answer.items if i.state and i.reference in still_open]
            self.env["sms.event"]._store_items(self.provider_id, items, "poll")
            self._reject_unlisted(answer)
        self.polled_count += 1
        age = fields.Datetime.now() - (self.sent_date or fields.Datetime.now())
        if age < timedelta(hours=REPORTS_EXPECTED_HOURS):
            self._enqueue_poll()

    def _reject_unlisted(self, answer):
        """A message that the call's answer forgot and the listing too was refused."""
        rows = [
            (row[0], "rejected", None, "not_listed", None)
            for row in self._unlisted(answer)
        ]
        if rows and answer.items and self._names_all(answer):
            self.env["sms.message"]._store_acceptance(rows, None, None)
            self.env["sms.batch.touch"]._touch(self.ids)

    def _open_references(self):
        """References of this batch's messages whose fate may still change."""
        late = OVERRIDDEN_BY_DELIVERED if self.polled_count < LATE_POLLS else ()
        self.env.cr.execute(
            """
            SELECT reference FROM sms_message
            WHERE batch_id = %s AND (state IN ('draft', 'outgoing', 'sent')
                OR state = ANY(%s) AND sent_date IS NOT NULL)
            """,
            [self.id, sorted(late)],
        )
        return {row[0] for row in self.env.cr.fetchall()}
