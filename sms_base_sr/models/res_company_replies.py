from odoo import api, fields, models


class ResCompany(models.Model):
    """What a company decides about replies and opt-outs."""

    _inherit = "res.company"

    sms_confirm_opt_out = fields.Boolean("Confirm opt-outs by SMS")
    sms_opt_out_text = fields.Char(
        "Text of the confirmation",
        default="Você não receberá mais nossos SMS. Para voltar a receber, "
        "responda VOLTAR.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        companies = super().create(vals_list)
        self.env["sms.reply.word"].sudo()._add_shipped_words(companies)
        return companies
