from odoo import models


class SmsProvider(models.Model):
    """The account's balance, for whoever is about to spend it.

    A gateway's addon offers it by the verbs ``read_balance`` (what is known, without a
    call) and ``refresh_balance`` (asks the gateway).
    """

    _inherit = "sms.provider"

    def _read_balance(self):
        """Return ``{"amount": float or None, "at": date}``; None where there is none.

        ``amount`` is None where the gateway was never asked.
        """
        self.ensure_one()
        if not self._can("read_balance"):
            return None
        # sudo: managers read the balance, not the account.
        return self.sudo()._dispatch("read_balance")

    def _refresh_balance(self):
        """Ask the gateway.

        :raises UserError: it gives no balance; the text says why
        """
        self.ensure_one()
        # sudo: as above; the token never leaves the engine.
        self.sudo()._dispatch("refresh_balance")
