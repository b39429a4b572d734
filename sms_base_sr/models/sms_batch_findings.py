from datetime import timedelta

from odoo import fields, models

# Between the two looks at a call that the gateway does not know.
NOT_FOUND_GAP = timedelta(seconds=60)


class SmsBatch(models.Model):
    """What follows from the gateway's answer to *what became of this call?*"""

    _inherit = "sms.batch"

    # -- found -------------------------------------------------------------------------

    def _take_found(self, attempt, answer):
        """Apply what the gateway lists, once it can no longer be half of it."""
        complete = self._call_is_over() and self._names_all(answer)
        if not answer.items or (self._unlisted(answer) and not complete):
            self._ask_later()
            return
        now = fields.Datetime.now()
        self._store_listing(answer, now)
        self.env["sms.batch.attempt"].sudo()._end(attempt.reference, "accepted")
        self._conclude_sent(answer.request_id, attempt)

    def _conclude_sent(self, request_id=None, attempt=None):
        """The question is answered: this batch was sent."""
        self.write(
            {
                "state": "sent",
                "attempt_token": False,
                "sent_date": self.sent_date or fields.Datetime.now(),
                "provider_job_id": request_id or self.provider_job_id,
                "failure_reason": False,
                "ask_at": False,
                "needs_decision": False,
            }
        )
        if attempt:
            # Reports are asked for by the call that the gateway knows.
            self.attempt_reference = attempt.reference
        self._enqueue_followers()
        self.env["sms.batch.touch"]._touch(self.ids)

    def _unlisted(self, answer):
        """Messages without an answer that the gateway's listing does not name."""
        listed = {item.reference for item in answer.items}
        return [row for row in self._messages_to_send() if row[1] not in listed]

    def _names_all(self, answer):
        """Whether a message that the listing does not name cannot be in it.

        A gateway that lists messages without our references leaves that open.
        """
        return all(item.reference for item in answer.items)

    def _store_listing(self, answer, now):
        """Messages that the gateway lists were accepted; the others never were.

        A listed one may be final by now: a report is often faster than an answer.
        """
        listed = {item.reference: item for item in answer.items if item.reference}
        rows = [
            (message_id, "sent", listed[reference].message_id, None, None)
            for message_id, reference in self._messages_named(list(listed))
        ]
        rows += [
            (row[0], "rejected", None, "not_listed", None)
            for row in self._unlisted(answer)
        ]
        self.env["sms.message"]._store_acceptance(
            rows, answer.request_id, now, self.provider_id.price_per_segment
        )
        self.env["sms.event"]._store_items(self.provider_id, answer.items, "poll")

    def _messages_named(self, references):
        """(id, reference) of this batch's messages, whatever their state is by now."""
        self.env.cr.execute(
            "SELECT id, reference FROM sms_message"
            " WHERE batch_id = %s AND reference = ANY(%s) ORDER BY id",
            [self.id, references],
        )
        return self.env.cr.fetchall()

    # -- not found ---------------------------------------------------------------------

    def _is_absent(self, asked_at):
        """Whether this is the second look, long enough after the first one."""
        if self.attempt_deadline and asked_at <= self.attempt_deadline:
            return False
        in_doubt = self._attempts_in_doubt()
        fresh = in_doubt.filtered(lambda a: not a.not_found_at)
        fresh.not_found_at = fields.Datetime.now()
        return all(a.not_found_at <= asked_at - NOT_FOUND_GAP for a in in_doubt)

    def _send_absent_again(self):
        """The gateway never had it: a new attempt, with a new reference."""
        attempts = self.env["sms.batch.attempt"].sudo()
        for attempt in self._attempts_in_doubt():
            attempts._end(attempt.reference, "absent")
        self._back_to_queue()

    def _back_to_queue(self):
        self.write(
            {
                "state": "queued",
                "attempt_token": False,
                "attempt_deadline": False,
                "ask_at": False,
                "needs_decision": False,
            }
        )
        self._enqueue()
