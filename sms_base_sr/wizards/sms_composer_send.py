from odoo import models
from odoo.exceptions import UserError

from ..models.ir_actions import AUTOMATION
from ..tools import text_template


class SmsComposer(models.TransientModel):
    """*Send*: some SMS at once within the person's hourly limit, many as a campaign.

    For people of companies whose SMS we send. Server actions and crons were set up by
    an administrator: they send as ever.
    """

    _inherit = "sms.composer"

    def action_send_sms(self):
        self._sms_check_refused()
        by_hand = self.env.context.get("sms_automation") is not AUTOMATION
        if not self.sms_native or self.env.su or not by_hand:
            return super().action_send_sms()
        if self.sms_as_campaign:
            return self._sms_send_campaign()
        self._sms_check_gaps()
        # sudo: the counters are the engine's.
        quota = self.env["sms.send.quota"].sudo()
        quota._take(self.env.company.sudo(), "single", self._sms_count())
        return super().action_send_sms()

    def _sms_check_refused(self):
        """One record that nobody texts; of many such are left out."""
        if self.composition_mode != "comment" or self.res_model not in self.env:
            return
        refused = self._sms_refused(self._get_records())
        if refused:
            reason = self._sms_reasons()[next(iter(refused.values()))]
            raise UserError(self.env._("Gets no SMS: %s.", reason))

    def _sms_count(self):
        """How many SMS a person sends with this dialog."""
        if self.composition_mode == "numbers":
            return len((self.sanitized_numbers or "").split(","))
        return self.res_ids_count or 1

    def _sms_check_gaps(self):
        """A text with ``[city]`` in it was not read to the end."""
        left = self._sms_gaps()
        if left:
            raise UserError(
                self.env._(
                    "There is no value for %s. Write the words that belong there.",
                    ", ".join(left),
                )
            )

    def _sms_gaps(self):
        """Names that stand as ``[name]`` in the text for one."""
        if not (self._sms_ours() and self.comment_single_recipient):
            return []
        missing = self._sms_outcome(self._get_records()).missing
        return [name for name in missing if f"[{name}]" in (self.body or "")]

    # -- many --------------------------------------------------------------------------

    def _sms_send_campaign(self):
        """Plan and send them as a campaign; show how it goes on."""
        campaigns = self.env["sms.composer.campaign"]
        campaigns._check_sms_sender()
        self._sms_check_text()
        # sudo: campaigns are the engine's; who may send was asked.
        engine = self._sms_engine("sms.composer.campaign")
        run = engine.create(self._sms_campaign_values())._sms_new_run()
        run.action_send()
        return {
            "type": "ir.actions.act_window",
            "res_model": "sms.run",
            "res_id": run.id,
            "views": [(False, "form")],
            "target": "current",
        }

    def _sms_engine(self, model):
        """The engine's model: default values are meant for this dialog."""
        # pylint: disable-next=context-overridden
        return self.env[model].sudo().with_context(lang=self.env.lang)

    def _sms_check_text(self):
        """What nobody can be written is refused now, not in a job."""
        campaign = self.env["sms.composer.campaign"].new(self._sms_campaign_values())
        try:
            self.env["sms.run"]._compile_text(campaign._sms_full_text(), campaign)
            campaign._sms_audience_page(0, 1)
        except text_template.TemplateError as error:
            raise UserError(str(error)) from error
