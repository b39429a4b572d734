from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .sms_contact_import import OPEN_STATES


class SmsContactImportColumn(models.Model):
    """A column of a file, and the field that it fills; people choose the field."""

    _name = "sms.contact.import.column"
    _description = "SMS contacts: column of a file"
    _order = "import_id, position"
    _rec_name = "title"
    _log_access = False

    import_id = fields.Many2one(
        "sms.contact.import",
        required=True,
        readonly=True,
        ondelete="cascade",
        index=True,
    )
    position = fields.Integer(required=True, readonly=True)
    title = fields.Char("Column of the file", readonly=True)
    examples = fields.Char(readonly=True)
    target = fields.Selection("_target_choices", "Fills")

    @api.model
    def _target_choices(self):
        """Fields of every kind of campaign; an import offers those of its own."""
        choices = {}
        for name in self.env.registry.descendants(["sms.campaign.mixin"], "_inherit"):
            for target in self.env[name]._sms_import_targets():
                choices.setdefault(target.name, target.label)
        return list(choices.items())

    def write(self, vals):
        """People choose the field, while the import has not begun."""
        if not self.env.su:
            if set(vals) - {"target"}:
                raise AccessError(self.env._("Only the SMS engine writes columns."))
            if any(record.import_id.state not in OPEN_STATES for record in self):
                raise UserError(
                    self.env._("This import has begun and can no longer be changed.")
                )
        return super().write(vals)
