from odoo import models


class SmsNative(models.AbstractModel):
    """Tests of SMS Marketing: marked as tests, and told in the words of its dialog."""

    _inherit = "sms.native"

    def _constants(self, provider, message_class):
        constants = super()._constants(provider, message_class)
        if self.env.context.get("sms_marketing_test"):
            constants["is_test"] = True
        return constants

    def _result(self, uuid, state, reason, detail=None):
        result = super()._result(uuid, state, reason, detail)
        if self.env.context.get("sms_marketing_test") and state == "outgoing":
            result["state"] = "success"
        return result
