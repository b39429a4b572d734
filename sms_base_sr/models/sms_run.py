from odoo import api, fields, models

STATES = [
    ("draft", "Draft"),
    ("planning", "Planning"),
    ("ready", "Ready"),
    ("scheduled", "Scheduled"),
    ("sending", "Sending"),
    ("paused", "Paused"),
    ("done", "Done"),
    ("canceled", "Cancelled"),
    ("failed", "Planning failed"),
]
MESSAGE_CLASSES = [
    ("promotional", "Promotional"),
    ("transactional", "Transactional"),
    ("service", "Service"),
]


class SmsRun(models.Model):
    """One sending of one campaign.

    Campaigns are records of any model; this concrete one gives indexes, jobs and
    statistics something to point to. Only its planner and its buttons write it, so
    that thousands of batches never queue for one row.
    """

    _name = "sms.run"
    _inherit = ["sms.company.job.mixin"]
    _description = "SMS run"
    _jobs_as_engine = True
    _order = "id desc"
    _check_company_auto = True

    name = fields.Char(required=True, readonly=True)
    res_model = fields.Char("Campaign model", readonly=True)
    res_id = fields.Many2oneReference(
        "Campaign", model_field="res_model", readonly=True
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    provider_id = fields.Many2one(
        "sms.provider", required=True, readonly=True, check_company=True
    )
    template_id = fields.Many2one("sms.template", readonly=True, ondelete="set null")
    text = fields.Text(readonly=True, help="The text as it was when planning began.")
    message_class = fields.Selection(MESSAGE_CLASSES, required=True, default="service")
    user_id = fields.Many2one("res.users", "Salesperson", help="Who answers replies.")
    state = fields.Selection(STATES, required=True, default="draft", readonly=True)
    failure_reason = fields.Char(readonly=True)
    auto_release = fields.Boolean(
        readonly=True, help="Send each batch as soon as it is planned."
    )
    planned_at = fields.Datetime(readonly=True)
    started_at = fields.Datetime(readonly=True)
    done_at = fields.Datetime(readonly=True)
    plan_cursor = fields.Integer(readonly=True, help="Last contact that was planned.")
    plan_failures = fields.Integer(
        readonly=True, copy=False, help="Planning jobs that failed in a row."
    )
    recipient_count = fields.Integer("Contacts", readonly=True)
    planned_count = fields.Integer("To be sent", readonly=True)
    planned_segments = fields.Integer(readonly=True)
    planned_cost = fields.Float(digits=(16, 4), readonly=True)
    excluded_counts = fields.Json(readonly=True, help="{reason: contacts left out}")
    batch_ids = fields.One2many("sms.batch", "run_id", readonly=True)

    _res = models.Index("(res_model, res_id)")
    _active_runs = models.Index(
        "(state) WHERE state IN ('planning', 'scheduled', 'sending')"
    )

    def _campaign(self):
        """Return the campaign's record (it declares the audience and variables).

        None where the addon of its model was uninstalled.
        """
        self.ensure_one()
        if self.res_model not in self.env:
            return None
        return self.env[self.res_model].browse(self.res_id)

    def _move(self, allowed, values):
        """Change the state where it is one of ``allowed``; return the runs changed.

        The condition is in the UPDATE itself: of two people who press at the same
        moment one wins, and the other changes nothing.
        """
        if not self:
            return self
        self.flush_recordset()
        sets = ", ".join(f'"{name}" = %s' for name in values)
        self.env.cr.execute(
            f"UPDATE sms_run SET {sets} WHERE id = ANY(%s) AND state = ANY(%s)"
            " RETURNING id",
            [*values.values(), self.ids, list(allowed)],
            # A conflict (the planner's page, a second person) is tried again above.
            log_exceptions=False,
        )
        moved = self.browse(row[0] for row in self.env.cr.fetchall())
        self.invalidate_recordset()
        return moved

    @api.model
    def _sweep_plannings(self):
        """Wake plannings that have no living job."""
        planning = self.search([("state", "=", "planning")])
        waiting = planning.filtered(lambda run: not run._has_living_job("_plan"))
        waiting._enqueue_plan()

    @api.model
    def _sweep_finished(self):
        """Close runs whose last batch became final while nobody counted."""
        self.search([("state", "=", "sending")])._finish_if_done()

    def _finish_if_done(self):
        """*Done* means that nothing is queued, being sent or unknown."""
        if not self:
            return self
        self.flush_recordset()
        self.env["sms.batch"].flush_model(["run_id", "state", "try_again"])
        self.env.cr.execute(
            """
            UPDATE sms_run r SET state = 'done', done_at = now() AT TIME ZONE 'UTC'
            WHERE r.id = ANY(%s) AND r.state = 'sending' AND NOT EXISTS (
                SELECT 1 FROM sms_batch b WHERE b.run_id = r.id
                AND (b.state IN ('draft', 'queued', 'sending', 'unknown')
                     OR b.try_again))
            RETURNING r.id
            """,
            [self.ids],
        )
        finished = self.browse(row[0] for row in self.env.cr.fetchall())
        finished.invalidate_recordset()
        return finished
