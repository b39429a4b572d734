import uuid

from odoo import api, fields, models

# WhatsApp stays first wherever the app takes "the first connector".
SEQUENCE = 100
# Where most of the customers live.
DEFAULT_ZONE = "America/Sao_Paulo"


class AcruxChatConnector(models.Model):
    """A ChatRoom connector whose channel is SMS; other types are left as they are.

    Administrators write it. This file makes one; requests, status and numbers have
    files of their own.
    """

    _inherit = "acrux.chat.connector"

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

    def _sms_conversations(self):
        """The conversations' model as the app's own webhook would use it."""
        company = self.company_id
        conversations = self.env["acrux.chat.conversation"].with_company(company)
        return conversations.with_context(
            allowed_company_ids=company.ids,
            from_webhook=True,
            not_download_profile_picture=True,
            lang=company.partner_id.lang,
        )

    @api.constrains("sms_provider_id", "company_id")
    def _check_sms_company(self):
        """Only this field: what the app checks of its own is its own business."""
        self.filtered("sms_provider_id")._check_company(["sms_provider_id"])

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if vals.get("connector_type") == "sms":
                self._sms_fill(vals)
                # The form requires it, and its buttons would not work without.
                vals["tz"] = vals.get("tz") or self._sms_zone()
        return super().create(vals_list)

    def write(self, vals):
        """A connector that becomes one for SMS needs what a new one gets."""
        if vals.get("connector_type") != "sms":
            return super().write(vals)
        result = True
        for connector in self:
            values = dict(vals)
            if not connector._is_sms():
                self._sms_fill(values)
            result = super(AcruxChatConnector, connector).write(values)
        return result

    @api.model
    def _sms_fill(self, vals):
        """Fill what the app requires and an SMS connector has no use for."""
        for name, value in self._sms_defaults().items():
            if not vals.get(name):
                vals[name] = value
        vals.update(self._sms_musts())

    @api.model
    def _sms_defaults(self):
        """The app's public webhook accepts whoever knows ``uuid``: a secret, then."""
        return {
            "source": "sms",
            "token": uuid.uuid4().hex,
            "uuid": str(uuid.uuid4()),
            "endpoint": "https://sms.invalid",
            "sequence": SEQUENCE,
            "show_icon": False,
            "ca_status": True,
        }

    @api.model
    def _sms_zone(self):
        return self.env.context.get("tz") or self.env.user.tz or DEFAULT_ZONE

    @api.model
    def _sms_musts(self):
        """What an addon of the app sets in a hidden field, and refuses afterwards."""
        present = "is_direct_connection" in self._fields
        return {"is_direct_connection": False} if present else {}

    @api.onchange("connector_type")
    def _onchange_connector_type(self):
        result = super()._onchange_connector_type()
        if self._is_sms():
            self.update({**self._sms_defaults(), **self._sms_musts()})
        return result
