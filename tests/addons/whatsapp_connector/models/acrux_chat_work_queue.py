import logging

from odoo import api, fields, models

_logger = logging.getLogger(__name__)


class AcruxChatWorkQueue(models.Model):
    """What the public webhook received and nobody has processed yet.

    The real queue commits after each row; here each row has a savepoint.
    """

    _name = "acrux.chat.work.queue"
    _description = "Chat Work Queue"
    _order = "id"

    connector_id = fields.Many2one(
        comodel_name="acrux.chat.connector", required=True, ondelete="cascade"
    )
    ttype = fields.Selection(
        selection=[
            ("in_message", "Message"),
            ("in_event", "Event"),
            ("in_update", "Update"),
        ],
        string="Type",
        required=True,
    )
    data = fields.Json(required=True)
    error = fields.Char(readonly=True)

    @api.model
    def _cron_process_queue(self):
        self.search([("error", "=", False)])._process_queue()

    def _process_queue(self):
        for row in self:
            try:
                with self.env.cr.savepoint():
                    row._process_row()
            except Exception as error:
                _logger.exception("work queue %s failed", row.id)
                row.error = str(error)
            else:
                row.unlink()

    def _process_row(self):
        self.ensure_one()
        connector = self.connector_id.with_context(
            tz=self.connector_id.tz,
            lang=self.env.user.lang,
            allowed_company_ids=self.connector_id.company_id.ids,
            from_webhook=True,
        )
        conversations = connector.env["acrux.chat.conversation"].sudo()
        if self.ttype == "in_message":
            conversations.new_message(
                conversations.parse_message_receive(connector, self.data)
            )
        elif self.ttype == "in_event":
            conversations.new_webhook_event(
                connector, conversations.parse_event_receive(connector, self.data)
            )
        else:
            conversations.contact_update(
                connector, conversations.parse_contact_receive(connector, self.data)
            )
