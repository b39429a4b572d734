from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import UserError

from odoo.addons.queue_job.exception import RetryableJobError

from ..tools import outcomes, quiet_hours
from ..tools.uuid7 import new_reference
from .sms_batch import FINAL_STATES, WAITING_RUNS
from .sms_batch_settle import LOST

# Longer than any call may last (60 s) plus time for a slow commit.
ATTEMPT_SECONDS = 60 + 120
# Hours that never open: nobody may be texted, and no job may fail.
LOOK_AGAIN = timedelta(days=1)


@dataclass
class Claim:
    """One attempt at one batch: everything that the call and its answer need."""

    batch_id: int
    token: str
    reference: str
    price: float
    provider_id: int
    message_ids: dict[str, int]
    call: Callable[[], outcomes.Outcome]
    # The one call that an account whose calls are stopped may make.
    probe: bool = False


class SmsBatch(models.Model):
    """Sending, first half: claim the batch, commit, call the gateway.

    The main flow reads ``_send_batch`` → ``_claim`` → (the provider's)
    ``_send_batch`` → ``_settle`` → ``_after_call``.
    """

    _inherit = "sms.batch"

    def _send_batch(self):
        """Send this batch, at most once; safe to run again at any moment."""
        self.ensure_one()
        claim = self._claim()
        if claim is None:
            return
        # No transaction is open while the call runs, so nothing waits for it.
        outcome = self._reserve_call(claim) or claim.call()
        self._settle(claim, outcome)
        self._after_call(claim, outcome)

    def _claim(self):
        """Return a committed Claim, or None when there is nothing to send now."""
        batch = self.try_lock_for_update(allow_referencing=True)
        if not batch or batch.state in FINAL_STATES or batch.state == "draft":
            return None
        if batch.state in ("sending", "unknown"):
            batch._leave_to_recovery()
            return None
        if batch._must_wait_for_a_person() or not batch._has_way():
            return None
        batch._wait_for_moment()
        batch._suppress_late()
        return batch._start_attempt()

    def _must_wait_for_a_person(self):
        """Paused or cancelled: the job ends, and resuming makes another."""
        self.ensure_one()
        if self.run_id.state == "canceled":
            self.state = "canceled"
            self._cancel_messages("campaign_canceled")
            return True
        return self.run_id.state in WAITING_RUNS

    def _reserve_call(self, claim):
        """Take one call of the provider's limit; an outcome where none is left."""
        try:
            return self._commit_alone(self._take_call, claim)
        except LOST:
            # Nothing was called, so nothing is unknown.
            detail = "the limit could not be counted"
            return outcomes.NotAttempted("rate_limited", detail, 5, called=False)

    def _take_call(self, claim):
        health = self.env["sms.provider"].browse(claim.provider_id).health_id.sudo()
        campaign = bool(self.run_id)
        taken = health._take_call(campaign)
        claim.probe = taken == "probe"
        return None if taken else health._why_no_call(campaign)

    def _wait_for_moment(self):
        """Come back when recipients and gateway can be called, with one eta."""
        now = fields.Datetime.now()
        # sudo: health is the engine's.
        call = self.provider_id.health_id.sudo()._next_call_at(bool(self.run_id))
        opens = self._hours_open_at(now)
        moments = [m for m in (opens, self.not_before, call) if m and m > now]
        if not moments:
            return
        later = max(moments)
        if self.not_before != later:
            self.not_before = later
        self.env.cr.commit()  # pylint: disable=invalid-commit  # job allows it
        raise RetryableJobError(
            self.env._("Waits until %s (UTC).", later),
            seconds=(later - now).total_seconds(),
            ignore_retry=True,
        )

    def _hours_open_at(self, now):
        """When the recipients may be texted; None where it is now."""
        limits = self.company_id._sms_limits(self.message_class)
        if self.run_id:
            limits = [*limits, self.run_id._week()]
        try:
            return quiet_hours.next_opening(now, self.zone, *limits)
        except quiet_hours.NeverOpens:
            # Until somebody changes the hours, which wakes it at once.
            return now + LOOK_AGAIN

    def _suppress_late(self):
        """Who must not be texted any more, since the plan was made, is not."""
        self.env["sms.suppression"]._cancel_in(self)

    def _start_attempt(self):
        """Write the attempt and commit: from here only its token protects the call."""
        messages = self._messages_to_send()
        if not messages:
            self.state = "canceled"
            self.env["sms.batch.touch"]._touch(self.ids)
            return None
        reference = f"{self.reference}-{self.attempt + 1}"
        call = self._prepare_call(reference, messages)
        if not call:
            return None
        claim = Claim(
            batch_id=self.id,
            token=new_reference(),
            reference=reference,
            price=self.provider_id.price_per_segment,
            provider_id=self.provider_id.id,
            message_ids={message[1]: message[0] for message in messages},
            call=call,
        )
        self.write(
            {
                "state": "sending",
                "attempt": self.attempt + 1,
                "attempt_reference": reference,
                "attempt_token": claim.token,
                "attempt_deadline": fields.Datetime.now()
                + timedelta(seconds=ATTEMPT_SECONDS),
                "job_uuid": self.env.context.get("job_uuid"),
                "not_before": False,
            }
        )
        self.env["sms.batch.attempt"].sudo()._begin(self)
        self._commit_claim()
        return claim

    def _commit_claim(self):
        """From here on, whoever finds this batch knows that it may have been sent."""
        self.env.cr.commit()  # pylint: disable=invalid-commit  # the claim

    def _prepare_call(self, reference, messages):
        """A provider that cannot even begin (no token, wrong key) is suspended."""
        try:
            return self.provider_id._send_batch(self._request(reference, messages))
        except UserError as error:
            self.failure_reason = str(error)
            health = self.env["sms.provider.health"].sudo()
            health._suspend(self.provider_id.id, str(error))
            return None

    def _messages_to_send(self):
        self.env.cr.execute(
            """
            SELECT id, reference, phone, body FROM sms_message
            WHERE batch_id = %s AND state IN ('draft', 'outgoing') ORDER BY id
            """,
            [self.id],
        )
        return self.env.cr.fetchall()

    def _request(self, reference, messages):
        return outcomes.BatchRequest(
            reference=reference,
            messages=tuple(
                outcomes.OutgoingSms(ref, phone, body or "")
                for _id, ref, phone, body in messages
            ),
            webhook_url=self.provider_id.sudo()._webhook_url(),
        )
