"""Transport of the Kolmeya client: what all gateways share, with Kolmeya's names."""

import requests

from odoo.addons.sms_base_sr.tools.gateway_client import (
    GatewayClient,
    bare_token,
    may_repeat,
)

BASE_URL = "https://kolmeya.com.br/api/v1"

__all__ = ["BASE_URL", "KolmeyaClient", "bare_token", "may_repeat"]


class KolmeyaClient(GatewayClient):
    """Calls paths of one account; knows nothing of what they mean."""

    def __init__(
        self,
        token: str,
        segment_id: int | str | None = None,
        *,
        base_url: str = BASE_URL,
        sms_api_id: int | str | None = None,
        session: requests.Session | None = None,
        connect_timeout: float = 5,
        read_timeout: float = 30,
        total_timeout: float = 60,
    ):
        super().__init__(
            token,
            base_url,
            session=session,
            connect_timeout=connect_timeout,
            read_timeout=read_timeout,
            total_timeout=total_timeout,
        )
        self.segment_id = segment_id
        self.sms_api_id = sms_api_id

    _ask = GatewayClient.ask
