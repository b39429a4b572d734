from odoo import fields, models


class ResUsers(models.Model):
    """Where a user's test SMS go: remembered from the last one."""

    _inherit = "res.users"

    sms_test_phone = fields.Char(
        "Number for test SMS", readonly=True, copy=False, groups="base.group_system"
    )
