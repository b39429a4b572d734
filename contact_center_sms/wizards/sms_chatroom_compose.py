from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.sms_base_sr.tools import segments


class SmsChatroomCompose(models.TransientModel):
    """The dialog in which an agent sees text, segments and price before sending.

    What it sends goes the way of the chat window: the conversation sends it. Agents
    write it.
    """

    _name = "sms.chatroom.compose"
    _description = "Write an SMS in a conversation"

    conversation_id = fields.Many2one(
        "acrux.chat.conversation", required=True, ondelete="cascade"
    )
    connector_id = fields.Many2one(related="conversation_id.connector_id")
    recipient = fields.Char("To", compute="_compute_recipient")
    template_id = fields.Many2one(
        "sms.template",
        domain="[('message_template', '!=', False),"
        " ('applies_to', 'in', ('all', 'res_partner'))]",
    )
    body = fields.Text("Message", compute="_compute_body", store=True, readonly=False)
    template_problem = fields.Char(compute="_compute_template_problem")
    refusal = fields.Char(compute="_compute_refusal")
    char_count = fields.Integer("Characters", compute="_compute_size")
    sms_count = fields.Integer("Segments", compute="_compute_size")
    plain_sms_count = fields.Integer("Without accents", compute="_compute_size")
    cost = fields.Float("Price", digits=(16, 4), compute="_compute_cost")
    currency_id = fields.Many2one(related="conversation_id.company_id.currency_id")

    @api.model
    def default_get(self, fields_list):
        """Opened from a conversation's menu, it is about that conversation."""
        values = super().default_get(fields_list)
        context = self.env.context
        if context.get("active_model") == "acrux.chat.conversation":
            values.setdefault("conversation_id", context.get("active_id"))
        return values

    @api.depends("conversation_id")
    def _compute_recipient(self):
        for wizard in self:
            talk = wizard.conversation_id
            names = [talk.res_partner_id.name or talk.name, talk.number_format]
            wizard.recipient = " · ".join(dict.fromkeys(filter(None, names)))

    # -- the text ----------------------------------------------------------------------

    @api.depends("template_id", "conversation_id")
    def _compute_body(self):
        """The template's text; without one, what was typed stays."""
        for wizard in self:
            text, _problem = wizard._rendered()
            wizard.body = text if wizard.template_id else wizard.body

    @api.depends("template_id", "conversation_id")
    def _compute_template_problem(self):
        for wizard in self:
            wizard.template_problem = wizard._rendered()[1]

    def _rendered(self):
        """(text, why there is none) of the template chosen."""
        if not self.template_id or not self.conversation_id:
            return False, False
        try:
            return self.conversation_id._sms_render(self.template_id), False
        except UserError as error:
            return False, str(error)

    # -- what it would be --------------------------------------------------------------

    @api.depends("body")
    def _compute_size(self):
        for wizard in self:
            measured = segments.measure(wizard.body)
            plain = segments.measure(segments.drop_accents(wizard.body))
            wizard.char_count = measured.characters
            wizard.sms_count = measured.segments
            wizard.plain_sms_count = plain.segments

    @api.depends("sms_count", "conversation_id")
    def _compute_cost(self):
        for wizard in self:
            provider = wizard.connector_id._sms_provider()
            wizard.cost = wizard.sms_count * provider.price_per_segment

    @api.depends("conversation_id")
    def _compute_refusal(self):
        """Why nothing can be sent in this conversation, before anybody writes."""
        for wizard in self:
            wizard.refusal = wizard._reason_to_refuse()

    def _reason_to_refuse(self):
        connector = self.connector_id
        if not connector._is_sms():
            return self.env._("This is no conversation by SMS.")
        try:
            connector._sms_refuse_account()
            connector._sms_refuse_recipient(self.conversation_id.number)
        except UserError as error:
            return str(error)
        return False

    # -- buttons -----------------------------------------------------------------------

    def action_drop_accents(self):
        """Replace what makes the text longer; the dialog stays open."""
        self.ensure_one()
        self.body = segments.drop_accents(self.body)
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
        }

    def action_send(self):
        """Send as the chat window does; who does not attend it yet attends it now."""
        self.ensure_one()
        talk = self.conversation_id
        if not talk.connector_id._is_sms():
            raise UserError(self._reason_to_refuse())
        was_done = talk.status == "done"
        data = {"ttype": "text", "from_me": True, "text": self.body}
        talk.block_conversation()
        if was_done:
            talk.send_message_bus_release(data, "done")
        else:
            talk.send_message(data)
        return {"type": "ir.actions.act_window_close"}
