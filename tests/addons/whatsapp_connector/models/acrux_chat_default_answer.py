from odoo import api, fields, models


class AcruxChatDefaultAnswer(models.Model):
    """A ready answer that an agent turns into an ordinary message."""

    _name = "acrux.chat.default.answer"
    _description = "Chat Default Answer"
    _inherit = "acrux.chat.base.message"
    _order = "sequence, id"

    name = fields.Char(required=True)
    sequence = fields.Integer(required=True, default=1)
    show_in_chatroom = fields.Boolean(default=True)
    connector_id = fields.Many2one(
        comodel_name="acrux.chat.connector", ondelete="set null"
    )

    @api.model
    def get_fields_to_read(self):
        return ["id", "name", "sequence", "ttype", "text", "res_model", "res_id"]

    @api.model
    def get_for_chatroom(self):
        answers = self.search([("show_in_chatroom", "=", True)])
        return answers.read(self.get_fields_to_read())

    def eval_answer(self, conversation_id):
        self.ensure_one()
        return {"ttype": self.ttype, "text": self.text}
