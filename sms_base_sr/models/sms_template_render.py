from odoo import models
from odoo.exceptions import UserError

from ..tools import template_check, template_variables, text_template


class SmsTemplate(models.Model):
    """Our text wherever Odoo asks a template for its own: dialogs, server actions.

    Odoo's renderer works over records; it never sees our text.
    """

    _inherit = "sms.template"

    def _render_field(self, field, res_ids, *args, **kwargs):
        """Odoo's ``body`` of a template with a text of ours is that text."""
        if field != "body" or not self.message_template:
            return super()._render_field(field, res_ids, *args, **kwargs)
        self.ensure_one()
        records = self.env[self.render_model].browse(res_ids)
        return {record.id: self._sms_text_for(record) for record in records}

    def _sms_text_for(self, record):
        """The text for one record, its fields read with the user's rights.

        :raises UserError: it cannot be written; says which variable, and for whom
        """
        self.ensure_one()
        values = self.env["sms.template.variables"]._values_of_record(record)
        reason = ""
        try:
            template = text_template.compile_text(self.message_template)
            unknown = template.missing(set(template_variables.dotted_names(values)))
            outcome = template_check.attempt(template, values)
        except text_template.TemplateError as error:
            unknown, outcome, reason = [], None, str(error)
        if unknown:
            names = ", ".join(unknown)
            reason = self.env._("nothing is known of %s here", names)
        elif outcome and outcome.error:
            reason = str(outcome.error)
        elif outcome and outcome.missing:
            reason = self.env._("no value for %s", ", ".join(outcome.missing))
        if not reason:
            return outcome.text
        raise UserError(
            self.env._(
                "“%(template)s” cannot be written to %(record)s: %(reason)s.",
                template=self.name,
                record=record.display_name,
                reason=reason,
            )
        )
