from odoo import fields, models
from odoo.exceptions import UserError

from .sms_campaign_review import digest

SHARES = (1, 99)


class SmsCampaignMixin(models.AbstractModel):
    """A campaign may try two texts; which contacts get which is not for people."""

    _inherit = "sms.campaign.mixin"

    sms_template_b_id = fields.Many2one(
        "sms.template",
        "Second text (A/B)",
        help="Some contacts get this text instead. The results then say which of the "
        "two got more replies, and whether that may be chance.",
    )
    sms_share_b = fields.Integer(
        "Share of the second text (%)", default=50, aggregator=None
    )

    sms_text_b_preview = fields.Text(
        "Text B", related="sms_template_b_id.message_template"
    )

    def _sms_text_b(self):
        """The second text with its variables; nothing where there is one only."""
        return self.sms_template_b_id.message_template

    def _sms_sample_values(self):
        """A sample shows the text which that contact gets."""
        values = super()._sms_sample_values()
        text_b = self._sms_text_b()
        if not text_b:
            return values
        target = {"res_model": self._name, "res_id": self.id}
        split = {"text_b": self._sms_full_text(text_b), "share_b": self.sms_share_b}
        return {**values, **target, **split}

    def _sms_run_values(self, provider, text):
        values = super()._sms_run_values(provider, text)
        text_b = self._sms_text_b()
        if not text_b:
            return values
        least, most = SHARES
        if not least <= self.sms_share_b <= most:
            raise UserError(
                self.env._(
                    "Share of the second text: enter %(least)s to %(most)s %%.",
                    least=least,
                    most=most,
                )
            )
        template = self.sms_template_b_id
        split = {"template_b_id": template.id, "share_b": self.sms_share_b}
        return {**values, "text_b": self._sms_full_text(text_b), **split}

    def _sms_plan_basis(self, run):
        """A second text makes a plan stale as the first does."""
        basis = super()._sms_plan_basis(run)
        text_b = self._sms_text_b()
        if not text_b:
            return {**basis, "text_b": None, "share_b": None}
        text_b = self._sms_full_text(text_b)
        values_b = digest(self._sms_values_of(text_b))
        split = {"text_b": digest([text_b, values_b]), "share_b": self.sms_share_b}
        return {**basis, **split}
