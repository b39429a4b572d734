from odoo.exceptions import UserError

from .mailing_case import MailingCase


class TestMailingTests(MailingCase):
    """The *Test* of a mailing: by our provider, once, in nobody's figures."""

    def send_test(self, **values):
        mailing = self.new_mailing(**values)
        self.env["mailing.sms.test"].create(
            {"mailing_id": mailing.id, "numbers": "+5511912345678\n+5521987654321"}
        ).action_send_sms()
        return mailing

    def test_a_test_is_sent_once_though_core_queues_it_too(self):
        mailing = self.send_test()
        self.run_cron()
        self.run_jobs()
        self.assertEqual(self.gateway.phones, ["+5511912345678", "+5521987654321"])
        tests = self.env["sms.message"].search([("native_uuid", "!=", False)])
        self.assertTrue(all(tests.mapped("is_test")))
        self.assertIn("successfully sent", mailing.message_ids[0].body)
        self.assertNotIn("could not", mailing.message_ids[0].body)

    def test_who_cannot_be_texted_is_named(self):
        self.env["phone.blacklist"].add("+5521987654321")
        mailing = self.send_test()
        self.assertIn("could not be sent", mailing.message_ids[0].body)
        self.assertIn("Blacklisted", mailing.message_ids[0].body)

    def test_tests_are_within_the_hours_limit(self):
        self.company.sms_hourly_test = 1
        with self.assertRaises(UserError):
            self.send_test()

    def test_tests_of_another_company_are_cores(self):
        mailing = self.new_mailing()
        tests = self.env["mailing.sms.test"].with_company(self.other)
        tests.create(
            {"mailing_id": mailing.id, "numbers": "+5511912345678"}
        ).action_send_sms()
        self.assertEqual(self.iap, ["+5511912345678"])
