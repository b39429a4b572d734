from odoo import fields, models


class SmsMessage(models.Model):
    """An SMS that another part of Odoo wrote: which one of core's it is.

    Core deletes its own rows once they are sent, hence a name and no link.
    """

    _inherit = "sms.message"

    native_uuid = fields.Char("Odoo's id", readonly=True, copy=False)

    # Handed over twice, it is one message.
    _native_once = models.UniqueIndex(
        "(native_uuid) WHERE native_uuid IS NOT NULL",
        "This SMS was handed over already.",
    )

    def _engine_fields(self):
        return super()._engine_fields() | {"native_uuid"}
