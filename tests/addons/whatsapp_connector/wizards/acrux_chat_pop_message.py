from odoo import api, fields, models


class AcruxChatPopMessage(models.TransientModel):
    """A window that tells the user something, for methods that only return."""

    _name = "acrux.chat.pop.message"
    _description = "Pop-up Message"

    name = fields.Char(readonly=True)
    info = fields.Html(readonly=True)

    @api.model
    def message(self, name, html=""):
        """Return the action that shows it; no record is created."""
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": self._name,
            "view_mode": "form",
            "target": "new",
            "context": dict(self.env.context, default_name=name, default_info=html),
        }
