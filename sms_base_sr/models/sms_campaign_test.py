from odoo import models
from odoo.exceptions import UserError

# Contacts that are tried until one can be texted.
PAGE = 50
PAGES = 20


class SmsCampaignMixin(models.AbstractModel):
    """The text as one of the contacts would get it, planned or not yet."""

    _inherit = "sms.campaign.mixin"

    def action_sms_test(self):
        """Open the dialog that sends the text to one's own number."""
        self.ensure_one()
        self.check_access("write")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Send a test"),
            "res_model": "sms.test.send",
            "view_mode": "form",
            "target": "new",
            "context": {"default_res_model": self._name, "default_res_id": self.id},
        }

    def _sms_sample(self, after_id=0):
        """The next contact's decision, from the beginning again after the last one.

        :raises UserError: no contact of this campaign can be texted, or no text
        """
        self.ensure_one()
        page = self._sms_sample_page()
        found = self._sms_next_sample(page, after_id)
        if not found and after_id:
            found = self._sms_next_sample(page, 0)
        if not found:
            raise UserError(
                self.env._(
                    "None of the campaign's first contacts can be texted. Add a "
                    "contact with a mobile number and all values of the text."
                )
            )
        return found

    def _sms_sample_page(self):
        if not self._sms_text():
            raise UserError(
                self.env._("SMS template: choose the text to send, then try again.")
            )
        run = self.env["sms.run"].new(self._sms_sample_values())
        return run._page_class()(
            run._compile(self),
            taken=set(),
            suppressed={},
            common=self._sms_common_values(),
            drop_accents=self.sms_drop_accents,
        )

    def _sms_sample_values(self):
        """Hook: of a run's values, those that decide the texts."""
        return {"text": self._sms_full_text()}

    def _sms_next_sample(self, page, after_id):
        for _number in range(PAGES):
            recipients = self._sms_audience_page(after_id, PAGE)
            decisions = page.decide(recipients)
            sendable = [decision for decision in decisions if decision.sendable]
            if sendable:
                return sendable[0]
            if not recipients:
                break
            after_id = recipients[-1].source_id
        return None

    def _sms_send_test(self, decision, phone):
        """Send a decision's text to one's own number, beside the campaign."""
        self.ensure_one()
        self.check_access("write")
        message = self.env["sms.message"].create(
            {
                "phone": phone,
                "body": decision.text,
                "company_id": self._sms_company().id,
                "provider_id": self.sms_provider_id.id,
                # Who tests at night waits for it: their own hours do not matter.
                "message_class": "service",
            }
        )
        # sudo: what a message is for is the engine's to say.
        message.sudo().is_test = True
        message.action_send()
        return message
