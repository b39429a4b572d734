import requests

from odoo import models

from odoo.addons.sms.tools.sms_api import SmsApiBase


class SmsApiSimulator(SmsApiBase):
    """Odoo's own mass SMS, with the gateway that our campaigns are measured with.

    One call for each batch that core makes; everything else is core's.
    """

    session = requests.Session()

    def _send_sms_batch(self, messages, delivery_reports_url=False):
        # sudo: core's classes read their account's secrets so too.
        get_param = self.env["ir.config_parameter"].sudo().get_param
        rows = [
            {
                "phone": number["number"].lstrip("+"),
                "message": message["content"],
                "reference": number["uuid"],
            }
            for message in messages
            for number in message["numbers"]
        ]
        answer = self.session.post(
            get_param("sms_bench.url"),
            json={"messages": rows},
            headers={"Authorization": f"Bearer {get_param('sms_bench.token')}"},
            timeout=60,
        )
        answer.raise_for_status()
        return [
            {"uuid": row["reference"], "state": "success", "credit": 0}
            for row in answer.json()["valids"]
        ]


class ResCompany(models.Model):
    """Every company sends through the simulator."""

    _inherit = "res.company"

    def _get_sms_api_class(self):
        return SmsApiSimulator
