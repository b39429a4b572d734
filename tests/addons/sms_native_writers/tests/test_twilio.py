from unittest.mock import patch

from odoo import Command

from odoo.addons.sms_base_sr.models.sms_native_api import SmsApiNative
from odoo.addons.sms_base_sr.tests.native_case import ANA, NativeCase
from odoo.addons.sms_twilio.tools.sms_api import SmsApiTwilio

BIA, CAIO = "+5521987654321", "+5511987650000"


class TestTwilio(NativeCase):
    """Three companies, three ways: ours, Twilio, and Odoo's own service."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.third = cls.other.create({"name": "Third", "sms_provider": "twilio"})

    def setUp(self):
        super().setUp()
        self.twilio = []

        def send(api, messages, delivery_reports_url=False):
            numbers = [n for message in messages for n in message["numbers"]]
            self.twilio += [number["number"] for number in numbers]
            return [{"uuid": n["uuid"], "state": "sent"} for n in numbers]

        patcher = patch.object(SmsApiTwilio, "_send_sms_batch", send)
        patcher.start()
        self.addCleanup(patcher.stop)

    def all_three(self):
        rows = self.new_sms(ANA) + self.new_sms(BIA, company=self.third)
        return rows + self.new_sms(CAIO, company=self.other)

    def assert_own_ways(self):
        self.run_jobs()
        self.assertEqual(self.gateway.phones, [ANA])
        self.assertEqual((self.twilio, self.iap), ([BIA], [CAIO]))

    def test_by_hand(self):
        self.all_three().send()
        self.assert_own_ways()

    def test_by_the_cron(self):
        self.all_three()
        self.run_cron()
        self.assert_own_ways()

    def test_its_numbers_can_be_set(self):
        """Changes of settings are noted, those of other addons too."""
        brazil = self.env.ref("base.br").id
        self.third.sms_twilio_number_ids = [
            Command.create({"number": number, "country_id": brazil})
            for number in (BIA, CAIO)
        ]
        noted = self.env["sms.audit"].search(
            [("field", "=", "sms_twilio_number_ids")], limit=1
        )
        self.assertIn(BIA, noted.new_value)
        self.assertIn(CAIO, noted.new_value)

    def test_where_both_are_chosen_ours_takes_all(self):
        self.company.sms_provider = "twilio"
        self.assertIs(self.company._get_sms_api_class(), SmsApiNative)
        self.new_sms().send()
        self.new_sms()
        self.run_cron()
        self.assertEqual((self.gateway.phones, self.twilio), ([ANA, ANA], []))
