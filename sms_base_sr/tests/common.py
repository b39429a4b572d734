from contextlib import contextmanager
from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, TransactionCase, new_test_user

from odoo.addons.queue_job.exception import RetryableJobError
from odoo.addons.queue_job.job import Job

from ..controllers import webhook_core
from ..models import sms_batch_stat, sms_event, sms_message_incoming
from ..tools.wakeup_window import WakeUpWindow
from .fake_gateway import FakeGateway


class SmsCase(TransactionCase):
    """A Brazilian company with one provider whose gateway is a fake."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context=dict(cls.env.context, tracking_disable=True))
        cls.company = cls.env.company
        cls.company.country_id = cls.env.ref("base.br")
        cls.env["sms.provider"].search([]).active = False
        cls.provider = cls.env["sms.provider"].create(
            {"name": "Fake", "provider_type": "log", "company_id": cls.company.id}
        )
        cls.salesperson = cls.new_user("sales", "sms_base_sr.group_sms_user")
        cls.manager = cls.new_user("camp", "sms_base_sr.group_sms_campaign")
        cls.partner = cls.env["res.partner"].create(
            {
                "name": "Ana Exemplo",
                "phone": "(11) 91234-5678",
                "user_id": cls.salesperson.id,
            }
        )
        # Jobs of the installation are not ours to run.
        cls.env["queue.job"].sudo().search([]).unlink()

    def setUp(self):
        super().setUp()
        self.gateway = self.fake_gateway()
        # Tests do not wait for windows to end: each wake-up makes its job.
        self.patch(sms_event, "window", WakeUpWindow(seconds=0.0))
        self.patch(sms_event, "reply_window", WakeUpWindow(seconds=0.0))
        self.patch(sms_batch_stat, "window", WakeUpWindow(seconds=0.0))
        self.patch(sms_message_incoming, "notices", WakeUpWindow(seconds=0.0))

    def fake_gateway(self):
        """What the provider type ``log`` speaks to."""
        return FakeGateway().install(self)

    @classmethod
    def new_user(cls, login, groups):
        """Create a user with some groups."""
        return new_test_user(cls.env, login=f"sms_{login}", groups=groups)

    def new_message(self, **values):
        """Create a draft to the partner."""
        return self.env["sms.message"].create(
            {"partner_id": self.partner.id, "body": "Olá", **values}
        )

    def accepted_message(self, **values):
        """Create a message that the gateway has accepted."""
        return self.new_message(
            **{
                "state": "sent",
                "phone": "+5511912345678",
                "provider_id": self.provider.id,
                "sent_date": fields.Datetime.now() - timedelta(minutes=5),
                **values,
            }
        )

    def tell(self, *items, provider=None):
        """Store what a gateway says, as a webhook does, and apply it.

        :return: the events that were new
        """
        events = self.env["sms.event"]
        stored = events._store_items(provider or self.provider, items, "webhook")
        self.run_jobs("_apply_pending", "_apply_replies")
        return events.browse(stored.values())

    def tell_again(self, events):
        """Apply events that found nothing once more, as the sweeper does later."""
        self.env.cr.execute(
            "UPDATE sms_event SET create_date = create_date - interval '1 hour',"
            " write_date = write_date - interval '1 hour' WHERE id = ANY(%s)",
            [events.ids],
        )
        events.invalidate_recordset()
        events._sweep_events()
        self.run_jobs("_apply_pending", "_apply_replies")

    def pass_time(self, seconds=3600):
        """Let all providers' limits, blocks, failures and probes be so much older."""
        self.env.flush_all()
        self.env.cr.execute(
            """
            UPDATE sms_provider_health SET
                window_end = window_end - %(by)s * interval '1 second',
                blocked_until = blocked_until - %(by)s * interval '1 second',
                circuit_since = circuit_since - %(by)s * interval '1 second',
                probe_at = probe_at - %(by)s * interval '1 second',
                failure_times = (SELECT jsonb_agg(t::float - %(by)s)
                    FROM jsonb_array_elements_text(failure_times) t)
            """,
            {"by": seconds},
        )
        self.env.invalidate_all()

    # -- jobs --------------------------------------------------------------------------

    def pending_jobs(self, method=None):
        """Jobs that wait, in the order in which a runner would take them."""
        domain = [("state", "=", "pending")]
        if method:
            domain.append(("method_name", "=", method))
        return self.env["queue.job"].sudo().search(domain, order="priority, id")

    def run_jobs(self, *methods, within=5):
        """Run waiting jobs, and those that they make, until none is due.

        :param methods: names of job methods; none means all
        :param within: seconds; jobs with a later eta wait on
        :return: the RetryableJobErrors that jobs ended with
        """
        postponed = []
        while job := self._next_job(methods, within):
            error = self.run_job(job)
            if error:
                postponed.append(error)
        return postponed

    def _next_job(self, methods, within):
        due = fields.Datetime.now() + timedelta(seconds=within)
        for job in self.pending_jobs():
            wanted = not methods or job.method_name in methods
            if wanted and (not job.eta or job.eta <= due):
                return job
        return None

    def run_job(self, record):
        """Run one job as queue_job would, inside the test's transaction."""
        with self.enter_registry_test_mode():
            job = Job.load(self.env, record.uuid)
            try:
                job.perform()
            except RetryableJobError as error:
                with self.env.registry.cursor() as cr:
                    postponed = Job.load(self.env(cr=cr), record.uuid)
                    postponed.postpone(result=str(error), seconds=error.seconds or 60)
                    postponed.set_pending(reset_retry=False)
                    postponed.store()
                return error
            job.set_done()
            job.store()
        self.env.invalidate_all()
        return None


class SmsHttpCase(SmsCase, HttpCase):
    """As :class:`SmsCase`, with the server that webhooks are posted to."""

    def setUp(self):
        super().setUp()
        # What other tests were refused is not held against this one.
        webhook_core.limit.clear()

    @contextmanager
    def enter_registry_test_mode(self):
        """Such a test is in that mode from beginning to end."""
        self.env.flush_all()
        yield
        self.env.invalidate_all()

    def post(self, path, body=b"", headers=None, kind="application/json", **options):
        """POST bytes or text and return the answer."""
        data = body.encode() if isinstance(body, str) else body
        headers = {"Content-Type": kind, **(headers or {})}
        answer = self.url_open(
            path, data=data, headers=headers, method="POST", **options
        )
        self.env.invalidate_all()
        return answer
