from odoo import fields, models

from ..tools.failures import FAILURES, RETRIABLE

LABELS = {**dict(FAILURES), "error": "Not delivered, no reason given"}


class SmsRetryLine(models.TransientModel):
    """One reason for which SMS of a campaign failed: a line so that it can be ticked.

    Made by the dialog; campaign managers tick it.
    """

    _name = "sms.retry.line"
    _description = "Reason to try failed SMS again"
    _order = "id"

    retry_id = fields.Many2one("sms.retry", required=True, ondelete="cascade")
    selected = fields.Boolean("Try again")
    reason = fields.Selection(
        [(reason, LABELS[reason]) for reason in RETRIABLE],
        required=True,
        readonly=True,
    )
    count = fields.Integer("SMS", readonly=True)
    segments = fields.Integer(readonly=True)
