import logging

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.sms_base_sr.models.sms_provider import retire
from odoo.addons.sms_base_sr.tools.capabilities import Capabilities

from ..tools import payloads
from ..tools.gateway import KolmeyaGateway
from ..tools.kolmeya_api import KolmeyaAPI
from ..tools.kolmeya_client import BASE_URL, bare_token
from ..tools.kolmeya_errors import KolmeyaError
from ..tools.kolmeya_parse import format_reais

_logger = logging.getLogger(__name__)

# Hosts that old clients have hard-wired and that do not answer.
WRONG_HOSTS = ("api.kolmeya.com.br", "api.kolmeya.com")
LOW_BALANCE_SEGMENTS = 1000


class SmsProvider(models.Model):
    """A Kolmeya account: its token, cost centre and balance, and the verbs over it."""

    _inherit = "sms.provider"

    provider_type = fields.Selection(
        selection_add=[("kolmeya", "Kolmeya")],
        ondelete={"kolmeya": retire},
    )
    kolmeya_api_token = fields.Char(
        "API token",
        compute="_compute_secrets",
        inverse="_inverse_kolmeya_api_token",
        groups="sms_base_sr.group_sms_admin",
        copy=False,
        exportable=False,
    )
    kolmeya_api_token_sealed = fields.Char(groups=fields.NO_ACCESS, copy=False)
    kolmeya_base_url = fields.Char("API address", default=BASE_URL)
    kolmeya_segment_id = fields.Integer(
        "Cost centre",
        help="The gateway's tenant_segment_id; 0 means the account's default.",
    )
    kolmeya_segment_choice_id = fields.Many2one(
        "kolmeya.segment",
        "Choose the cost centre",
        compute="_compute_kolmeya_segment_choice_id",
        inverse="_inverse_kolmeya_segment_choice_id",
        domain="[('provider_id', '=', id)]",
    )
    kolmeya_balance = fields.Float("Balance", readonly=True, copy=False)
    kolmeya_balance_text = fields.Char(
        "Balance as the gateway says it", readonly=True, copy=False
    )
    last_balance_check = fields.Datetime(readonly=True, copy=False)

    def _inverse_kolmeya_api_token(self):
        self._inverse_secret("kolmeya_api_token")

    @api.depends("kolmeya_segment_id")
    def _compute_kolmeya_segment_choice_id(self):
        for provider in self:
            provider.kolmeya_segment_choice_id = self.env["kolmeya.segment"].search(
                [
                    ("provider_id", "=", provider._origin.id),
                    ("segment_id", "=", provider.kolmeya_segment_id),
                ],
                limit=1,
            )

    def _inverse_kolmeya_segment_choice_id(self):
        for provider in self:
            provider.kolmeya_segment_id = provider.kolmeya_segment_choice_id.segment_id

    @api.constrains("kolmeya_base_url", "provider_type")
    def _check_kolmeya_base_url(self):
        for provider in self.filtered(lambda p: p.provider_type == "kolmeya"):
            url = provider.kolmeya_base_url or ""
            if not self._is_safe_base(url) or any(h in url for h in WRONG_HOSTS):
                raise UserError(
                    self.env._(
                        "API address: “%(url)s” cannot be right. Use %(default)s.",
                        url=url,
                        default=BASE_URL,
                    )
                )

    def _webhook_path(self):
        if self.provider_type == "kolmeya":
            return "/kolmeya/webhook"
        return super()._webhook_path()

    def _kolmeya_gateway(self):
        """Return a gateway that needs no database any more."""
        token = self._get_secret("kolmeya_api_token")
        if not token:
            raise UserError(
                self.env._(
                    "API token: enter the token of the account on %s.",
                    self.display_name,
                )
            )
        api_client = KolmeyaAPI(
            token, self.kolmeya_segment_id or None, base_url=self.kolmeya_base_url
        )
        return KolmeyaGateway(api_client)

    # -- verbs ------------------------------------------------------------------------

    def _kolmeya_capabilities(self):
        return Capabilities(
            status_query=True, replies=True, webhooks=True, blacklist=True, balance=True
        )

    def _kolmeya_send_batch(self, request):
        gateway = self._kolmeya_gateway()
        return lambda: gateway.send_batch(request)

    def _kolmeya_query_batch(self, reference):
        gateway = self._kolmeya_gateway()
        return lambda: gateway.query_batch(reference)

    def _kolmeya_account(self):
        """What names the account: address and token, whatever the cost centre."""
        token = self._get_secret("kolmeya_api_token")
        url = (self.kolmeya_base_url or "").rstrip("/").lower()
        return token and f"{url} {bare_token(token)}"

    def _kolmeya_fetch_replies(self, hours):
        gateway = self._kolmeya_gateway()

        def fetch():
            try:
                return gateway.fetch_replies(hours)
            except KolmeyaError as error:
                _logger.warning("Fetching replies: %s", error)
                return None

        return fetch

    def _kolmeya_parse_webhook(self, body):
        return payloads.parse_webhook(body)

    def _kolmeya_check_connection(self):
        """Read balance and cost centres, and say in one sentence what is wrong."""
        try:
            gateway = self._kolmeya_gateway()
            balance = gateway.balance()
            segments = gateway.segments()
        except KolmeyaError as error:
            return self._notify("danger", self._kolmeya_explain(error))
        self.write(
            {
                "kolmeya_balance": balance.amount or 0.0,
                "kolmeya_balance_text": balance.text,
                "last_balance_check": fields.Datetime.now(),
            }
        )
        self.env["kolmeya.segment"]._replace(self, segments)
        if balance.amount is None:
            text = self.env._("Connected, but the balance could not be read.")
            return self._notify("warning", text)
        text = self.env._("Connected. Balance: %s", format_reais(balance.amount))
        return self._notify("success", text)

    def _kolmeya_explain(self, error):
        """Say what an administrator can do about an error."""
        if error.status == 401:
            return self.env._("The gateway refuses the API token: enter it again.")
        if error.status == 403:
            return self.env._(
                "The gateway refuses this server: add its address to the IP list in "
                "the gateway's portal."
            )
        return self.env._("The gateway does not answer as expected: %s", error)
