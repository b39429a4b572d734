"""Campaigns for tests: a run with an audience in memory."""

from collections import Counter
from datetime import timedelta

from odoo import fields

from odoo.addons.sms_base_sr.models import sms_batch_stat
from odoo.addons.sms_base_sr.models.sms_run import SmsRun
from odoo.addons.sms_base_sr.tools.planning import Recipient
from odoo.addons.sms_base_sr.tools.wakeup_window import WakeUpWindow

from .common import SmsCase


class FakeCampaign:
    """What a campaign declares to its run; ``pages`` holds the cursors asked for.

    ``basis`` is what its plan is made of: a test that changes it makes the plan stale.
    """

    def __init__(self):
        self.recipients = []
        self.names = {"name", "limit"}
        self.common = {}
        self.pages = []
        self.basis = {}
        self.context = {}

    def with_context(self, **context):
        self.context = context
        return self

    def exists(self):
        return self

    def add(self, phone, raw_phone=None, **values):
        """Add one contact; its id grows."""
        recipient = Recipient(
            source_id=len(self.recipients) + 1,
            raw_phone=raw_phone or phone,
            phone=phone,
            values={"name": "Ana", "limit": "1.234,56"},
        )
        for name, value in values.items():
            setattr(recipient, name, value)
        self.recipients.append(recipient)
        return recipient

    def _sms_audience_page(self, after_id, limit):
        self.pages.append(after_id)
        return [r for r in self.recipients if r.source_id > after_id][:limit]

    def _sms_variable_names(self):
        return self.names

    def _sms_common_values(self):
        return self.common

    def _sms_plan_basis(self, run):
        return dict(self.basis)

    def _sms_authors(self):
        return self.authors

    def _sms_reply_partner(self, message):
        """Its contacts are no partners."""
        return message.partner_id.browse()


class CampaignCase(SmsCase):
    """Runs whose campaign is a :class:`FakeCampaign`."""

    def setUp(self):
        super().setUp()
        self.campaign = FakeCampaign()
        self.campaign.authors = self.env["res.users"]
        self.patch(SmsRun, "_campaign", lambda run: self.campaign)
        # Windows of other tests must not swallow this test's wake-ups.
        self.patch(sms_batch_stat, "window", WakeUpWindow(seconds=0.0))

    def add_contacts(self, count, area=11):
        """Add contacts with different mobiles of one area code."""
        first = len(self.campaign.recipients)
        for number in range(first, first + count):
            self.campaign.add(f"+55{area}9{number:08d}")

    def new_run(self, **values):
        """Create the draft of a run, of a campaign of its own."""
        campaign = self.env["sms.run"].search_count([]) + 1
        return self.env["sms.run"].create(
            {
                "name": "Natal",
                "res_model": "res.partner",
                "res_id": campaign,
                "company_id": self.company.id,
                "provider_id": self.provider.id,
                "text": "Olá {{ name }}",
                **values,
            }
        )

    def planned_run(self, count=3, **values):
        """A run whose contacts are planned and wait to be released."""
        self.add_contacts(count)
        run = self.new_run(**values)
        run.action_plan()
        self.run_jobs("_plan")
        return run

    def queued_batch(self, count=3, **values):
        """One batch of a released run; its job waits."""
        run = self.planned_run(count, **values)
        run.action_release()
        self.run_jobs("_enqueue_batches")
        return run.batch_ids

    def run_batch(self, batch):
        """Run the batch's job; return what it was postponed with, or None."""
        job = self.send_jobs(batch)
        self.assertEqual(len(job), 1, "the batch has one job that waits")
        return self.run_job(job)

    def begin_attempt(self, batch, over_since=1, **values):
        """Leave a batch as a crash in its call does.

        :param over_since: seconds since the call can no longer be out
        """
        batch.write(
            {
                "state": "sending",
                "attempt": batch.attempt + 1,
                "attempt_reference": f"{batch.reference}-{batch.attempt + 1}",
                "attempt_token": "token",
                "attempt_deadline": fields.Datetime.now()
                - timedelta(seconds=over_since),
                **values,
            }
        )
        self.env["sms.batch.attempt"]._begin(batch)

    def wait_and_run(self, batch):
        """As :meth:`run_batch`, when the batch's and the gateway's waits are over."""
        self.pass_time()
        batch.not_before = False
        if not self.send_jobs(batch):
            self.env["sms.batch"]._sweep()
        return self.run_batch(batch)

    def send_jobs(self, batch):
        """Jobs that wait to send a batch."""
        return self.pending_jobs("_send_batch").filtered(
            lambda job: job.records == batch
        )

    def messages(self, records):
        """Messages of a run or a batch, in the order of the audience."""
        field = "run_id" if records._name == "sms.run" else "batch_id"
        return self.env["sms.message"].search(
            [(field, "in", records.ids)], order="source_id, id"
        )

    def states(self, records):
        """``{state: messages}`` of a run or a batch."""
        return dict(Counter(self.messages(records).mapped("state")))

    def summary(self, run):
        """The run's figures once the counters' job has run."""
        while self.env["sms.batch.stat"]._recompute_page():
            pass
        run.invalidate_recordset()
        return run.summary
