from odoo import http
from odoo.http import request

QUEUE_TYPES = {
    "updates": "in_update",
    "events": "in_event",
    "messages": "in_message",
}


class AcruxWebhook(http.Controller):
    """The public entrance of every connector; its uuid is the only secret."""

    @http.route("/acrux_webhook/test", auth="public", type="http", methods=["GET"])
    def acrux_webhook_test(self, **kwargs):
        return request.make_response("OK")

    @http.route(
        "/acrux_webhook/whatsapp_connector/<string:connector_uuid>",
        auth="public",
        type="jsonrpc",
        methods=["POST"],
    )
    def acrux_webhook(self, connector_uuid, **post):
        connector = self._find_connector(connector_uuid)
        if not connector:
            return
        for group, ttype in QUEUE_TYPES.items():
            request.env["acrux.chat.work.queue"].sudo().create(
                [
                    {"connector_id": connector.id, "ttype": ttype, "data": item}
                    for item in post.get(group) or []
                ]
            )

    @http.route(
        "/acrux_webhook/whatsapp_connector/<string:connector_uuid>/process",
        auth="public",
        type="jsonrpc",
        methods=["POST"],
    )
    def acrux_webhook_process(self, connector_uuid, **post):
        connector = self._find_connector(connector_uuid)
        if connector:
            rows = request.env["acrux.chat.work.queue"].sudo()
            rows.search(
                [("connector_id", "=", connector.id), ("error", "=", False)]
            )._process_queue()

    def _find_connector(self, uuid):
        connectors = request.env["acrux.chat.connector"].sudo()
        return connectors.search([("uuid", "=", uuid)], limit=1)
