from odoo import models
from odoo.exceptions import UserError

from ..tools import phones


class SmsMessage(models.Model):
    """Single sends: one message is a batch of one and takes the same way."""

    _inherit = "sms.message"

    def action_send(self):
        """Send drafts; each becomes a batch of one in the interactive channel."""
        for message in self:
            message._check_can_be_sent()
        for message in self:
            message._send_single()
        return True

    def _check_can_be_sent(self):
        self.ensure_one()
        if self.state != "draft" or self.direction != "outgoing" or self.run_id:
            raise UserError(self.env._("Only a draft of your own can be sent."))
        if not (self.body or "").strip():
            raise UserError(self.env._("Message: enter a text."))
        number = self._normalize_phone(self.phone, self.company_id)
        if not number:
            raise UserError(
                self.env._(
                    "Phone: “%s” is no phone number. Enter it with its area code, "
                    "for example (11) 91234-5678.",
                    self.phone or "",
                )
            )
        if not phones.is_mobile(number):
            raise UserError(self.env._("Phone: %s is not a mobile number.", number))
        if self.env["phone.blacklist"]._sms_suppressed([number]):
            raise UserError(
                self.env._(
                    "%s is blacklisted: the customer asked not to be texted.", number
                )
            )

    def _send_single(self):
        """Release this draft in a batch of one."""
        self.ensure_one()
        providers = self.env["sms.provider"]
        chosen = self.provider_id.filtered("active")
        provider = chosen or providers._require_provider(self.company_id)
        number = self._normalize_phone(self.phone, self.company_id)
        # sudo: batches are the engine's; who may write this draft may send it.
        batch = self.env["sms.batch"].sudo()._batch_of_one(self, provider, number)
        self.sudo().write(
            {
                "phone": number,
                "provider_id": provider.id,
                "batch_id": batch.id,
                "state": "outgoing",
            }
        )
        batch._enqueue(channel="root.sms.now", priority=5)

    def action_cancel(self):
        """Cancel what has not been handed to the gateway."""
        self.check_access("write")
        # sudo: batches are the engine's. Locked, they cannot be claimed meanwhile.
        batches = self.sudo().batch_id
        claimed = batches - batches.try_lock_for_update(allow_referencing=True)
        claimed |= batches.filtered(lambda b: b.state in ("sending", "unknown"))
        for message in self.sudo():
            if message.sent_date or message.batch_id in claimed:
                raise UserError(
                    self.env._("%s has left already.", message.display_name)
                )
        # sudo: states are the engine's; the checks above are the permission.
        self.sudo()._raise_states_where("id = ANY(%s)", [self.ids], "user_canceled")
        self.env["sms.batch.touch"]._touch(batches.ids)

    def action_reset_to_draft(self):
        """Make a cancelled single SMS a draft again; never one that may have left."""
        for message in self:
            if message.state != "canceled" or message.sent_date or message.run_id:
                raise UserError(
                    self.env._("Only a cancelled single SMS can be a draft again.")
                )
        self.check_access("write")
        # sudo: states are the engine's; nothing of this message has left.
        self.sudo().write({"state": "draft", "failure_type": False, "batch_id": False})
        self.sudo()._compute_cost()

    def action_reply(self):
        """Open a new SMS to the customer of this one."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "sms.message",
            "view_mode": "form",
            "context": {
                "default_partner_id": self.partner_id.id,
                "default_phone": self.phone,
                "default_parent_id": self.id,
            },
        }
