from datetime import datetime, time

from odoo.exceptions import ValidationError

from .common import SmsCase


class TestCompanySettings(SmsCase):
    """What a company decides about its SMS, under Settings › SMS."""

    def test_promotional_sms_have_hours_and_others_have_none(self):
        self.company.write({"sms_window_start": 9.5, "sms_window_end": 18.0})
        window = self.company._sms_window("promotional")
        self.assertEqual((window.start, window.end), (time(9, 30), time(18)))
        for message_class in ("transactional", "service"):
            with self.subTest(message_class):
                self.assertIsNone(self.company._sms_window(message_class))

    def test_hours_until_midnight_are_possible(self):
        self.company.write({"sms_window_start": 0, "sms_window_end": 24})
        window = self.company._sms_window("promotional")
        self.assertTrue(window.always_open)
        self.company.sms_window_start = 9
        window = self.company._sms_window("promotional")
        self.assertTrue(window.contains(datetime(2026, 5, 5, 23, 59, 59)))
        self.assertFalse(window.contains(datetime(2026, 5, 6)))

    def test_hours_that_make_no_sense_are_refused(self):
        for start, end in ((20, 8), (8, 8), (8, 9.5), (-1, 8), (8, 25)):
            with (
                self.subTest(start=start, end=end),
                self.assertRaisesRegex(ValidationError, "hours"),
                self.env.cr.savepoint(),
            ):
                self.company.write({"sms_window_start": start, "sms_window_end": end})

    def test_a_new_company_has_sensible_settings(self):
        company = self.env["res.company"].create({"name": "New company"})
        self.assertRecordValues(
            company,
            [
                {
                    "sms_chatter_mode": "all",
                    "sms_window_start": 8.0,
                    "sms_window_end": 20.0,
                    "sms_default_user_id": False,
                }
            ],
        )

    def test_the_settings_are_the_companys_own(self):
        other = self.env["res.company"].create({"name": "Other company"})
        expected = {
            "sms_default_user_id": self.salesperson.id,
            "sms_chatter_mode": "none",
            "sms_window_start": 10.0,
            "sms_window_end": 17.5,
        }
        self.env["res.config.settings"].create(expected).execute()
        self.assertRecordValues(self.company, [expected])
        self.assertEqual(other.sms_chatter_mode, "all")
        shown = self.env["res.config.settings"].create({})
        self.assertRecordValues(shown, [expected])
