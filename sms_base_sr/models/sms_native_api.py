from odoo.addons.sms.tools.sms_api import SmsApiBase

from ..tools import native_states


class SmsApiNative(SmsApiBase):
    """What core takes for a gateway: it hands over to the ledger and calls nobody.

    Whatever happens in a call to the gateway, core cannot send twice: it has long had
    its answer.
    """

    PROVIDER_TO_SMS_FAILURE_TYPE = SmsApiBase.PROVIDER_TO_SMS_FAILURE_TYPE | {
        name: name for name in set(native_states.FAILURES.values())
    }

    def _send_sms_batch(self, messages, delivery_reports_url=False):
        """Return an entry for each uuid: handed over, left out, or known before."""
        contents = {
            number["uuid"]: (number["number"], message["content"])
            for message in messages
            for number in message["numbers"]
        }
        native = self.env["sms.native"].with_company(self.company)
        return native.sudo()._hand_over(contents)
