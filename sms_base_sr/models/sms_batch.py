from odoo import api, fields, models

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
    _description = "SMS batch"
    _order = "id desc"
    _rec_name = "reference"
    _check_company_auto = True

    reference = fields.Char(
        required=True, readonly=True, default=lambda self: new_reference()
    )
    run_id = fields.Many2one("sms.run", readonly=True, ondelete="cascade", index=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    provider_id = fields.Many2one(
        "sms.provider", required=True, readonly=True, check_company=True
    )
    message_class = fields.Selection(MESSAGE_CLASSES, required=True, default="service")
    zone = fields.Char("Time zone", readonly=True)
    state = fields.Selection(STATES, required=True, default="draft", readonly=True)
    filling = fields.Boolean(readonly=True, help="The planner still adds messages.")
    message_count = fields.Integer("Messages", readonly=True)
    message_ids = fields.One2many("sms.message", "batch_id", readonly=True)
    attempt = fields.Integer(readonly=True, help="Calls made so far.")
    attempt_reference = fields.Char(readonly=True, index="btree_not_null")
    attempt_token = fields.Char(readonly=True)
    attempt_deadline = fields.Datetime(readonly=True)
    job_uuid = fields.Char("Job", readonly=True)
    tries = fields.Integer(readonly=True, help="Calls that the gateway never saw.")
    not_before = fields.Datetime(
        "Waits until", readonly=True, help="Sending window or the gateway's own request."
    )
    provider_job_id = fields.Char("Gateway's id", readonly=True, index="btree_not_null")
    failure_reason = fields.Char(readonly=True)
    sent_date = fields.Datetime(readonly=True)
    polled_count = fields.Integer(readonly=True)

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
        self.ensure_one()
        name = self.run_id.name or self.env._("single SMS")
        return self.env._(
            "Send %(count)s SMS: %(name)s", count=self.message_count, name=name
        )

    @api.model
    def _wake_up(self, domain):
        """Make a job for each batch of ``domain`` that waits and has none."""
        waiting = self.search(
            [*domain, ("state", "in", ("queued", "sending", "unknown"))], order="id"
        )
        waiting = waiting.filtered(lambda b: b.run_id.state not in ("paused", "draft"))
        for batch in waiting - waiting._with_living_job():
            batch._enqueue()

    def _with_living_job(self):
        """Those of ``self`` that a job waiting or running will look at."""
        if not self:
            return self
        self.env.cr.execute(
            """
            SELECT (records::jsonb -> 'ids' ->> 0)::int FROM queue_job
            WHERE model_name = 'sms.batch' AND method_name = '_send_batch'
              AND state IN ('pending', 'enqueued', 'started', 'wait_dependencies')
              AND (records::jsonb -> 'ids' ->> 0)::int = ANY(%s)
            """,
            [self.ids],
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
        return self.create(
            {
                "company_id": message.company_id.id,
                "provider_id": provider.id,
                "message_class": message.message_class,
                "zone": area_codes.zone_key(number),
                "state": "queued",
                "message_count": 1,
            }
        )
