from odoo import models
from odoo.exceptions import UserError

from odoo.addons.sms_base_sr.tools import text_template
from odoo.addons.sms_base_sr.tools.template_variables import dotted_names


class AcruxChatConversation(models.Model):
    """SMS templates written for the customer of a conversation, by the sandbox."""

    _inherit = "acrux.chat.conversation"

    def _sms_render(self, template):
        """The text of a template for this customer.

        :raises UserError: a variable is unknown here, or empty; its name is said
        """
        self.ensure_one()
        values = self._sms_template_values()
        try:
            text = text_template.compile_text(template.message_template)
            unknown = text.missing(set(dotted_names(values)))
            if unknown:
                raise text_template.UndeclaredName(*unknown)
            return text.render(values)
        except text_template.MissingValue as error:
            reason = self.env._("this customer has no value for %s", error.name)
        except text_template.UndeclaredName as error:
            names = ", ".join(error.names)
            reason = self.env._("a conversation knows no %s", names)
        except text_template.TemplateError as error:
            reason = str(error)
        raise UserError(
            self.env._(
                "“%(template)s” cannot be used here: %(reason)s.",
                template=template.name,
                reason=reason,
            )
        )

    def _sms_template_values(self):
        """What a text may use: plain values, as in campaigns; addons add theirs."""
        variables = self.env["sms.template.variables"]
        # sudo: name and telephone of the company are printed for customers anyway.
        company = self.connector_id.sudo().company_id.with_env(self.env)
        return variables._values_of_record(self.res_partner_id, company)
