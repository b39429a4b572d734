from odoo import api, fields, models
from odoo.exceptions import UserError

# What a copy made by a person leaves out, and a retry keeps.
KEPT = {"phone", "char_count", "sms_count", "parent_id", "variant"}
# Given anew to the retry.
ANEW = {"batch_id", "provider_id", "cost"}


class SmsMessage(models.Model):
    """A retry is a message of its own: what it has in common with the failed one."""

    _inherit = "sms.message"

    # Few rows: who has been reached by a retry is asked for by number.
    _run_retries = models.Index("(run_id, phone) WHERE retry_of_id IS NOT NULL")

    retry_ids = fields.One2many("sms.message", "retry_of_id", "Retries", readonly=True)
    may_try_again = fields.Boolean(compute="_compute_may_try_again")

    @api.depends("state", "batch_id")
    def _compute_may_try_again(self):
        for message in self:
            # sudo: the batch is the engine's; who reads the message may know.
            batch = message.sudo().batch_id
            message.may_try_again = (
                not message.run_id
                and message.failure_type == "not_attempted"
                and batch.state == "failed"
                and not (batch.try_again or batch.retried_by_id)
            )

    @api.model
    def _columns_of_retry(self):
        """Stored columns that a retry takes over: what a copy would have, and more."""
        return sorted(
            name
            for name, field in self._fields.items()
            if field.store
            and field.column_type
            and (field.copy or name in KEPT)
            and name not in ANEW | set(models.MAGIC_COLUMNS)
        )

    def action_try_again(self):
        """Send single SMS again that never reached the gateway; open the last one."""
        self.check_access("write")
        # sudo: batches are the engine's; who may write this SMS may send it.
        batches = self.filtered(lambda m: not m.run_id).sudo().batch_id
        new = batches.browse()
        for batch in batches._ask_to_try_again():
            new |= batch._retry()
        if not new:
            raise UserError(
                self.env._("Only an SMS that never reached the gateway is tried again.")
            )
        return {
            "type": "ir.actions.act_window",
            "res_model": "sms.message",
            "view_mode": "form",
            "res_id": new[-1:].message_ids.id,
        }
