from odoo import fields, models

REASONS = [
    ("missing", "A required cell is empty"),
    ("value", "A cell cannot be understood"),
    ("invalid_number", "Invalid phone number"),
    ("landline", "Not a mobile number"),
    ("duplicate_file", "Number twice in the file"),
    ("duplicate_campaign", "Number already in the campaign"),
    ("rejected", "Refused by the database"),
]


class SmsContactImportLine(models.Model):
    """One line of a file, until it is imported; refused ones stay, with the reason.

    The job alone writes it: all lines are copied here at once, and a page of them is
    decided in the transaction that makes its contacts, so no line counts twice.
    """

    _name = "sms.contact.import.line"
    _description = "SMS contacts: line of a file"
    _order = "id"
    _rec_name = "number"
    _log_access = False

    import_id = fields.Many2one(
        "sms.contact.import", required=True, readonly=True, ondelete="cascade"
    )
    number = fields.Integer("Line", required=True, readonly=True)
    cells = fields.Json(readonly=True)
    shown = fields.Char("Content", compute="_compute_shown")
    state = fields.Selection(
        [("new", "Waiting"), ("imported", "Imported"), ("refused", "Refused")],
        required=True,
        readonly=True,
    )
    phone = fields.Char(readonly=True)
    reason = fields.Selection(REASONS, readonly=True)
    detail = fields.Char("What to do", readonly=True)

    _waiting = models.Index("(import_id, id) WHERE state = 'new'")
    _refused = models.Index("(import_id, id) WHERE state = 'refused'")
    _phones = models.Index("(import_id, phone) WHERE phone IS NOT NULL")

    def _compute_shown(self):
        for line in self:
            line.shown = " | ".join(cell for cell in line.cells or [] if cell)
