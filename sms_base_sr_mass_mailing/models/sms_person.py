from odoo import api, models

from odoo.addons.sms_base_sr.tools.personal_data import Place

TRACES = Place(
    "mailing.trace",
    """t.trace_type = 'sms' AND t.id IN (SELECT k.mailing_trace_id FROM sms_tracker k
        JOIN sms_message m ON m.native_uuid = k.sms_uuid
        WHERE m.id = ANY(%(messages)s))""",
    ("create_date", "sms_number", "trace_status", "failure_reason"),
    "sms_number = NULL, failure_reason = NULL",
)


class SmsPerson(models.AbstractModel):
    """What SMS Marketing keeps of a person's SMS."""

    _inherit = "sms.person"

    @api.model
    def _places(self):
        return [TRACES, *super()._places()]
