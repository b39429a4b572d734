from odoo import models
from odoo.http import request


class IrHttp(models.AbstractModel):
    """Webhook routes (``sms_webhook`` in their routing) take any body and query."""

    _inherit = "ir.http"

    @classmethod
    def _pre_dispatch(cls, rule, args):
        result = super()._pre_dispatch(rule, args)
        if rule.endpoint.routing.get("sms_webhook"):
            # Kept before core reads a form, which would leave an empty stream.
            request.httprequest.get_data()
        return result

    @classmethod
    def _dispatch(cls, endpoint):
        if endpoint.routing.get("sms_webhook"):
            # A query may say ?self=1, which is a TypeError in core's call.
            request.params.pop("self", None)
        return super()._dispatch(endpoint)
