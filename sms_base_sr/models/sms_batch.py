from odoo import api, fields, models
from odoo.tools.misc import clean_context

from ..tools import area_codes
from ..tools.uuid7 import new_reference
from .sms_run import MESSAGE_CLASSES

STATES = [
    ("draft", "Planned"),
    ("queued", "Queued"),
    ("sending", "Sending"),
    ("sent", "Sent"),
    ("unknown", "Unknown"),
    ("failed", "Failed"),
    ("canceled", "Cancelled"),
]
FINAL_STATES = ("sent", "failed", "canceled")
# States of a run in which only a person lets its batches go on.
WAITING_RUNS = ("draft", "ready", "scheduled", "paused", "failed")
# The first try and one after each wait of the retry pattern 60, 180, 600, 600, 1800 s.
MAX_TRIES = 6
# Reports that have not come after three days will not come.
REPORTS_EXPECTED_HOURS = 72


class SmsBatch(models.Model):
    """Messages that go to the gateway in one call: the unit of claiming and recovery.

    All of one run, company, provider, message class and time zone. A message that is
    sent alone is a batch of one. The engine alone writes it.
    """

    _name = "sms.batch"
    _inherit = ["sms.company.job.mixin"]
    _description = "SMS batch"
    _jobs_as_engine = True
    _order = "id desc"
    _rec_name = "reference"
    _check_company_auto = True

    reference = fields.Char(
        required=True,
        readonly=True,
        copy=False,
        default=lambda self: new_reference(),
    )
    run_id = fields.Many2one("sms.run", readonly=True, ondelete="cascade", index=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    provider_id = fields.Many2one(
        "sms.provider", required=True, readonly=True, check_company=True
    )
    message_class = fields.Selection(MESSAGE_CLASSES, required=True, default="service")
    zone = fields.Char("Time zone", readonly=True)
    state = fields.Selection(STATES, required=True, default="draft", readonly=True)
    filling = fields.Boolean(
        readonly=True, copy=False, help="The planner still adds messages."
    )
    message_count = fields.Integer("Messages", readonly=True)
    message_ids = fields.One2many("sms.message", "batch_id", readonly=True)
    attempt = fields.Integer(
        "Attempts made", readonly=True, copy=False, help="Calls made so far."
    )
    attempt_reference = fields.Char(readonly=True, copy=False, index="btree_not_null")
    attempt_token = fields.Char(readonly=True, copy=False)
    attempt_deadline = fields.Datetime(readonly=True, copy=False)
    job_uuid = fields.Char("Job", readonly=True, copy=False)
    tries = fields.Integer(
        readonly=True, copy=False, help="Calls that the gateway never saw."
    )
    not_before = fields.Datetime(
        "Waits until",
        readonly=True,
        copy=False,
        help="Sending window or the gateway's own request.",
    )
    provider_job_id = fields.Char(
        "Gateway's id", readonly=True, copy=False, index="btree_not_null"
    )
    failure_reason = fields.Char(readonly=True, copy=False)
    sent_date = fields.Datetime(readonly=True, copy=False)
    polled_count = fields.Integer(readonly=True, copy=False)

    _reference_unique = models.Constraint(
        "unique(reference)", "The reference of a batch is unique."
    )
    _open_batches = models.Index(
        "(state) WHERE state IN ('queued', 'sending', 'unknown')"
    )

    def _close(self):
        """Take no further message; where the run sends at once, start now."""
        for batch in self:
            batch.filling = False
            if batch.run_id.auto_release and batch.run_id.state != "paused":
                batch.state = "queued"
                batch._enqueue()

    def _enqueue(self, channel=None, priority=None, eta=None):
        """Make the job that sends this batch; campaigns run in their own channel."""
        for batch in self:
            batch.with_delay(
                channel=channel or (None if batch.run_id else "root.sms.now"),
                priority=priority or (10 if batch.run_id else 5),
                eta=eta,
                max_retries=MAX_TRIES,
                description=batch._job_description(),
            )._send_batch()

    def _job_description(self):
        return self.env._(
            "Send %(count)s SMS: %(name)s",
            count=self.message_count,
            name=self._job_title(),
        )

    def _job_title(self):
        """What people call this batch: its campaign's name."""
        self.ensure_one()
        return self.run_id.name or self.env._("single SMS")

    @api.model
    def _wake_up(self, domain):
        """Make a job for each batch of ``domain`` that waits and has none."""
        now = fields.Datetime.now()
        queued = self.search([*domain, ("state", "=", "queued")], order="id")
        ready = queued.filtered(lambda batch: batch._may_start(now))._with_way()
        (ready - ready._with_living_job())._enqueue()
        # A pause stops sending, not asking what became of a call.
        open_calls = self.search(
            [
                *domain,
                ("state", "in", ("sending", "unknown")),
                "|",
                ("ask_at", "=", False),
                ("ask_at", "<=", now),
            ],
            order="id",
        )
        open_calls -= open_calls._with_living_job()
        (open_calls - open_calls._with_living_job("_recover"))._enqueue_recovery()

    def _enqueue_recovery(self):
        """Make the job that asks what became of a call: beside those that send."""
        for batch in self:
            batch.with_delay(
                description=self.env._("Unknown: %s", batch._job_title())
            )._recover()

    def _may_start(self, now):
        """Whether a job of this queued batch would not have to wait."""
        self.ensure_one()
        if self.run_id.state in WAITING_RUNS:
            return False
        return not self.not_before or self.not_before <= now

    def _with_living_job(self, method="_send_batch", due_at=None):
        """Those of ``self`` that a job waiting or running will look at.

        A job's records are a JSON text inside a JSON column, hence the ``#>>``.

        :param due_at: leave out jobs that wait for a later moment
        """
        if not self:
            return self
        self.env.cr.execute(
            """
            SELECT DISTINCT batch_id::int FROM queue_job, LATERAL (
                SELECT jsonb_array_elements_text((records #>> '{}')::jsonb -> 'ids')
                ) AS job (batch_id)
            WHERE model_name = 'sms.batch' AND method_name = %s
              AND state IN ('pending', 'enqueued', 'started', 'wait_dependencies')
              AND batch_id::int = ANY(%s)
              AND (%s OR eta IS NULL OR eta <= %s)
            """,
            [method, self.ids, due_at is None, due_at],
        )
        return self.browse(row[0] for row in self.env.cr.fetchall())

    def _cancel_messages(self, failure_type):
        """Mark what was never sent as cancelled, with the reason."""
        self.env["sms.message"]._raise_states_where(
            "batch_id = ANY(%s) AND sent_date IS NULL", [self.ids], failure_type
        )
        self.env["sms.batch.touch"]._touch(self.ids)

    def action_view_messages(self):
        """Open the messages of this batch."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "sms_base_sr.sms_message_action"
        )
        return {**action, "domain": [("batch_id", "in", self.ids)], "context": {}}

    @api.model
    def _batch_of_one(self, message, provider, number):
        """Make the batch in which a single message is claimed and sent."""
        # A client's default values are not meant for the batch.
        # pylint: disable-next=context-overridden
        return self.with_context(clean_context(self.env.context)).create(
            {
                "company_id": message.company_id.id,
                "provider_id": provider.id,
                "message_class": message.message_class,
                "zone": area_codes.zone_key(number),
                "state": "queued",
                "message_count": 1,
            }
        )
