from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools import text_template

APPLIES_TO = {
    "res_partner": "res.partner",
    "contacts_realcred": "contacts.realcred.batch",
    "crm_lead": "crm.lead",
    "all": "res.partner",
}


class SmsTemplate(models.Model):
    """Core's SMS templates with a Jinja2 text of their own, read by the sandbox only.

    Core's ``body`` (evaluated by core over records) keeps a plain copy.
    """

    _inherit = "sms.template"

    code = fields.Char(copy=False, help="Short unique name for other programs.")
    active = fields.Boolean(default=True)
    applies_to = fields.Selection(
        [
            ("res_partner", "Contacts"),
            ("contacts_realcred", "Realcred contacts"),
            ("crm_lead", "Leads"),
            ("all", "Everything"),
        ],
        default="all",
    )
    message_template = fields.Text(
        "Text",
        translate=False,
        help="Jinja2 over plain values, for example "
        "“Olá {{ name }}, sua margem é {{ vi_rmi or '0,00' }}”.",
    )
    sms_core_syntax = fields.Boolean(compute="_compute_sms_core_syntax")
    message_class = fields.Selection(
        [
            ("promotional", "Promotional"),
            ("transactional", "Transactional"),
            ("service", "Service"),
        ],
        default="service",
        required=True,
    )

    _code_unique = models.Constraint(
        "unique(code)", "Another SMS template has this code already."
    )

    def _compute_sms_core_syntax(self):
        """Whose text is core's own: as it is stored, whatever is being typed."""
        for template in self:
            stored = template._origin
            template.sms_core_syntax = bool(stored.body and not stored.message_template)

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if not vals.get("model_id") and not vals.get("applies_to"):
                vals["applies_to"] = "all"
            self._fill_core_fields(vals)
        return super().create(vals_list)

    def write(self, vals):
        if "message_template" in vals or "applies_to" in vals:
            vals = dict(vals)
            self._fill_core_fields(vals)
        return super().write(vals)

    @api.model
    def _fill_core_fields(self, vals):
        """Give core's required columns values that are harmless to it."""
        if vals.get("message_template"):
            plain = vals["message_template"].replace("{", "(").replace("}", ")")
            vals["body"] = plain
        name = APPLIES_TO.get(vals.get("applies_to") or "")
        # Forms send an empty one where the field is hidden.
        if name and not vals.get("model_id"):
            if name not in self.env:
                name = "res.partner"
            vals["model_id"] = self.env["ir.model"]._get_id(name)

    def action_sms_test_render(self):
        """Open the dialog that writes the text for many, and sends nothing."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Try on many: %s", self.name),
            "res_model": "sms.template.test",
            "view_mode": "form",
            "target": "new",
            "context": {"default_template_id": self.id},
        }

    @api.constrains("message_template")
    def _check_message_template(self):
        for template in self:
            try:
                text_template.compile_text(template.message_template or "")
            except text_template.TemplateError as error:
                raise ValidationError(
                    self.env._(
                        "Text of “%(name)s”: %(error)s",
                        name=template.name,
                        error=error,
                    )
                ) from error

    @api.model
    def _has_unsafe_expression_template_inline_template(
        self, template_txt, model, fname=None
    ):
        """Core scans every text field for its own syntax; ours is sandboxed."""
        if fname == "message_template":
            return False
        return super()._has_unsafe_expression_template_inline_template(
            template_txt, model, fname=fname
        )
