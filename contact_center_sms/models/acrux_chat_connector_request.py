from odoo import models
from odoo.exceptions import UserError

# Requests that the app makes by itself: without effect here, and no error either.
SILENT_PATHS = (
    "config_set",
    "contact_get",
    "msg_set_read",
    "opt_in",
    "status_logout",
)


class AcruxChatConnector(models.Model):
    """What the app asks of a gateway, answered without the vendor's server.

    Of a text of ours nothing may reach it, so no path of an SMS connector is left to
    the base.
    """

    _inherit = "acrux.chat.connector"

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
            return self._sms_request(path, data or {})
        return super().ca_request(
            path=path,
            data=data,
            params=params,
            timeout=timeout,
            ignore_exception=ignore_exception,
        )

    def _sms_request(self, path, data):
        self.ensure_one()
        if path == "send":
            return {"msg_id": self._sms_send(data).reference}
        if path in ("status_get", "status"):
            return {"status": {"acrux_ok": self._sms_provider().display_name}}
        if path in SILENT_PATHS:
            return {}
        if path == "contact_get_all":
            return {"dialogs": []}
        raise UserError(self.env._("SMS cannot do this (%s).", path))
