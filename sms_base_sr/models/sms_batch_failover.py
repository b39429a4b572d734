from odoo import api, fields, models

from .sms_batch import WAITING_RUNS

# Candidates for a probe that are looked at: enough to find one in its sending hours.
CANDIDATES = 200


class SmsBatch(models.Model):
    """Which account takes a batch: its own, as a probe, or one that takes over.

    A batch moves only where no gateway can have accepted it: every attempt made is
    known never to have reached one.
    """

    _inherit = "sms.batch"

    moved_from_id = fields.Many2one(
        "sms.provider", "Taken over from", readonly=True, copy=False
    )

    # -- another account ---------------------------------------------------------------

    def _has_way(self):
        """Whether an account can take the batch now; else the job ends."""
        self.ensure_one()
        health = self.provider_id.health_id
        return health._sends() or health._probe_is_due() or self._move_over()

    def _move_over(self):
        """Give the batch, which is locked, to an account that takes over."""
        self.ensure_one()
        successor = self._successor(self.provider_id._successors())
        if not successor:
            return False
        old = self.provider_id
        self.write(
            {
                "provider_id": successor.id,
                "moved_from_id": old.id,
                # The old account's wait; sending hours are looked at again.
                "not_before": False,
            }
        )
        self._move_messages()
        self._note_takeover(old, successor)
        return True

    def _successor(self, candidates):
        """The first account that may and can take this batch, or none."""
        self.ensure_one()
        if not self._never_reached():
            return candidates.browse()
        # Called in this order by the engine; a batch goes out whole.
        return candidates.filtered(lambda p: p._batch_limit() >= self.message_count)[:1]

    def _never_reached(self):
        """Whether no gateway can have accepted anything of this batch."""
        self.ensure_one()
        attempts = self.attempt_ids
        # An attempt without a row of its own may have ended anyhow.
        return len(attempts) == self.attempt and all(
            attempt.outcome == "not_attempted" for attempt in attempts
        )

    def _move_messages(self):
        """Reports are matched by account, and each account has its price."""
        self.env.flush_all()
        self.env.cr.execute(
            """
            UPDATE sms_message SET provider_id = %s, cost = sms_count * %s
            WHERE batch_id = %s AND state IN ('draft', 'outgoing')
            """,
            [
                self.provider_id.id,
                self.provider_id.price_per_segment,
                self.id,
            ],
        )
        self.env["sms.message"].invalidate_model()

    def _note_takeover(self, old, successor):
        """One line in the history of the account that cannot send, not a thousand."""
        incidents = self.env["sms.provider.incident"]
        reason = self.env._("Batches go to %s.", successor.display_name)
        if reason not in incidents._open(old, "takeover").mapped("reason"):
            incidents._begin(old, "takeover", reason)

    def _with_way(self):
        """Those of ``self`` that a job could send now, or hand to another account."""
        able = self.browse()
        for provider, batches in self.grouped("provider_id").items():
            if not provider.health_id._sends():
                successors = provider._successors()
                batches = batches.filtered(lambda b, s=successors: b._successor(s))
            able |= batches
        return able

    # -- probes ------------------------------------------------------------------------

    @api.model
    def _pick_probe(self, provider):
        """The batch that risks least: a small one, within its sending hours.

        One that waits for its next try only may go before its time: an account that
        is stopped would keep all of them waiting.
        """
        now = fields.Datetime.now()
        waiting = self.search(
            [
                ("provider_id", "=", provider.id),
                ("state", "=", "queued"),
                "|",
                ("run_id", "=", False),
                ("run_id.state", "not in", [*WAITING_RUNS, "canceled"]),
            ],
            order="message_count, id",
            limit=CANDIDATES,
        )
        open_now = waiting.filtered(lambda batch: not batch._hours_open_at(now))
        due = open_now.filtered(lambda b: not b.not_before or b.not_before <= now)
        return (due or open_now)[:1]

    @api.model
    def _end_waits(self, domain):
        """The gateway is back: who waited for it only need not wait any longer."""
        now = fields.Datetime.now()
        waiting = self.search(
            [*domain, ("state", "=", "queued"), ("not_before", ">", now)], order="id"
        )
        waiting.filtered(
            lambda b: b.run_id.state not in WAITING_RUNS and not b._hours_open_at(now)
        )._go_now()

    def _go_now(self):
        """Make jobs for these batches now, unless one that is due waits already."""
        self.not_before = False
        (self - self._with_living_job(due_at=fields.Datetime.now()))._enqueue()
