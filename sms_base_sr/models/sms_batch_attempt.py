from odoo import api, fields, models

OUTCOMES = [
    ("open", "In its call"),
    ("accepted", "Accepted"),
    ("not_attempted", "Never reached the gateway"),
    ("refused", "Content refused"),
    ("unknown", "Unknown"),
    ("absent", "The gateway does not know it"),
]
DECISIONS = [("count_as_sent", "Count as sent"), ("send_again", "Send again")]


class SmsBatchAttempt(models.Model):
    """One call that was made, or may have been: the evidence of an open question.

    Each has a reference of its own, by which the gateway can be asked for ever after.
    The engine alone writes it; a person's decision is signed here.
    """

    _name = "sms.batch.attempt"
    _description = "SMS batch attempt"
    _order = "id desc"
    _rec_name = "reference"
    _log_access = False

    batch_id = fields.Many2one(
        "sms.batch", required=True, readonly=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="batch_id.company_id")
    provider_id = fields.Many2one("sms.provider", required=True, readonly=True)
    reference = fields.Char(required=True, readonly=True)
    job_uuid = fields.Char("Job", readonly=True)
    started_at = fields.Datetime("Called at", readonly=True)
    deadline = fields.Datetime(
        "Over by", readonly=True, help="By then the call is over, whatever happened."
    )
    ended_at = fields.Datetime("Answered at", readonly=True)
    outcome = fields.Selection(OUTCOMES, required=True, default="open", readonly=True)
    detail = fields.Char(readonly=True)
    asked_count = fields.Integer("Questions", readonly=True)
    asked_at = fields.Datetime("Last asked", readonly=True)
    answer = fields.Char("Last answer", readonly=True)
    not_found_at = fields.Datetime(
        "First not found",
        readonly=True,
        help="When a gateway that answers reliably first did not know this call, "
        "after the call was over.",
    )
    decision = fields.Selection(DECISIONS, readonly=True)
    decided_by_id = fields.Many2one("res.users", "Decided by", readonly=True)
    decided_at = fields.Datetime("Decided on", readonly=True)

    _reference_unique = models.Constraint(
        "unique(reference)", "The reference of an attempt is unique."
    )
    # Calls that are out, or were a moment ago.
    _recent = models.Index("(provider_id, deadline)")
    _known_accepted = models.Index("(provider_id, id) WHERE outcome = 'accepted'")

    @api.model
    def _begin(self, batch):
        """Record an attempt that is about to be made."""
        self.create(
            {
                "batch_id": batch.id,
                "provider_id": batch.provider_id.id,
                "reference": batch.attempt_reference,
                "job_uuid": batch.job_uuid,
                "started_at": fields.Datetime.now(),
                "deadline": batch.attempt_deadline,
            }
        )

    @api.model
    def _end(self, reference, outcome, detail=None):
        """Record what a call led to; what was accepted stays accepted."""
        self.env.cr.execute(
            """
            UPDATE sms_batch_attempt
            SET outcome = %s, detail = %s,
                ended_at = COALESCE(ended_at, now() AT TIME ZONE 'UTC')
            WHERE reference = %s AND outcome != 'accepted'
            """,
            [outcome, detail, reference],
            log_exceptions=False,
        )
        self.invalidate_model()

    def _is_certain(self):
        """Whether the call's own end proves that nothing was accepted by it."""
        self.ensure_one()
        return self.outcome in ("not_attempted", "refused")

    def _note_answer(self, text):
        """Record what the gateway said when it was asked for this attempt."""
        for attempt in self:
            attempt.write(
                {
                    "asked_count": attempt.asked_count + 1,
                    "asked_at": fields.Datetime.now(),
                    "answer": text,
                }
            )

    @api.model
    def _known_reference(self, provider):
        """The last call that this account is known to have accepted, if any.

        Only a gateway that finds this one is believed when it does not find another.
        """
        accepted = self.search(
            [("provider_id", "=", provider.id), ("outcome", "=", "accepted")],
            order="id desc",
            limit=1,
        )
        return accepted.reference
