from odoo import fields, models


class SmsBatch(models.Model):
    """The frequency cap, looked at once more: another campaign may have been faster."""

    _inherit = "sms.batch"

    def _suppress_late(self):
        result = super()._suppress_late()
        if self.run_id and self.company_id._sms_cap(self.message_class):
            numbers = [phone for _id, _ref, phone, _body in self._messages_to_send()]
            now = fields.Datetime.now()
            self._cap_numbers(self.run_id._numbers_capped(numbers, now))
        return result

    def _cap_numbers(self, numbers):
        """:param numbers: {number: its last SMS}"""
        if not numbers:
            return
        self.env.cr.execute(
            """
            UPDATE sms_message m
            SET state = 'canceled', failure_type = 'frequency_cap', cost = 0,
                suppression_source = 'history',
                suppression_date = COALESCE(v.last, now() AT TIME ZONE 'UTC'),
                write_date = now() AT TIME ZONE 'UTC'
            FROM unnest(%s::varchar[], %s::timestamp[]) AS v (phone, last)
            WHERE m.batch_id = %s AND m.phone = v.phone
              AND m.state IN ('draft', 'outgoing')
            """,
            [list(numbers), list(numbers.values()), self.id],
        )
        self.env["sms.message"].invalidate_model()
