from odoo import fields, models


class SmsDoNotDisturbNumber(models.Model):
    """One number of a do-not-disturb list; the list's job alone writes it, by COPY."""

    _name = "sms.do.not.disturb.number"
    _description = "SMS do-not-disturb list: number"
    _log_access = False
    _order = "number"
    _rec_name = "number"

    list_id = fields.Many2one(
        "sms.do.not.disturb",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="list_id.company_id")
    number = fields.Char(required=True, readonly=True)
    valid_from = fields.Date(related="list_id.valid_from")
    valid_until = fields.Date(related="list_id.valid_until")

    _once = models.UniqueIndex("(number, list_id)", "A list holds a number once.")
