from odoo import models


class MailThread(models.AbstractModel):
    """Reminders and automations: their SMS are of the class of their template."""

    _inherit = "mail.thread"

    def _message_sms_with_template(
        self, template=False, template_xmlid=False, *args, **kwargs
    ):
        found = template
        if not found and template_xmlid:
            found = self.env.ref(template_xmlid, raise_if_not_found=False)
        thread = self
        if found:
            thread = self.with_context(sms_message_class=found.message_class)
        return super(MailThread, thread)._message_sms_with_template(
            template, template_xmlid, *args, **kwargs
        )
