from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools import segments


class SmsTestSend(models.TransientModel):
    """The dialog that sends a campaign's text to one's own number."""

    _name = "sms.test.send"
    _description = "Send a test SMS"

    res_model = fields.Char(required=True, readonly=True)
    res_id = fields.Many2oneReference(
        "Campaign", model_field="res_model", required=True, readonly=True
    )
    phone = fields.Char(
        "Your number",
        default=lambda self: self._default_phone(),
        help="Remembered for the next test.",
    )
    after_id = fields.Integer("Contact before", readonly=True)
    contact_id = fields.Integer(compute="_compute_body")
    contact_name = fields.Char("Written as to", compute="_compute_body")
    body = fields.Text("Text", compute="_compute_body")
    size = fields.Char(compute="_compute_body")

    @api.model
    def _default_phone(self):
        user = self.env.user
        # sudo: one's own number, which the engine keeps.
        return user.sudo().sms_test_phone or user.partner_id.phone

    @api.depends("res_model", "res_id", "after_id")
    def _compute_body(self):
        for wizard in self:
            decision = wizard._campaign()._sms_sample(wizard.after_id)
            recipient = decision.recipient
            measured = segments.measure(decision.text)
            wizard.contact_id = recipient.source_id
            wizard.contact_name = recipient.values.get("name") or recipient.phone
            wizard.body = decision.text
            wizard.size = self.env._(
                "%(segments)s SMS, %(characters)s characters",
                segments=measured.segments,
                characters=measured.characters,
            )

    def _campaign(self):
        """The campaign, if this user may write it: the names come from the client."""
        self.ensure_one()
        model = self.env.get(self.res_model)
        if model is None or not hasattr(model, "_sms_send_test"):
            raise UserError(self.env._("Open the dialog from a campaign."))
        campaign = model.browse(self.res_id)
        campaign.check_access("write")
        return campaign

    def action_other_contact(self):
        """Show the text as the next contact would get it."""
        self.ensure_one()
        self.after_id = self.contact_id
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Send a test"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }

    def action_send(self):
        """Send the test and say where to look for it."""
        self.ensure_one()
        campaign = self._campaign()
        if not (self.phone or "").strip():
            raise UserError(
                self.env._("Your number: enter where the test is to be sent.")
            )
        decision = campaign._sms_sample(self.after_id)
        message = campaign._sms_send_test(decision, self.phone)
        # sudo: one's own number, which the engine keeps.
        self.env.user.sudo().sms_test_phone = message.phone
        text = self.env._(
            "The test is on its way to %s. It counts in no campaign.", message.phone
        )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": text,
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
