import re
import uuid

from odoo import api, fields, models
from odoo.exceptions import UserError

# WhatsApp stays first wherever the app takes "the first connector".
SEQUENCE = 100
# Requests that the app makes by itself: without effect here, and no error either.
SILENT_PATHS = (
    "config_set",
    "contact_get",
    "msg_set_read",
    "opt_in",
    "status_logout",
)


class AcruxChatConnector(models.Model):
    """A ChatRoom connector whose channel is SMS; other types are left as they are.

    The base's requests go to the vendor's server: of a text of ours none may, so
    every path is answered here.
    """

    _inherit = "acrux.chat.connector"
    _check_company_auto = True

    connector_type = fields.Selection(
        selection_add=[("sms", "SMS")],
        ondelete={"sms": lambda connectors: connectors._sms_on_uninstall()},
    )
    sms_provider_id = fields.Many2one(
        "sms.provider", "SMS provider", check_company=True, ondelete="restrict"
    )

    def _sms_on_uninstall(self):
        """Keep the history: deleting connectors would delete conversations."""
        self.write({"connector_type": "not_set", "ca_status": False})

    def _is_sms(self):
        return self.connector_type == "sms"

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if vals.get("connector_type") == "sms":
                self._sms_fill(vals)
        return super().create(vals_list)

    @api.model
    def _sms_fill(self, vals):
        """Fill what the app requires and an SMS connector has no use for.

        The app's public webhook accepts anybody who knows ``uuid``: it must not be
        guessable.
        """
        defaults = {
            "source": "sms",
            "token": uuid.uuid4().hex,
            "uuid": str(uuid.uuid4()),
            "endpoint": "https://sms.invalid",
            "sequence": SEQUENCE,
            "show_icon": False,
            "ca_status": True,
        }
        if "is_direct_connection" in self._fields:
            defaults["is_direct_connection"] = False
        for name, value in defaults.items():
            if not vals.get(name):
                vals[name] = value

    @api.onchange("connector_type")
    def _onchange_connector_type(self):
        result = super()._onchange_connector_type()
        if self._is_sms():
            values = {}
            self._sms_fill(values)
            for name in ("source", "token", "uuid", "endpoint", "sequence"):
                self[name] = values[name]
            self.show_icon = False
        return result

    # The mutable defaults are part of the signature that callers rely on.
    # pylint: disable=dangerous-default-value
    def ca_request(
        self,
        path,
        data={},  # noqa: B006
        params={},  # noqa: B006
        timeout=False,
        ignore_exception=False,
    ):
        if self._is_sms():
            return self._sms_request(path)
        return super().ca_request(
            path=path,
            data=data,
            params=params,
            timeout=timeout,
            ignore_exception=ignore_exception,
        )

    def _sms_request(self, path):
        """Answer what the base asks without any message to the vendor's server."""
        if path in ("status_get", "status"):
            return {"status": {"acrux_ok": self.sms_provider_id.display_name}}
        if path in SILENT_PATHS:
            return {}
        if path == "contact_get_all":
            return {"dialogs": []}
        if path == "send":
            raise UserError(
                self.env._(
                    "SMS cannot be answered from the ChatRoom yet: use SMS › Replies."
                )
            )
        raise UserError(self.env._("SMS cannot do this (%s).", path))

    def ca_get_status(self):
        if not self._is_sms():
            return super().ca_get_status()
        # sudo: agents may look, and only administrators may write what is stored.
        connector = self.sudo()
        provider = connector.sms_provider_id
        if not provider:
            providers = self.env["sms.provider"].sudo()
            provider = providers._require_provider(self.company_id)
        connector.ca_status = provider.active
        return provider.action_check_connection()

    def ca_set_logout(self):
        return None if self._is_sms() else super().ca_set_logout()

    def ca_set_settings(self):
        return {} if self._is_sms() else super().ca_set_settings()

    def allow_caption(self):
        return False if self._is_sms() else super().allow_caption()

    def assert_id(self, key):
        """Short codes and foreign numbers write SMS too: only nothing is refused."""
        if not self._is_sms():
            return super().assert_id(key)
        # A number that came with its "+" may look like a local one without it.
        received = self.env.context.get("from_webhook")
        if not key or not received and key != self.clean_id(key):
            raise UserError(self.env._("“%s” is no phone number.", key or ""))
        return None

    def clean_id(self, key):
        """Digits of the E.164 number; a sender's name stays as it is."""
        if not self._is_sms():
            return super().clean_id(key)
        self.ensure_one()
        if key and re.search("[A-Za-z]", key):
            return key.strip()
        number = self.env["sms.message"]._normalize_phone(key, self.company_id)
        return re.sub(r"\D", "", number or key or "")

    def format_id(self, key):
        if self._is_sms() and key and (re.search("[A-Za-z]", key) or len(key) <= 6):
            return key  # a name or a short code
        return super().format_id(key)
