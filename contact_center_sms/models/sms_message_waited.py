from odoo import fields, models


class SmsMessage(models.Model):
    """How long a customer waited: kept with the first of the replies that waited.

    Three SMS in a row are one customer who waits, and one answer ends it. It is kept
    when the answer is sent, from whatever screen, so that reports only add up.
    """

    _inherit = "sms.message"

    opened_wait = fields.Boolean(
        "First of its wait",
        readonly=True,
        copy=False,
        help="The customer waited from this reply on until the answer.",
    )
    waited_minutes = fields.Float("Waited (minutes)", readonly=True, copy=False)

    def _engine_fields(self):
        return super()._engine_fields() | {"opened_wait", "waited_minutes"}

    def _set_answered(self, kind, answer=None):
        # sudo: what happened is the engine's to write, whoever's reply it is.
        waited = self.sudo().filtered("needs_answer")
        result = super()._set_answered(kind, answer)
        (self.sudo() - waited).write({"opened_wait": False})
        for _number, replies in waited.grouped(
            lambda m: (m.company_id, m.phone)
        ).items():
            replies._note_wait()
        return result

    def _note_wait(self):
        """Keep how long one customer waited; a gateway's clock may be ahead."""
        first = min(self, key=lambda m: (m.sent_date, m.id))
        (self - first).write({"opened_wait": False})
        waited = first.answered_date - min(first.sent_date, first.create_date)
        minutes = max(0.0, waited.total_seconds() / 60)
        first.write({"opened_wait": True, "waited_minutes": minutes})
