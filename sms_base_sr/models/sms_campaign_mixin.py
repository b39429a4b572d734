from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools.misc import clean_context


class SmsCampaignMixin(models.AbstractModel):
    """Makes any model a campaign: it declares audience and variables, a run sends.

    No job method belongs here: queue_job finds a method's channel and retry pattern
    by the concrete model's name, and silently by none otherwise.
    """

    _name = "sms.campaign.mixin"
    _description = "SMS campaign"
    # The kind of recipient whose variables texts may use: see sms.template.variables.
    _sms_kind = None

    sms_run_id = fields.Many2one("sms.run", "SMS run", readonly=True, copy=False)
    sms_template_id = fields.Many2one("sms.template", "SMS template")
    sms_provider_id = fields.Many2one("sms.provider", "SMS provider")
    sms_state = fields.Selection(related="sms_run_id.state", string="SMS state")
    sms_failure_reason = fields.Char(
        "Why planning failed", related="sms_run_id.failure_reason"
    )
    sms_text_preview = fields.Text("Text", related="sms_template_id.message_template")
    sms_summary = fields.Json(related="sms_run_id.summary")
    sms_sent = fields.Integer("SMS sent", related="sms_run_id.sent_count")
    sms_delivered = fields.Integer(
        "SMS delivered", related="sms_run_id.delivered_count"
    )
    sms_replied = fields.Integer("SMS replied", related="sms_run_id.replied_count")
    sms_failed = fields.Integer("SMS failed", related="sms_run_id.failed_count")
    sms_excluded = fields.Integer("Left out", related="sms_run_id.excluded_count")
    sms_retry_count = fields.Integer(
        "SMS to try again", related="sms_run_id.retry_count"
    )
    sms_planned = fields.Integer("To be sent", related="sms_run_id.planned_count")
    sms_total_cost = fields.Float("SMS cost", related="sms_run_id.total_cost")
    sms_conversion_rate = fields.Float(
        "Conversion (%)",
        compute="_compute_sms_conversion_rate",
        help="Different customers who replied, of those who received the SMS.",
    )

    @api.depends("sms_run_id")
    def _compute_sms_conversion_rate(self):
        for campaign in self:
            campaign.sms_conversion_rate = campaign.sms_run_id._conversion(
                campaign.sms_delivered, campaign.sms_replied
            )

    # -- what a campaign declares ------------------------------------------------------

    def _sms_audience_page(self, after_id, limit):
        """Return the next ``tools.planning.Recipient``: source_id > ``after_id``."""
        raise NotImplementedError

    def _sms_variable_names(self):
        """Names (dotted where nested) that a text of this campaign may use."""
        variables = self.env["sms.template.variables"]
        declared = [*variables._common(), *variables._campaign_variables()]
        if self._sms_kind:
            declared += variables._declare(self._sms_kind)
        return {variable.name for variable in declared}

    def _sms_common_values(self):
        """Values that are the same for every recipient."""
        self.ensure_one()
        user = self._sms_salesperson() or self.env.user
        variables = self.env["sms.template.variables"]
        sender = variables._values_of_sender(user, self._sms_company())
        return {"campaign": {"name": self.display_name}, **sender}

    def _sms_company(self):
        """The company that sends and pays."""
        return self.env.company

    def _sms_salesperson(self):
        """Who answers replies to this campaign."""
        return self.env["res.users"]

    def _sms_text(self):
        """The text with its variables."""
        return self.sms_template_id.message_template

    def _sms_message_class(self):
        return "service"

    def _sms_reply_partner(self, message):
        """Return the partner who wrote ``message``, made now where there is none."""
        return self.env["res.partner"]

    # -- the run -----------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        defaults = (name.removeprefix("default_") for name in self.env.context)
        self._check_sms_run(set().union(defaults, *vals_list))
        return super().create(vals_list)

    def write(self, vals):
        self._check_sms_run(vals)
        return super().write(vals)

    def _check_sms_run(self, names):
        """The buttons act on this run as superuser: nobody may point to another's."""
        if "sms_run_id" in names and not self.env.su:
            label = self._fields["sms_run_id"].string
            raise AccessError(self.env._("Only the SMS engine writes: %s.", label))

    def _sms_new_run(self):
        """Create the run of this campaign; a campaign is sent once at a time."""
        self.ensure_one()
        self.check_access("write")
        if self.sms_run_id and self.sms_state not in ("draft", "canceled", "failed"):
            raise UserError(
                self.env._("“%s” is being sent or was sent already.", self.display_name)
            )
        text = self._sms_text()
        if not text:
            raise UserError(
                self.env._("SMS template: choose the text to send, then try again.")
            )
        company = self._sms_company()
        provider = self.sms_provider_id or self.env["sms.provider"]._require_provider(
            company
        )
        # sudo: runs are the engine's; whoever may write the campaign may send it.
        # pylint: disable-next=context-overridden  # keys are to go
        engine = self.sudo().with_context(clean_context(self.env.context))
        # What a failed planning has left must not be sent beside the new run.
        engine.sms_run_id.action_cancel()
        values = self._sms_run_values(provider, text)
        engine.sms_run_id = engine.env["sms.run"].create(values)
        return self.sms_run_id.sudo()

    def _sms_run_values(self, provider, text):
        return {
            "name": self.display_name,
            "res_model": self._name,
            "res_id": self.id,
            "company_id": self._sms_company().id,
            "provider_id": provider.id,
            "template_id": self.sms_template_id.id,
            "text": text,
            "message_class": self._sms_message_class(),
            "user_id": self._sms_salesperson().id,
        }

    def _sms_act(self, verb):
        """Press a button of the run for somebody who may write the campaign."""
        self.check_access("write")
        if not all(campaign.sms_run_id for campaign in self):
            raise UserError(self.env._("Plan or send the campaign first."))
        # sudo: see _sms_new_run.
        return getattr(self.sudo().sms_run_id, verb)()

    def action_sms_plan(self):
        """Decide for each contact; nothing is sent yet."""
        for campaign in self:
            campaign._sms_new_run().action_plan()

    def action_sms_release(self):
        """Send what was planned."""
        return self._sms_act("action_release")

    def action_sms_pause(self):
        """Start no further batch."""
        return self._sms_act("action_pause")

    def action_sms_resume(self):
        """Go on where the pause began."""
        return self._sms_act("action_resume")

    def action_sms_cancel(self):
        """Cancel what has not left."""
        return self._sms_act("action_cancel")

    def action_sms_try_again(self):
        """Send what never reached the gateway in new batches."""
        return self._sms_act("action_try_again")

    def action_sms_retry_failed(self):
        """Open the dialog that tries failed SMS again, by reason."""
        return self._sms_act("action_retry_failed")

    def action_view_sms_messages(self):
        """Open the messages of this campaign."""
        return self.sms_run_id.action_view_messages()
