from odoo import api, models

SLICES = 10


class SmsCampaignMixin(models.AbstractModel):
    """Some contacts from the whole audience, to try a text on."""

    _inherit = "sms.campaign.mixin"

    def _sms_audience_ends(self):
        """Hook: source_id of the first and the last contact, or None, None."""
        return None, None

    def _sms_spread_recipients(self, count):
        """Up to ``count`` recipients, spread over the audience, always the same."""
        self.ensure_one()
        first, last = self._sms_audience_ends()
        if first is None:
            return self._sms_audience_page(0, count)
        span = max(1, (last - first + 1) // SLICES)
        found = {}
        for start in range(first - 1, last, span):
            page = self._sms_audience_page(start, -(-count // SLICES))
            found.update((recipient.source_id, recipient) for recipient in page)
        if len(found) < count:
            # Some slices are thin: the first contacts fill up.
            page = self._sms_audience_page(first - 1, count)
            found = {recipient.source_id: recipient for recipient in page} | found
        return [found[key] for key in sorted(found)][:count]

    @api.model
    def _sms_campaign_models(self):
        """(model, label) of what can be sent, for a choice."""
        names = [
            name
            for name, model in self.env.registry.items()
            if not model._abstract and hasattr(model, "_sms_spread_recipients")
        ]
        return [(name, self.env[name]._description) for name in sorted(names)]
