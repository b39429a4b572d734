from odoo import http
from odoo.http import request


class SmsBench(http.Controller):
    """The yardstick of the webhook benchmark: what any public route costs."""

    @http.route(
        "/sms_bench/empty",
        type="http",
        auth="public",
        methods=["POST"],
        csrf=False,
        save_session=False,
    )
    def empty(self, **_kwargs):
        return request.make_json_response({"status": "success"})
