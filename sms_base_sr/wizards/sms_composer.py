from odoo import models
from odoo.exceptions import UserError


class SmsComposer(models.TransientModel):
    """Odoo's own dialog with one of our templates: our text, never evaluated again.

    The customer's own data stands in the text: Odoo would evaluate a customer who is
    named like a variable.
    """

    _inherit = "sms.composer"

    def _prepare_body_values(self, records):
        """Each record's text: as shown for one, written by the template for many."""
        if not self.template_id.message_template:
            return super()._prepare_body_values(records)
        if self.composition_mode == "comment" and self.comment_single_recipient:
            return {record.id: self.body for record in records}
        if self.body != self.template_id.body:
            raise UserError(
                self.env._(
                    "“%s” is written for each recipient: its text cannot be changed "
                    "here. Change the template, or write without one.",
                    self.template_id.name,
                )
            )
        return self.template_id._render_field("body", records.ids)

    def _action_send_sms_numbers(self):
        """Plain numbers have no values for variables."""
        template = self.template_id
        if template.message_template and self.body == template.body:
            raise UserError(
                self.env._(
                    "“%s” needs a contact to write to: bare numbers have no values "
                    "for its variables.",
                    template.name,
                )
            )
        return super()._action_send_sms_numbers()

    def _get_composer_values(
        self, composition_mode, res_model, res_id, body, template_id
    ):
        """The same text for those who ask before there is a dialog."""
        values = super()._get_composer_values(
            composition_mode, res_model, res_id, body, template_id
        )
        template = self.env["sms.template"].browse(template_id or [])
        shown = composition_mode == "comment" and res_id and not body
        if shown and template.message_template:
            values["body"] = template._render_field("body", [res_id])[res_id]
        return values
