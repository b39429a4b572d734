import logging

from markupsafe import Markup

from odoo import models
from odoo.exceptions import ValidationError

from ..tools import recorder
from .acrux_chat_connector import VENDOR_TYPES

_logger = logging.getLogger(__name__)


class AcruxChatConnector(models.Model):
    """The single outbound seam, without the wire.

    ``ca_request`` keeps its name, its five parameter names and its answers, but
    records the call instead of making it. A type that the vendor does not know
    must have been answered by its own addon: reaching this method is a leak.
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
        self.ensure_one()
        if self.connector_type not in VENDOR_TYPES:
            raise recorder.UnexpectedRequestError(
                f"connector type {self.connector_type!r} reached the HTTP request"
                f" {path!r}: the addon of that type must answer it"
            )
        self.get_req_method(path)
        self.log_data("POST", self.get_api_url(path), params, data, {})
        recorder.record(self, path, data, params, timeout, ignore_exception)
        result = recorder.answer_for(path)
        self.log_result("POST", self.get_api_url(path), result, params, data, None)
        return result

    def get_actions(self):
        return {
            "send": "post",
            "msg_set_read": "post",
            "config_get": "get",
            "config_set": "post",
            "status_get": "get",
            "status_logout": "post",
            "contact_get": "get",
            "contact_get_all": "get",
            "whatsapp_number_get": "get",
            "template_get": "get",
            "delete_message": "delete",
            "init_free_test": "post",
        }

    def get_req_method(self, action):
        method = self.get_actions().get(action)
        if not method:
            raise ValidationError(self.env._("Action %s is not valid.", action))
        return method

    def get_api_url(self, path=""):
        self.ensure_one()
        return f"{(self.endpoint or '').rstrip('/')}/{path}"

    def get_headers(self, path=""):
        self.ensure_one()
        return {"client_id": self.uuid, "token": self.token, "action": path}

    def hook_request_args(self, args):
        return args

    def log_data(self, req_type, url, param, data, header):
        """Empty hook."""

    def log_result(self, req_type, url, result, param, data, req):
        """Empty hook."""

    def ca_get_status(self):
        self.ensure_one()
        status = self.ca_request("status_get", timeout=20).get("status", {})
        connected = bool(status.get("acrux_ok"))
        text = status.get("acrux_ok") or status.get("acrux_er")
        text = text or status.get("accountStatus") or self.env._("Unknown status")
        self.ca_status = connected
        self.ca_status_txt = text
        self.message = Markup("<p>%s</p>") % text
        return self.env["acrux.chat.pop.message"].message(
            self.env._("Status"), self.message
        )

    def action_ca_get_status(self):
        return self.ca_get_status()

    def ca_set_logout(self):
        self.ensure_one()
        self.ca_request("status_logout", timeout=20)
        self.write(
            {
                "ca_status": False,
                "ca_status_txt": False,
                "ca_qr_code": False,
                "message": False,
            }
        )

    def ca_set_settings(self):
        """The real method commits first; a flush is what a test may do."""
        self.ensure_one()
        self.env.flush_all()
        return self.ca_request("config_set", {"webhook": self.webhook_url})

    def ca_get_chat_list(self):
        self.ensure_one()
        dialogs = self.ca_request("contact_get_all").get("dialogs", [])
        return self.process_chat_list(dialogs)

    def process_chat_list(self, vals):
        """Contact import, not simulated."""

    def ca_status_change(self, status):
        self.ensure_one()
        if status in ("connected", "disconnected"):
            self.ca_status = status == "connected"
        else:
            _logger.info("connector %s: unknown status %s", self.id, status)
