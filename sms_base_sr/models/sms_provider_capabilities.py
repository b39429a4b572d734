from odoo import models

from ..tools import outcomes
from ..tools.capabilities import Capabilities


class SmsProvider(models.Model):
    """What this type of provider can do: its addon declares it, the engine adapts.

    Whether a status can be asked, replies fetched, numbers blocked or a balance read
    is looked up here and nowhere else.
    """

    _inherit = "sms.provider"

    def _capabilities(self):
        """Return the type's :class:`~..tools.capabilities.Capabilities`."""
        self.ensure_one()
        declare = getattr(self, f"_{self.provider_type}_capabilities", Capabilities)
        return declare()

    def _log_capabilities(self):
        return Capabilities()

    def _can(self, verb):
        """A verb must be declared and there: the contract's suite compares both."""
        return super()._can(verb) and self._capabilities().allow(verb)

    def _batch_limit(self):
        """Messages in one call: what people have set, as far as the gateway goes."""
        self.ensure_one()
        return max(1, min(self.batch_size, self._capabilities().batch_size))

    def _send_batch(self, request):
        """Too many for one call (they were planned for another account): in parts."""
        limit = self._capabilities().batch_size
        if len(request.messages) <= limit:
            return super()._send_batch(request)
        detail = f"{len(request.messages)} messages, at most {limit} in one call"
        return lambda: outcomes.RefusedContent(detail=detail)
