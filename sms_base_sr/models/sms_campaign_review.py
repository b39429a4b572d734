import hashlib
import json

from odoo import fields, models
from odoo.exceptions import UserError

from ..tools import text_template

# A run that nobody has released: it can be planned anew.
REPLANNED = ("ready", "scheduled")


class SmsCampaignMixin(models.AbstractModel):
    """The review before sending: what a campaign's form asks of its run."""

    _inherit = "sms.campaign.mixin"

    sms_drop_accents = fields.Boolean(
        "Drop accents",
        help="In the texts that become fewer SMS by it: ã, ç, “ ” and the like make a "
        "text Unicode, of which 70 characters fit into an SMS instead of 160.",
    )

    # -- what the plan is made of ------------------------------------------------------

    def _sms_audience_state(self):
        """Hook: something cheap that changes when the audience does, fit for JSON."""
        return None

    def _sms_full_text(self, text=None):
        """The text with what the company appends to it: as it is billed."""
        text = text or self._sms_text()
        return self._sms_company()._sms_with_suffix(text, self._sms_message_class())

    def _sms_run_values(self, provider, text):
        values = super()._sms_run_values(provider, text)
        text = self._sms_full_text(text)
        return {**values, "text": text, "drop_accents": self.sms_drop_accents}

    def _sms_plan_basis(self, run):
        """What a plan made now is made of; a change of any part makes it stale."""
        # As whoever planned: without a salesperson the text names that person.
        self = self.with_user(run.create_uid).sudo()
        company = self._sms_company()
        provider = self.sms_provider_id
        provider = provider or self.env["sms.provider"]._default_provider(company)
        text = self._sms_full_text() if self._sms_text() else ""
        return {
            "text": digest(text),
            "provider": provider.id,
            "message_class": self._sms_message_class(),
            "drop_accents": self.sms_drop_accents,
            "salesperson": self._sms_salesperson().id,
            "price": provider.price_per_segment,
            "values": digest(self._sms_values_of(text)),
            "audience": self._sms_audience_state(),
        }

    def _sms_values_of(self, text):
        """The common values that a text prints: the others may change at will."""
        try:
            names = text_template.compile_text(text).names
        except text_template.TemplateError:
            return {}
        common, values = self._sms_common_values(), {}
        for name in sorted(names):
            value = common
            for key in name.split("."):
                value = value.get(key) if isinstance(value, dict) else None
            values[name] = value
        if any(name.split(".")[-1] == "cpf" for name in names):
            values[":whole"] = self._sms_company().sms_cpf_whole
        return values

    # -- the review and its buttons ----------------------------------------------------

    def sms_read_review(self, sample_ids=()):
        """What the form shows before sending; False where nobody waits for it.

        That is before a plan, and where each batch leaves as soon as it is planned.
        """
        self.ensure_one()
        self.check_access("write")
        # sudo: see _sms_new_run.
        run = self.sudo().sms_run_id
        return run._read_review(sample_ids) if run and not run.auto_release else False

    def action_sms_plan_again(self):
        """Throw away a plan of which nothing has left, and make another."""
        for campaign in self:
            campaign._sms_drop_plan()
            campaign._sms_new_run().action_plan()

    def _sms_drop_plan(self):
        """Cancel the planned run; whoever has released it meanwhile wins."""
        self.ensure_one()
        self.check_access("write")
        self._check_sms_sender()
        # sudo: see _sms_new_run.
        run = self.sudo().sms_run_id
        if not run:
            raise UserError(self.env._("Plan or send the campaign first."))
        run.lock_for_update(allow_referencing=True)
        if run.state not in REPLANNED:
            raise UserError(
                self.env._("“%s” is being sent or was sent already.", self.display_name)
            )
        run.action_cancel()

    def action_sms_switch_accents(self):
        """Drop the accents, or keep them, and plan again to see it."""
        for campaign in self:
            campaign.sms_drop_accents = not campaign.sms_drop_accents
        self.action_sms_plan_again()

    def action_sms_refresh_balance(self):
        """Ask the gateway for the balance."""
        self.ensure_one()
        self.check_access("write")
        # sudo: of the account only its balance is told.
        self.sudo().sms_run_id.provider_id._refresh_balance()

    def action_sms_view_excluded(self, reason, variable=None):
        """Open the list of who is left out for one reason."""
        self.ensure_one()
        return self.sms_run_id.action_view_excluded(reason, variable)


def digest(value):
    """A short fingerprint of plain values."""
    text = json.dumps(value, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
