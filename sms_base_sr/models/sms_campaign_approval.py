from odoo import SUPERUSER_ID, fields, models
from odoo.exceptions import UserError


class SmsCampaignMixin(models.AbstractModel):
    """The approval by another person, as the campaign's form shows it."""

    _inherit = "sms.campaign.mixin"

    sms_approval = fields.Selection(related="sms_run_id.approval", string="Approval")

    def _sms_authors(self):
        """Who made this campaign."""
        return self.sudo().create_uid

    def _sms_run_values(self, provider, text):
        values = super()._sms_run_values(provider, text)
        if self.env.uid == SUPERUSER_ID:
            # A cron sends it because somebody has set it so.
            values["planned_by_id"] = self.sudo().write_uid.id
        return values

    def action_sms_approve(self, run_id, text_digest):
        """Approve what the form shows: the plan and the text that were read there."""
        self.ensure_one()
        self.check_access("read")
        # sudo: see _sms_new_run. The person is asked for by name.
        run = self.sudo().sms_run_id
        shown = (run_id, text_digest)
        if (run.id, run._approved_content()["text_digest"]) != shown:
            raise UserError(
                self.env._(
                    "“%s” was planned again meanwhile: read it once more, then approve "
                    "it.",
                    self.display_name,
                )
            )
        run.action_approve()
