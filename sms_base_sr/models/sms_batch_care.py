from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.queue_job.exception import RetryableJobError

from ..tools import outcomes
from .sms_batch import REPORTS_EXPECTED_HOURS

POLL_LONGEST = 3600


class SmsBatch(models.Model):
    """Care: batches without a job, attempts without an answer, missing reports.

    The ledger is the queue. Jobs only wake it up, so losing them all costs a minute.
    """

    _inherit = "sms.batch"

    @api.model
    def _sweep(self):
        """Each minute: make a job for whatever waits and has none."""
        self.env["sms.run"]._sweep_runs()
        self._wake_up(["|", ("run_id", "=", False), ("filling", "=", False)])
        self._wake_up_polls()
        self.env["sms.event"]._sweep_events()
        if self.env["sms.batch.touch"].search_count([], limit=1):
            self.env["sms.batch.stat"]._wake_up()

    def _recover(self):
        """An attempt without an answer: ask the gateway, never send again blindly."""
        self.ensure_one()
        now = fields.Datetime.now()
        if self.attempt_deadline and now < self.attempt_deadline:
            wait = (self.attempt_deadline - now).total_seconds() + 1
            raise RetryableJobError(
                self.env._("In its call until %s (UTC).", self.attempt_deadline),
                seconds=wait,
                ignore_retry=True,
            )
        self.write({"state": "unknown"})
        if self.provider_id._can("query_batch"):
            self._ask_gateway()

    def _ask_gateway(self):
        """Apply what the gateway knows of the last attempt."""
        query = self._question()
        self.env.cr.commit()  # pylint: disable=invalid-commit  # no call while open
        answer = query()
        if self.state != "unknown":
            return
        if not answer.found:
            reason = self.env._("The gateway does not know this batch (yet).")
            self.write({"failure_reason": answer.detail or reason})
            return
        now = fields.Datetime.now()
        self._store_listing(answer, now)
        self.write(
            {
                "state": "sent",
                "attempt_token": False,
                "sent_date": self.sent_date or now,
                "provider_job_id": answer.request_id,
                "failure_reason": False,
            }
        )
        self._enqueue_followers()
        self.env["sms.batch.touch"]._touch(self.ids)

    def _question(self):
        """The provider's query; an account that cannot ask has no usable answer."""
        try:
            return self.provider_id._query_batch(self.attempt_reference)
        except UserError as error:
            answer = outcomes.QueryAnswer(None, detail=str(error))
            return lambda: answer

    def _store_listing(self, answer, now):
        """Messages that the gateway lists were accepted; the others never were."""
        listed = {item.reference: item for item in answer.items if item.reference}
        rows = []
        for message_id, reference, *_rest in self._messages_to_send():
            item = listed.get(reference)
            if item:
                rows.append((message_id, "sent", item.message_id, None, None))
            else:
                rows.append((message_id, "rejected", None, "not_listed", None))
        self.env["sms.message"]._store_acceptance(
            rows, answer.request_id, now, self.provider_id.price_per_segment
        )
        self.env["sms.event"]._store_items(self.provider_id, answer.items, "poll")

    # -- reports that no webhook brought -----------------------------------------------

    @api.model
    def _wake_up_polls(self):
        """Each poll makes the next one: where its job is lost, begin again."""
        since = fields.Datetime.now() - timedelta(hours=REPORTS_EXPECTED_HOURS)
        self.env.cr.execute(
            """
            SELECT b.id FROM sms_batch b
            WHERE b.state = 'sent' AND b.sent_date > %s AND EXISTS (
                SELECT 1 FROM sms_batch_stat s WHERE s.batch_id = b.id
                AND s.state IN ('draft', 'outgoing', 'sent'))
            ORDER BY b.id
            """,
            [since],
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
        if self.state != "sent" or not self._open_references():
            return
        query = self._question()
        self.env.cr.commit()  # pylint: disable=invalid-commit  # no call while open
        answer = query()
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
        listed = {item.reference for item in answer.items}
        rows = [
            (message_id, "rejected", None, "not_listed", None)
            for message_id, reference, *_rest in self._messages_to_send()
            if reference not in listed
        ]
        if rows:
            self.env["sms.message"]._store_acceptance(rows, None, None)
            self.env["sms.batch.touch"]._touch(self.ids)

    def _open_references(self):
        """References of this batch's messages whose fate is not final."""
        self.env.cr.execute(
            """
            SELECT reference FROM sms_message
            WHERE batch_id = %s AND state IN ('draft', 'outgoing', 'sent')
            """,
            [self.id],
        )
        return {row[0] for row in self.env.cr.fetchall()}
