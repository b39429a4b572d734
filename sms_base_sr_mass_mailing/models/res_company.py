from odoo import models

from odoo.addons.sms_base_sr.models.sms_native_api import SmsApiNative


class ResCompany(models.Model):
    """Asked last: the tests of SMS Marketing know no other way than this class."""

    _inherit = "res.company"

    def _get_sms_api_class(self):
        if self._sms_native_provider():
            return SmsApiNative
        return super()._get_sms_api_class()
