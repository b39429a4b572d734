from markupsafe import Markup

from odoo import models
from odoo.exceptions import UserError


class AcruxChatConnector(models.Model):
    """*Check Status* and the other buttons of the connector's form."""

    _inherit = "acrux.chat.connector"

    def ca_get_status(self):
        """Ask the gateway, and tell with a notification, which any view can show."""
        if not self._is_sms():
            return super().ca_get_status()
        self.ensure_one()
        self.check_access("read")
        # sudo: agents may look, and only administrators may write what is stored.
        return self.sudo()._sms_check_status()

    def _sms_check_status(self):
        provider = self._sms_provider()
        action = self._sms_ask(provider)
        if provider.suspended:
            self._sms_add_suspension(provider, action["params"])
        self._sms_store_status(provider, action["params"])
        return action

    def _sms_provider(self):
        """The account that SMS of this connector leave by, archived or not."""
        providers = self.env["sms.provider"].sudo()
        return self.sudo().sms_provider_id or providers._default_provider(
            self.company_id
        )

    def _sms_ask(self, provider):
        """What the account's own check tells, or why it could not be made."""
        if not provider:
            text = self.env._("Choose an SMS provider: the company has no active one.")
        elif not provider.active:
            text = self.env._("This SMS provider is archived.")
        else:
            try:
                return provider.action_check_connection()
            except UserError as error:
                text = str(error)
        action = provider._notify("danger", text)
        action["params"]["title"] = (provider or self).display_name
        return action

    def _sms_add_suspension(self, provider, params):
        """An account that answers may be held back all the same."""
        params["type"] = "danger"
        params["message"] = self.env._(
            "%(answer)s Sending is held back (%(reason)s): press “Resume sending” in "
            "the SMS provider.",
            answer=params["message"],
            reason=provider.suspended_reason or "",
        )

    def _sms_store_status(self, provider, params):
        text = f"{(provider or self).display_name}: {params['message']}"
        values = {
            "ca_status": params["type"] != "danger",
            "ca_status_txt": text,
            "message": Markup("<p>%s</p>") % text,
        }
        self.write(values)

    def ca_set_logout(self):
        return None if self._is_sms() else super().ca_set_logout()

    def ca_set_settings(self):
        return {} if self._is_sms() else super().ca_set_settings()

    def allow_caption(self):
        return False if self._is_sms() else super().allow_caption()
