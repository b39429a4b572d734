from odoo import api, fields, models

# Failed, although the gateway had accepted it; of the last attempt at each customer.
# Who has got an SMS of the run all the same, has replied or is out, is left alone.
FAILED_AFTERWARDS_SQL = """m.direction = 'outgoing' AND m.sent_date IS NOT NULL
    AND m.state IN ('error', 'expired', 'rejected')
    AND COALESCE(m.failure_type, m.state) = ANY(%(reasons)s)
    AND NOT EXISTS (
        SELECT 1 FROM sms_message r WHERE r.run_id = m.run_id AND r.phone = m.phone
          AND r.retry_of_id = m.id)
    AND NOT EXISTS (
        SELECT 1 FROM sms_message o WHERE o.phone = m.phone AND o.run_id = m.run_id
          AND (o.direction = 'incoming' OR o.state = 'delivered'))
    AND NOT EXISTS (
        SELECT 1 FROM phone_blacklist l WHERE l.number = m.phone AND l.active)"""


class SmsBatch(models.Model):
    """Trying again what was accepted and did not arrive: new messages, new batches.

    The first batch stays as it was: its acceptance and its cost count for ever, and
    the new attempt says what became of the customer.
    """

    _inherit = "sms.batch"

    retry_reasons = fields.Char(
        readonly=True, copy=False, help="Which of its failed SMS are to be tried again."
    )
    tried_again = fields.Boolean(
        readonly=True, copy=False, help="Some of its failed SMS were tried again."
    )
    second_attempt = fields.Boolean(
        readonly=True, help="Its SMS were accepted before, and did not arrive."
    )

    def _ask_to_retry_failed(self, reasons):
        """Mark these batches; return those that this very call has marked."""
        self.flush_recordset()
        self.env.cr.execute(
            """
            UPDATE sms_batch SET try_again = TRUE, retry_reasons = %s
            WHERE id = ANY(%s) AND state = 'sent' AND try_again IS NOT TRUE
            RETURNING id
            """,
            [",".join(sorted(reasons)), self.ids],
            # A second person pressed at the same moment: tried again above.
            log_exceptions=False,
        )
        marked = self.browse(row[0] for row in self.env.cr.fetchall())
        self.invalidate_recordset()
        return marked

    def _retry_failed(self):
        """Make new batches of the failed SMS of these ones, which are alike."""
        batches = self.try_lock_for_update(allow_referencing=True)
        batches = batches.filtered(lambda b: b.try_again and b.retry_reasons)
        ids = batches._failed_afterwards_ids()
        batches.write({"try_again": False, "retry_reasons": False})
        new = self.browse()
        if ids:
            batches.tried_again = True
            size = batches.provider_id._batch_limit()
            for start in range(0, len(ids), size):
                new |= batches[0]._copy_for_second_attempt(ids[start : start + size])
            new._enqueue()
        self.env["sms.batch.touch"]._touch((batches + new).ids)
        return new

    def _failed_afterwards_ids(self):
        if not self:
            return []
        self.env["sms.message"].flush_model()
        self.env.cr.execute(
            f"""
            SELECT m.id FROM sms_message m
            WHERE m.batch_id = ANY(%(batches)s) AND {FAILED_AFTERWARDS_SQL}
            ORDER BY m.id
            """,
            {"batches": self.ids, "reasons": self[0].retry_reasons.split(",")},
        )
        return [row[0] for row in self.env.cr.fetchall()]

    def _copy_for_second_attempt(self, message_ids):
        values = {
            **self.copy_data()[0],
            "state": "queued",
            "message_count": len(message_ids),
            "second_attempt": True,
        }
        new = self.create(values)
        self._insert_retries(new, message_ids)
        return new

    def _suppress_late(self):
        """A report or a reply that came since shows that the first one arrived."""
        result = super()._suppress_late()
        if self.second_attempt:
            self.env["sms.message"]._raise_states_where(
                """batch_id = %s AND EXISTS (
                    SELECT 1 FROM sms_message o
                    WHERE o.phone = sms_message.phone AND o.run_id = sms_message.run_id
                      AND (o.direction = 'incoming' OR o.state = 'delivered'))""",
                [self.id],
                "duplicate",
            )
        return result

    @api.model
    def _alike(self, batches):
        """Those of ``batches`` whose messages may share one with the first one's."""
        first = batches[:1]
        return batches.filtered(
            lambda b: (
                (b.provider_id, b.zone, b.message_class, b.retry_reasons)
                == (
                    first.provider_id,
                    first.zone,
                    first.message_class,
                    first.retry_reasons,
                )
            )
        )
