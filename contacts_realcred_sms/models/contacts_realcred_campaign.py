import logging

from odoo import api, fields, models
from odoo.exceptions import UserError

_logger = logging.getLogger(__name__)

# From here on a plan's own figure is taken, instead of counting when a form opens.
MANY_CONTACTS = 10_000

JOB_STATES = {
    "draft": "pending",
    "planning": "started",
    "ready": "done",
    "scheduled": "done",
    "sending": "done",
    "paused": "done",
    "done": "done",
    "canceled": "done",
    "failed": "failed",
}
STATE_SMS = {
    "draft": "draft",
    "failed": "draft",
    "planning": "process",
    "ready": "process",
    "scheduled": "process",
    "sending": "process",
    "paused": "process",
    "done": "finished",
    "canceled": "finished",
}


class ContactsRealcredCampaign(models.Model):
    """The company's campaign, sent through a run: the names of 15.0 are kept.

    People press the buttons; the run and its batches do the work.
    """

    _name = "contacts.realcred.campaign"
    _inherit = ["contacts.realcred.campaign", "sms.campaign.mixin"]

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    user_id = fields.Many2one(
        "res.users",
        "Salesperson",
        default=lambda self: self.env.user,
        help="Answers replies of customers who have no salesperson of their own.",
    )
    sms_message_class = fields.Selection(
        [
            ("promotional", "Promotional"),
            ("transactional", "Transactional"),
            ("service", "Service"),
        ],
        "Message class",
        default="service",
        required=True,
        help="Promotional SMS arrive within the sending hours only.",
    )
    sms_job_uuid = fields.Char("Planning job", readonly=True, copy=False)
    sms_job_state = fields.Selection(
        [
            ("pending", "Pending"),
            ("started", "Started"),
            ("done", "Done"),
            ("failed", "Failed"),
        ],
        "Planning job's state",
        compute="_compute_sms_job_state",
    )
    contact_count = fields.Integer(
        "Number of contacts",
        compute="_compute_contact_count",
        help="Of a large campaign: those of its plan, and those added since.",
    )
    currency_id = fields.Many2one(related="company_id.currency_id")

    @api.depends("sms_run_id.state", "sms_run_id.recipient_count", "sms_job_uuid")
    def _compute_sms_job_state(self):
        for campaign in self:
            run = campaign.sms_run_id.sudo()
            state = campaign.sms_job_uuid and run.state
            if state == "planning" and not run.recipient_count:
                state = "draft"  # no page is planned yet
            campaign.sms_job_state = JOB_STATES.get(state)

    @api.depends("contacts_realcred_campaign_ids", "sms_run_id")
    def _compute_contact_count(self):
        counts = self._count_planned_contacts()
        others = [id_ for id_ in self._origin.ids if id_ not in counts]
        groups = self.env["contacts.realcred.batch"]._read_group(
            [("campaing_id", "in", others)], ["campaing_id"], ["__count"]
        )
        counts.update((campaign.id, count) for campaign, count in groups)
        for campaign in self:
            campaign.contact_count = counts.get(campaign._origin.id, 0)

    def _count_planned_contacts(self):
        """Return {id: contacts} of large planned campaigns: the plan's, and newer ones.

        A million index entries take a tenth of a second, each time that a form opens.
        """
        self.env["contacts.realcred.batch"].flush_model(["campaing_id"])
        self.env["sms.run"].flush_model()
        self.env.cr.execute(
            """
            SELECT c.id, r.recipient_count + (
                SELECT count(*) FROM contacts_realcred_batch b
                WHERE b.campaing_id = c.id AND b.id > r.plan_cursor)
            FROM contacts_realcred_campaign c JOIN sms_run r ON r.id = c.sms_run_id
            WHERE c.id = ANY(%s) AND r.planned_at IS NOT NULL
              AND r.recipient_count >= %s AND r.plan_cursor > 0
            """,
            [self._origin.ids, MANY_CONTACTS],
        )
        return dict(self.env.cr.fetchall())

    # -- the buttons and the cron of 15.0 --------------------------------------------

    def action_send_campaign(self):
        """Plan and send these campaigns; return the notification with the job."""
        self.check_access("write")
        for campaign in self:
            campaign._sms_new_run().action_send()
            # sudo: set by the engine's own state, see _sync_state_sms.
            campaign.sudo().state_sms = "process"
        return self._notify_scheduled()

    def _notify_scheduled(self):
        uuids = ", ".join(self.filtered("sms_job_uuid").mapped("sms_job_uuid"))
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "title": self.env._("Sending scheduled"),
                "message": self.env._("Job %s. The progress is on this form.", uuids),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    @api.model
    def check_data_kolmeya_send(self):
        """Send what waits in *process*; the app's cron calls it without records."""
        if self:
            self.action_send_campaign()
            return True
        waiting = self.search(
            [("state_sms", "=", "process"), ("sms_run_id", "=", False)]
        )
        for campaign in waiting:
            try:
                with self.env.cr.savepoint():
                    campaign.action_send_campaign()
            except UserError as error:
                # The others must not wait until somebody corrects this one.
                _logger.warning("SMS campaign %s is not sent: %s", campaign.id, error)
        return True

    def process_sms_campaign(self):
        """The planning job: decide for each contact, in slices."""
        self.ensure_one()
        self.sms_run_id._plan()

    def _sync_state_sms(self):
        """Have the app's own state follow the run's, which changes by SQL."""
        self.invalidate_recordset()
        for campaign in self:
            state = STATE_SMS.get(campaign.sms_state, "draft")
            if campaign.state_sms != state:
                campaign.state_sms = state

    def action_view_contacts(self):
        """Open the contacts of this campaign."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "contacts.realcred.batch",
            "view_mode": "list,form",
            "domain": [("campaing_id", "=", self.id)],
            "context": {"default_campaing_id": self.id},
            "name": self.env._("Contacts"),
        }

    def _sms_has_planning_job(self):
        """Tell whether a planning job of this campaign waits or runs."""
        return bool(
            self.env["queue.job"]
            .sudo()
            .search_count(
                [
                    ("uuid", "=", self.sms_job_uuid),
                    ("state", "in", ("pending", "enqueued", "started")),
                ],
                limit=1,
            )
        )
