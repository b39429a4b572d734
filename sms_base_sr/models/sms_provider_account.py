import logging

from odoo import models
from odoo.exceptions import UserError

from ..tools.secret_box import KeyUnusable

_logger = logging.getLogger(__name__)


class SmsProvider(models.Model):
    """Providers of a company that are one account at the gateway: siblings.

    What the account knows is asked for once, and what it tells belongs to the sibling
    whose message it speaks of.
    """

    _inherit = "sms.provider"

    def _account_numbers(self):
        """Return {provider id: number of its account}, for the companies of ``self``.

        Archived ones too: customers still answer what they sent.
        """
        everyone = self.with_context(active_test=False).search(
            [("company_id", "in", self.company_id.ids)], order="id"
        )
        alike = everyone.grouped(lambda p: (p.company_id, p.provider_type))
        numbers = {}
        for providers in alike.values():
            numbers |= providers._number_accounts()
        return numbers

    def _number_accounts(self):
        """Number them by the first provider of each account; one has only its own."""
        if len(self) == 1:
            return {self.id: self.id}
        firsts = {}
        accounts = {p.id: p._account_fingerprint() or p.id for p in self}
        return {key: firsts.setdefault(each, key) for key, each in accounts.items()}

    def _siblings(self):
        """The providers with the same account, this one first."""
        self.ensure_one()
        numbers = self._account_numbers()
        others = [key for key in numbers if numbers[key] == numbers[self.id]]
        return self | self.browse(others)

    def _one_of_each_account(self):
        """The first provider of each account among ``self``, in their order."""
        numbers = self._account_numbers()
        firsts = {}
        for provider in self:
            firsts.setdefault(numbers[provider.id], provider.id)
        return self.browse(firsts.values())

    def _account_fingerprint(self):
        """A keyed hash of what names the account; None where nothing does.

        Tokens themselves are neither compared nor kept.
        """
        if not self._can("account"):
            return None
        try:
            account = self._dispatch("account")
            return account and self._secret_box().fingerprint(account)
        except (UserError, KeyUnusable):
            # Its form says what is wrong; it is nobody's sibling until then.
            _logger.info("Provider %s: its account cannot be read", self.id)
            return None
