from odoo import fields, models


class ResCompany(models.Model):
    """Whether texts print a customer's whole tax number."""

    _inherit = "res.company"

    sms_cpf_whole = fields.Boolean(
        "Whole CPF in SMS",
        help="Off: texts print ***.456.789-**. A number may have passed to somebody "
        "else, and an SMS can be read on a locked telephone.",
    )
