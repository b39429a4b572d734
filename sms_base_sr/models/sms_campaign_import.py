from odoo import models
from odoo.exceptions import UserError


class SmsCampaignMixin(models.AbstractModel):
    """What a campaign declares so that lists of contacts can be imported into it."""

    _inherit = "sms.campaign.mixin"

    def _sms_import_targets(self):
        """Return the ``tools.contact_values.Target`` that a file may fill.

        None means that contacts do not come by file here. One of them is the main
        number.
        """
        return []

    def _sms_import_taken(self, numbers):
        """Return those of some E.164 numbers that the campaign has already."""
        raise NotImplementedError

    def _sms_import_create(self, contact_import, rows):
        """Create contacts from [(E.164 number, {target: value})], a page at a time."""
        raise NotImplementedError

    def _sms_import_warnings(self, contact_import):
        """Return sentences about what the chosen columns lack."""
        return []

    def action_sms_import(self):
        """Open the import of a list of contacts."""
        self.ensure_one()
        self.check_access("write")
        if not self._sms_import_targets():
            raise UserError(self.env._("Contacts of this campaign come by no file."))
        return {
            "type": "ir.actions.act_window",
            "res_model": "sms.contact.import",
            "view_mode": "form",
            "views": [(False, "form")],
            "name": self.env._("Import contacts"),
            "context": {"default_res_model": self._name, "default_res_id": self.id},
        }

    def action_view_sms_imports(self):
        """Open the imports of this campaign, with their reports."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "sms.contact.import",
            "view_mode": "list,form",
            "domain": [("res_model", "=", self._name), ("res_id", "=", self.id)],
            "context": {"default_res_model": self._name, "default_res_id": self.id},
            "name": self.env._("Imports"),
        }
