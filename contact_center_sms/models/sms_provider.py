from odoo import models


class SmsProvider(models.Model):
    """What an administrator puts right here connects the ChatRoom again."""

    _inherit = "sms.provider"

    def action_check_connection(self):
        action = super().action_check_connection()
        if not self.suspended:
            self._tell_chatroom(action["params"]["type"] != "danger")
        return action

    def action_resume(self):
        result = super().action_resume()
        self._tell_chatroom(True)
        return result

    def _tell_chatroom(self, connected):
        """Have the connectors of these accounts allow or refuse what agents write."""
        # sudo: connectors are the app's administrators' to write.
        connectors = self.env["acrux.chat.connector"].sudo()
        domain = [("connector_type", "=", "sms"), ("sms_provider_id", "in", self.ids)]
        found = connectors.search([*domain, ("ca_status", "!=", connected)])
        found.write({"ca_status": connected})
