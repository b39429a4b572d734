from urllib.parse import urlsplit

from odoo.addons.sms_base_sr.tests.common import SmsCase, SmsHttpCase

from tests.simulator import Rates, Simulator

TOKEN = "made-up-token-0001"


class KolmeyaMixin:
    """An active provider whose account is at a simulated gateway, in pull mode."""

    settings = {}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.provider.active = False
        cls.provider = cls.env["sms.provider"].create(
            {
                "name": "Kolmeya",
                "provider_type": "kolmeya",
                "company_id": cls.company.id,
                "kolmeya_api_token": TOKEN,
                "kolmeya_segment_id": 7,
            }
        )

    def setUp(self):
        super().setUp()
        calm = vars(Rates.calm())
        self.sim = Simulator(push=False, rates=calm, token=TOKEN, **self.settings)
        self.sim.start()
        self.addCleanup(self.sim.stop)
        self.provider.kolmeya_base_url = self.sim.url

    @classmethod
    def _request_handler(cls, session, request, /, **options):
        """Odoo's guard against calls to the outside takes one timeout, not two."""
        if isinstance(options.get("timeout"), tuple):
            options["timeout"] = max(options["timeout"])
        return super()._request_handler(session, request, **options)

    def batch_to(self, *phones, text="Olá"):
        """Make a queued batch of one message a phone."""
        batch = self.env["sms.batch"].create(
            {
                "company_id": self.company.id,
                "provider_id": self.provider.id,
                "state": "queued",
                "message_count": len(phones),
            }
        )
        for phone in phones:
            self.new_message(
                partner_id=False,
                phone=phone,
                body=text,
                state="outgoing",
                provider_id=self.provider.id,
                batch_id=batch.id,
            )
        batch._enqueue()
        return batch

    def job_of(self, batch):
        """The job that sends a batch."""
        jobs = self.pending_jobs("_send_batch")
        return jobs.filtered(lambda job: job.records == batch)

    def run_after_the_wait(self, batch):
        """Let the batch's job run once its wait, or its next question, is due."""
        self.pass_time()
        batch.write({"not_before": False, "ask_at": False})
        if batch.state != "queued":
            batch._enqueue_recovery()
            return self.run_jobs("_recover")
        if not self.job_of(batch):
            batch._enqueue()
        return self.run_job(self.job_of(batch))

    def send_to(self, *phones, **values):
        """Make a batch and send it; its messages come in the order of the phones."""
        batch = self.batch_to(*phones, **values)
        self.run_jobs("_send_batch")
        return batch

    def states(self, batch):
        return batch.message_ids.sorted("id").mapped("state")


class KolmeyaCase(KolmeyaMixin, SmsCase):
    """Sending to the simulator."""


class KolmeyaHttpCase(KolmeyaMixin, SmsHttpCase):
    """The simulator's webhooks too, posted when the test asks for them."""

    def deliver(self):
        """Post all webhooks that wait, then apply them; returns what was posted."""
        done = self.sim.deliver(self.post_from_simulator)
        self.env.invalidate_all()
        self.run_jobs("_apply_pending", "_apply_replies")
        return done

    def post_from_simulator(self, url, raw, headers):
        parts = urlsplit(url)
        self.assertEqual(f"{parts.scheme}://{parts.netloc}", self.base_url())
        return self.post(parts.path, raw, headers).status_code
