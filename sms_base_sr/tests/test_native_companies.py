from odoo.addons.sms.tools.sms_api import SmsApi

from ..tools import native_states
from .native_case import ANA, NativeCase

BIA = "+5521987654321"


class TestNativeCompanies(NativeCase):
    """One company by us, one by Odoo: neither stands in the way of the other."""

    def test_the_cron_sends_each_companys_own_way(self):
        self.new_sms()
        self.new_sms(BIA, company=self.other)
        self.run_cron()
        self.assertEqual((self.gateway.phones, self.iap), ([ANA], [BIA]))

    def test_one_by_hand_of_each_goes_its_own_way(self):
        (self.new_sms() + self.new_sms(BIA, company=self.other)).send()
        self.run_jobs()
        self.assertEqual((self.gateway.phones, self.iap), ([ANA], [BIA]))

    def test_what_cannot_leave_keeps_nobody_waiting(self):
        self.env["ir.config_parameter"].set_param("sms.session.batch.size", 2)
        stuck = [self.new_sms() for _n in range(5)]
        self.new_sms(BIA, company=self.other)
        with self.broken(), self.assertLogs("odoo.addons.sms_base_sr", "ERROR"):
            self.run_cron()
        self.assertEqual(self.iap, [BIA])
        self.assertEqual({sms.state for sms in stuck}, {"outgoing"})
        self.run_cron()
        self.assertEqual(self.gateway.phones, [ANA] * 5)

    def test_without_a_choice_everything_is_cores(self):
        self.assertIs(self.other._get_sms_api_class(), SmsApi)
        sms = self.new_sms(company=self.other)
        [(api, rows)] = sms._split_by_api()
        self.assertEqual((type(api), rows), (SmsApi, sms))
        sms.action_set_error("sms_server")
        sms.action_set_outgoing()
        self.assertEqual(sms.state, "outgoing")

    def test_the_record_decides_which_company_sends(self):
        self.partner.company_id = self.other
        self.partner._message_sms("Olá")
        self.assertEqual(self.iap, [ANA])

    def test_an_archived_account_keeps_them_until_it_is_back(self):
        self.provider.active = False
        sms = self.comment()
        self.run_jobs()
        self.assertEqual((self.gateway.phones, sms.state), ([], "process"))
        self.provider.active = True
        self.env["sms.batch"]._sweep_batches()
        self.run_jobs()
        self.assertEqual(self.gateway.phones, [ANA])

    def test_core_knows_each_reason_that_is_told_it(self):
        for model in ("sms.sms", "mail.notification"):
            known = dict(self.env[model]._fields["failure_type"].selection)
            with self.subTest(model):
                self.assertLessEqual(set(native_states.FAILURES.values()), set(known))
