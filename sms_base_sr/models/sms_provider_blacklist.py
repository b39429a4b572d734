import logging

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.wakeup_window import WakeUpWindow

_logger = logging.getLogger(__name__)

window = WakeUpWindow(seconds=1.0)
# As many as a gateway takes in one call.
PAGE = 1000


class SmsProvider(models.Model):
    """Passing the blacklist on, so that a gateway blocks what others send too."""

    _inherit = "sms.provider"

    push_blacklist = fields.Boolean(
        "Pass the blacklist on",
        default=True,
        help="Numbers on Odoo's blacklist are blocked at the gateway too, and freed "
        "when they leave it. What was blocked only there stays.",
    )

    # -- verbs -------------------------------------------------------------------------

    def _blacklist_add(self, numbers):
        """Return a function that blocks numbers at the gateway.

        It gives True when done, a text when the gateway refuses these numbers for
        good, and None where it had no usable answer.
        """
        return self._dispatch("blacklist_add", numbers)

    def _blacklist_remove(self, numbers):
        """As :meth:`_blacklist_add`, to free them again."""
        return self._dispatch("blacklist_remove", numbers)

    # -- the job -----------------------------------------------------------------------

    @api.model
    def _wake_up_blacklist(self):
        """Have one job tell the gateways soon, however many numbers change."""
        if self._telling_blacklist():
            title = self.env._("Blacklist to the gateways")
            self.env["sms.event"]._wake_up_job(
                window, self.browse(), "_tell_blacklist", title
            )

    @api.model
    def _sweep_blacklist(self):
        """Wake up where something is left to tell and no job does."""
        ledger = self.env["sms.blacklist.sync"]
        if any(ledger._is_due(provider) for provider in self._telling_blacklist()):
            self._wake_up_blacklist()

    @api.model
    def _telling_blacklist(self):
        """Providers that can be told and are in use."""
        # Explicitly: core's blacklist works with archived records in its context.
        domain = [("push_blacklist", "=", True), ("active", "=", True)]
        providers = self.search(domain)
        return providers.filtered(lambda p: p._can("blacklist_add") and not p.suspended)

    @api.model
    def _tell_blacklist(self):
        """Tell each gateway what has changed; one that fails stops no other."""
        for provider in self._telling_blacklist():
            try:
                while provider._tell_blacklist_page():
                    pass
            except UserError as error:
                _logger.warning("Blacklist to provider %s: %s", provider.id, error)

    def _tell_blacklist_page(self):
        """Tell one page; return whether there may be another."""
        ledger = self.env["sms.blacklist.sync"]
        blocked, numbers = ledger._claim(self, PAGE)
        return bool(numbers) and self._tell_numbers(numbers, blocked)

    def _tell_numbers(self, numbers, blocked):
        """Tell the gateway, by halves where it refuses; return whether it answers."""
        verb = self._blacklist_add if blocked else self._blacklist_remove
        call = verb(numbers)
        self.env.cr.commit()  # pylint: disable=invalid-commit  # no call while open
        answer = call()
        ledger = self.env["sms.blacklist.sync"]
        if answer is None:
            _logger.info("Provider %s: the blacklist was not taken", self.id)
            ledger._postpone(self, numbers)
        elif answer is True or len(numbers) == 1:
            ledger._told(self, numbers, blocked, None if answer is True else answer)
        else:
            half = len(numbers) // 2
            parts = numbers[:half], numbers[half:]
            return all([self._tell_numbers(part, blocked) for part in parts])
        self.env.cr.commit()  # pylint: disable=invalid-commit  # job allows it
        return answer is not None
