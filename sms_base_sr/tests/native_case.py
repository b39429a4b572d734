from contextlib import contextmanager
from unittest.mock import patch

from odoo.addons.sms.tools.sms_api import SmsApi

from .common import SmsCase

ANA = "+5511912345678"


class NativeCase(SmsCase):
    """A company whose SMS all leave by our provider, and one that leaves them be."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.sms_native_provider_id = cls.provider
        cls.other = cls.env["res.company"].create(
            {"name": "Other", "country_id": cls.env.ref("base.br").id}
        )
        cls.env["sms.sms"].sudo().search([]).unlink()

    def setUp(self):
        super().setUp()
        self.iap = []

        def send(api, messages, delivery_reports_url=False):
            numbers = [n for message in messages for n in message["numbers"]]
            self.iap += [number["number"] for number in numbers]
            return [{"uuid": n["uuid"], "state": "success"} for n in numbers]

        self.patch(SmsApi, "_send_sms_batch", send)

    def new_sms(self, number=ANA, company=None, **values):
        """A row of core's queue, as any addon of Odoo makes it."""
        rows = self.env["sms.sms"].with_company(company or self.company)
        return rows.create({"number": number, "body": "Olá", **values})

    def comment(self, **options):
        """Write to the partner from the chatter; return core's row."""
        self.partner._message_sms("Olá", **options)
        return self.env["sms.sms"].search([], limit=1)

    def run_cron(self):
        """Core's cron of the queue, and the jobs that follow from it."""
        cron = self.env.ref("sms.ir_cron_sms_scheduler_action").sudo()
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.env.invalidate_all()
        self.run_jobs()

    def message_of(self, sms):
        return self.env["sms.message"].search(
            [("native_uuid", "in", sms.mapped("uuid"))]
        )

    def notification_of(self, sms):
        return self.env["mail.notification"].search([("sms_id_int", "in", sms.ids)])

    def notes(self):
        return self.partner.message_ids.filtered(lambda m: m.message_type == "sms")

    def report(self, message, state, failure=None):
        """What the gateway tells later, and the jobs that follow from it."""
        raised = self.env["sms.message"]._raise_states(
            [(each.id, state, failure, None, None) for each in message]
        )
        self.env["sms.batch.touch"]._touch(raised)
        self.run_jobs()

    @contextmanager
    def broken(self):
        """Handing over fails by an error of ours."""
        path = "odoo.addons.sms_base_sr.models.sms_native.SmsNative._store"
        with patch(path, autospec=True, side_effect=ValueError("broken")):
            yield
