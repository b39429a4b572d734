import re

from odoo import models
from odoo.http import request

from odoo.addons.bus.websocket import wsrequest


class IrWebsocket(models.AbstractModel):
    """Subscribe agents to the channels of the first company they selected."""

    _inherit = "ir.websocket"

    def _build_bus_channel_list(self, channels):
        if self.env.user.has_group("whatsapp_connector.group_chat_basic"):
            channels = list(channels) + self._chatroom_channels()
        return super()._build_bus_channel_list(channels)

    def _chatroom_channels(self):
        cids = (request or wsrequest).httprequest.cookies.get("cids") or ""
        first = re.match(r"\d+", cids)
        company = self.env.user.company_id
        if first and int(first[0]) in self.env.user.company_ids.ids:
            company = company.browse(int(first[0]))
        conversations = self.env["acrux.chat.conversation"].with_company(company)
        connectors = self.env["acrux.chat.connector"].with_company(company)
        model, dbname = conversations._name, self.env.cr.dbname
        channels = [
            (dbname, model, company.id, connector.id)
            for connector in connectors.search([("company_id", "=", company.id)])
        ]
        return channels + [conversations.get_channel_to_one(self.env.user)]
