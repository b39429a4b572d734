from odoo import models
from odoo.exceptions import AccessError


class SmsCampaignMixin(models.AbstractModel):
    """Who may send a campaign: campaign managers, whatever else they may write.

    Salespeople often may write the campaigns of the app that owns them. Writing one
    costs nothing; sending it texts everybody in it.
    """

    _inherit = "sms.campaign.mixin"

    def _sms_new_run(self):
        self._check_sms_sender()
        return super()._sms_new_run()

    def _sms_act(self, verb):
        self._check_sms_sender()
        return super()._sms_act(verb)

    def _check_sms_sender(self):
        """Refuse everybody but campaign managers; jobs and crons are superusers."""
        if self.env.su or self.env.user.has_group("sms_base_sr.group_sms_campaign"):
            return
        raise AccessError(
            self.env._(
                "Only campaign managers send campaigns by SMS. Ask an administrator "
                "for the role “Campaign manager”."
            )
        )
