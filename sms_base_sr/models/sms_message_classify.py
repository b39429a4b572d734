from odoo import api, fields, models
from odoo.exceptions import UserError

from .sms_message import REPLY_CLASSES


class SmsMessage(models.Model):
    """What a reply asks for: the word lists' guess, or what a person says instead."""

    _inherit = "sms.message"

    reply_class_user_id = fields.Many2one(
        "res.users", "Kind corrected by", readonly=True, copy=False
    )
    reply_class_choice = fields.Selection(
        REPLY_CLASSES,
        "Kind",
        compute="_compute_reply_class_choice",
        inverse="_inverse_reply_class_choice",
        help="What the words of the reply say; correct it where they are wrong.",
    )

    def _engine_fields(self):
        return super()._engine_fields() | {"reply_class_user_id"}

    @api.depends("reply_class")
    def _compute_reply_class_choice(self):
        for message in self:
            message.reply_class_choice = message.reply_class

    def _inverse_reply_class_choice(self):
        for message in self:
            message._correct_reply_class(message.reply_class_choice)

    def _correct_reply_class(self, chosen):
        """Keep a person's decision, and do what follows from it."""
        self.ensure_one()
        if self.direction != "incoming" or not chosen:
            raise UserError(self.env._("Only a reply has a kind: choose one."))
        before = self.reply_class
        if chosen == before:
            return
        # sudo: who may write this reply may say what it means.
        message = self.sudo()
        message.write({"reply_class": chosen, "reply_class_user_id": self.env.uid})
        if before == "opt_out":
            message._withdraw_opt_out()
        message._apply_wishes()
        message._plan_activities()
