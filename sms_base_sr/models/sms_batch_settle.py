import logging
from datetime import timedelta

import psycopg2.errors
import tenacity

from odoo import fields, models

from odoo.addons.queue_job.exception import RetryableJobError

from ..tools import circuit, outcomes, retry_pattern
from .sms_batch import MAX_TRIES
from .sms_batch_recover import ASK_SOON

_logger = logging.getLogger(__name__)

CONFLICTS = (psycopg2.errors.SerializationFailure, psycopg2.errors.DeadlockDetected)
# The first holds the conflicts too: whoever catches both, catches them first.
LOST = (psycopg2.OperationalError, psycopg2.InterfaceError)
SETTLE_TRIES = 10
# Well before the attempt's deadline, after which recovery takes over.
RECONNECT_SECONDS = 90
CHATTER_AFTER_SECONDS = 1
OUTCOMES = {
    outcomes.Accepted: "accepted",
    outcomes.NotAttempted: "not_attempted",
    outcomes.RefusedContent: "refused",
    outcomes.Unknown: "unknown",
}


class SmsBatch(models.Model):
    """Sending, second half: store what the call led to, then tell the rest.

    What is stored with the answer are rows of this batch only. Everything shared
    (health, counters, chatter) follows in transactions or jobs of its own: written
    here, it would make accepted batches fail.
    """

    _inherit = "sms.batch"

    def _settle(self, claim, outcome):
        """Store the outcome before anything else is done with it.

        With the jobs that follow from it: a server killed between two commits would
        leave a sent batch that nobody counts, shows or asks for.
        """
        try:
            self._commit_alone(self._store_and_follow, claim, outcome)
        except LOST:
            self._settle_elsewhere(claim, outcome)
            # This job's own connection is gone with it; the ledger says what to do.
            raise

    def _settle_elsewhere(self, claim, outcome):
        """The database was restarted in our call: what it led to is not forgotten."""
        _logger.warning("Batch %s: connection lost, storing again", self.id)
        for attempt in tenacity.Retrying(
            retry=tenacity.retry_if_exception_type(LOST),
            stop=tenacity.stop_after_delay(RECONNECT_SECONDS),
            wait=tenacity.wait_fixed(1),
            reraise=True,
        ):
            with attempt, self.env.registry.cursor() as cr:
                batch = self.with_env(self.env(cr=cr))
                batch._commit_alone(batch._store_and_follow, claim, outcome)
                batch._commit_alone(batch._note_health, claim, outcome)

    def _store_and_follow(self, claim, outcome):
        kind = OUTCOMES[type(outcome)]
        reason = None if kind == "accepted" else describe(outcome)
        self.env["sms.batch.attempt"]._end(claim.reference, kind, reason)
        self._store_outcome(claim, outcome)
        # Both only insert rows, which no other transaction can hinder.
        self.env["sms.batch.touch"]._touch(self.ids)
        if isinstance(outcome, outcomes.Accepted):
            self._enqueue_followers()

    def _commit_alone(self, work, *args):
        """Do some work in a transaction of its own, which is short.

        It is repeated in place when another transaction was faster.
        """
        for attempt in range(1, SETTLE_TRIES + 1):
            try:
                result = work(*args)
                self.env.cr.commit()  # pylint: disable=invalid-commit  # job allows it
                return result
            except CONFLICTS:
                self.env.cr.rollback()
                if attempt == SETTLE_TRIES:
                    raise
                _logger.info("Batch %s: %s again", self.id, work.__name__)

    def _store_outcome(self, claim, outcome):
        """Write messages and batch for one of the four outcomes."""
        if isinstance(outcome, outcomes.Accepted):
            self._store_accepted(claim, outcome)
        elif not self._owns_attempt(claim):
            return
        elif isinstance(outcome, outcomes.NotAttempted):
            self._store_not_attempted(claim, outcome)
        elif isinstance(outcome, outcomes.RefusedContent):
            self._store_refused(claim, outcome)
        else:
            # The call is over, so that a "found" may be had soon.
            self._write_attempt(
                claim,
                {
                    "state": "unknown",
                    "failure_reason": describe(outcome),
                    "ask_at": fields.Datetime.now() + ASK_SOON,
                },
            )

    def _owns_attempt(self, claim):
        """Recovery may have settled this attempt while its call was still out."""
        self.env.cr.execute(
            "SELECT 1 FROM sms_batch WHERE id = %s AND attempt_token = %s"
            " FOR NO KEY UPDATE",
            [claim.batch_id, claim.token],
            log_exceptions=False,
        )
        return bool(self.env.cr.fetchone())

    def _write_attempt(self, claim, values):
        """Write the batch only while the attempt is still ours."""
        sets = ", ".join(f'"{name}" = %s' for name in values)
        self.env.cr.execute(
            f"UPDATE sms_batch SET {sets} WHERE id = %s AND attempt_token = %s",
            [*values.values(), claim.batch_id, claim.token],
            log_exceptions=False,
        )
        self.invalidate_recordset()

    def _store_accepted(self, claim, outcome):
        now = fields.Datetime.now()
        rows = [
            (
                claim.message_ids[result.reference],
                result.state,
                result.provider_message_id,
                result.failure_type,
                result.detail,
            )
            for result in outcome.results
            if result.reference in claim.message_ids
        ]
        self.env["sms.message"]._store_acceptance(
            rows, outcome.request_id, now, claim.price
        )
        self._write_attempt(
            claim,
            {
                "state": "sent",
                "provider_job_id": outcome.request_id,
                "sent_date": now,
                "failure_reason": None,
                "ask_at": None,
                "needs_decision": False,
            },
        )

    def _store_not_attempted(self, claim, outcome):
        """Back to the queue; a limit of the gateway does not count as a try.

        Nor does a probe that failed: its batch would give up while the others wait.
        """
        probed = claim.probe and circuit.is_failure(outcome)
        limited = outcome.reason == "rate_limited"
        counts = not (limited or outcome.ends_job or probed)
        tries = self.tries + counts
        if tries >= MAX_TRIES:
            return self._store_failed(claim, outcome)
        wait = None if probed else self._seconds_to_wait(outcome, tries)
        self._write_attempt(
            claim,
            {
                "state": "queued",
                "tries": tries,
                "failure_reason": describe(outcome),
                "attempt_deadline": None,
                # In the ledger, as the job may get lost.
                "not_before": wait and fields.Datetime.now() + timedelta(seconds=wait),
            },
        )

    def _seconds_to_wait(self, outcome, tries):
        """Until the next call: what the gateway asks for, else the retry pattern."""
        if outcome.ends_job:
            return None
        if outcome.reason == "rate_limited":
            return outcome.retry_after or self.provider_id.rate_period
        name = "<sms.batch>._send_batch"
        config = self.env["queue.job.function"].sudo().job_config(name)
        return retry_pattern.seconds_for(config.retry_pattern, tries)

    def _store_failed(self, claim, outcome):
        """Nothing was ever accepted: the messages can be tried again by hand."""
        rows = [
            (message_id, "error", None, "not_attempted", describe(outcome))
            for message_id in claim.message_ids.values()
        ]
        self.env["sms.message"]._store_acceptance(rows, None, None)
        self._write_attempt(
            claim, {"state": "failed", "failure_reason": describe(outcome)}
        )

    def _store_refused(self, claim, outcome):
        """Reject the rows that the gateway names; the others wait for a new call."""
        named = {r: t for r, t in outcome.rows.items() if r in claim.message_ids}
        if not named and len(claim.message_ids) == 1:
            named = dict.fromkeys(claim.message_ids, outcome.detail)
        rows = [
            (claim.message_ids[ref], "rejected", None, "gateway_content", text)
            for ref, text in named.items()
        ]
        self.env["sms.message"]._store_acceptance(rows, None, None)
        if not named:
            self._halve(claim)
        self._write_attempt(
            claim, {"state": "queued", "failure_reason": describe(outcome)}
        )

    def _halve(self, claim):
        """The gateway refuses the body and names no row: find it by halves."""
        ids = sorted(claim.message_ids.values())
        moved = ids[len(ids) // 2 :]
        other = self.copy_data()[0] | {"state": "queued", "message_count": len(moved)}
        batch = self.create(other)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE sms_message SET batch_id = %s WHERE id = ANY(%s)",
            [batch.id, moved],
        )
        self.env.cr.execute(
            "UPDATE sms_batch SET message_count = %s WHERE id = %s",
            [len(ids) - len(moved), self.id],
        )
        self.env.invalidate_all()
        batch._enqueue()
        self.env["sms.batch.touch"]._touch(batch.ids)

    # -- after the answer is safe -----------------------------------------------------

    def _after_call(self, claim, outcome):
        """The provider's health, then the next step of this batch."""
        self._commit_alone(self._note_health, claim, outcome)
        if self.state == "queued":
            self._try_again(outcome)

    def _note_health(self, claim, outcome):
        """The provider's shared row, in a transaction with nothing else to lose."""
        if isinstance(outcome, outcomes.NotAttempted) and not outcome.called:
            return
        accepted = isinstance(outcome, outcomes.Accepted)
        reason = None if accepted else describe(outcome)
        health = self.env["sms.provider.health"].sudo()
        health._note_outcome(claim.provider_id, outcome, reason, claim)

    def _enqueue_followers(self):
        """Jobs that a sent batch needs: its chatter and its missing reports."""
        # What leaves while the campaign is planned stands in the ledger only.
        if self._is_shown_at_once() and self.run_id.state != "planning":
            self.with_delay(
                # Who watches a single SMS sees it at once; notes of a campaign would
                # take the time in which its next batches leave.
                eta=CHATTER_AFTER_SECONDS if self.run_id else None,
                description=self.env._("Chatter of %s SMS", self.message_count),
            )._mirror_chatter()
        self._enqueue_poll()

    def _try_again(self, outcome):
        """Leave the wait to queue_job; a suspended provider waits for a person."""
        if isinstance(outcome, outcomes.RefusedContent):
            raise RetryableJobError(describe(outcome), seconds=1, ignore_retry=True)
        if outcome.ends_job or not self.not_before:
            return
        wait = (self.not_before - fields.Datetime.now()).total_seconds()
        # The ledger counts the tries: a job counts deaths and conflicts too.
        raise RetryableJobError(
            describe(outcome), seconds=max(1, wait), ignore_retry=True
        )


def describe(outcome):
    """One line for people: the outcome's name and what the gateway said."""
    reason = getattr(outcome, "reason", "content refused")
    detail = getattr(outcome, "detail", "")
    return f"{reason}: {detail}" if detail else reason
