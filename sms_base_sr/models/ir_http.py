from odoo import models
from odoo.http import request


class IrHttp(models.AbstractModel):
    """Webhook routes (``sms_webhook`` in their routing) take any body and query."""

    _inherit = "ir.http"

    @classmethod
    def _pre_dispatch(cls, rule, args):
        result = super()._pre_dispatch(rule, args)
        if rule.endpoint.routing.get("sms_webhook"):
            # Core would read the body as a form, and may fail: what a stranger sends
            # is read by us, as it came. Nor may a query say ?self=1.
            request.get_http_params = dict
        return result
