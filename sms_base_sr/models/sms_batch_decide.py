from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError


class SmsBatch(models.Model):
    """The two buttons for a batch of which nobody but a person can tell.

    Each is signed: who, when, on the attempt that the decision is about.
    """

    _inherit = "sms.batch"

    may_decide = fields.Boolean(compute="_compute_may_decide")

    @api.depends("state", "attempt_deadline", "job_uuid")
    @api.depends_context("uid")
    def _compute_may_decide(self):
        """Whether the two buttons would do their work for this person, now."""
        admin = self.env.user.has_group("sms_base_sr.group_sms_admin")
        for batch in self:
            batch.may_decide = (
                admin
                and batch.state == "unknown"
                and batch._call_is_over()
                # sudo: whether a job runs, nothing else of it.
                and not batch.sudo()._owner_is_alive()
            )

    def action_count_as_sent(self):
        """Believe that the gateway took it: nothing is sent, its price is counted."""
        for batch in self._decidable():
            rows = [
                (row[0], "sent", None, None, None) for row in batch._messages_to_send()
            ]
            self.env["sms.message"].sudo()._store_acceptance(
                rows, None, fields.Datetime.now(), batch.provider_id.price_per_segment
            )
            batch._sign("count_as_sent")
            batch._conclude_sent()

    def action_send_again(self):
        """Believe that the gateway never had it: send it, as a new attempt."""
        for batch in self._decidable():
            batch._sign("send_again")
            batch._back_to_queue()

    def _decidable(self):
        """Return the batches locked, as superuser, where a person may decide now."""
        self.check_access("read")
        if not self.env.user.has_group("sms_base_sr.group_sms_admin"):
            raise AccessError(
                self.env._("Only SMS administrators decide about unknown batches.")
            )
        # sudo: the ledger is the engine's; who may decide was asked above.
        batches = self.sudo().try_lock_for_update(allow_referencing=True)
        for batch in self.sudo():
            if batch not in batches or batch.state != "unknown":
                raise UserError(
                    self.env._("Batch %s is not unknown (any more).", batch.reference)
                )
            if not batch._call_is_over() or batch._owner_is_alive():
                raise UserError(
                    self.env._(
                        "Batch %(batch)s may still be in its call: decide after "
                        "%(deadline)s (UTC).",
                        batch=batch.reference,
                        deadline=batch.attempt_deadline,
                    )
                )
        return batches

    def _sign(self, decision):
        """Write who decided what, and when, beside the evidence."""
        self.ensure_one()
        (self._attempts_in_doubt() or self.attempt_ids)[:1].write(
            {
                "decision": decision,
                "decided_by_id": self.env.uid,
                "decided_at": fields.Datetime.now(),
            }
        )
        self._alert_decided()

    def _alert_decided(self):
        """The question is answered: nobody needs to be told any more."""
