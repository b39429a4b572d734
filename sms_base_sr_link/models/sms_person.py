from odoo import api, models

from odoo.addons.sms_base_sr.tools.personal_data import Place

CLICKS = Place(
    "link.tracker.click",
    "t.sms_message_id = ANY(%(messages)s)",
    ("create_date", "link_id", "sms_run_id"),
    kept="No address is stored; once the SMS is anonymised it is nobody's click.",
)


class SmsPerson(models.AbstractModel):
    """Which links of their SMS a person clicked."""

    _inherit = "sms.person"

    @api.model
    def _places(self):
        return [CLICKS, *super()._places()]
