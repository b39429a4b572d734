from odoo import fields, models
from odoo.exceptions import UserError

from ..tools.kolmeya_errors import KolmeyaError


class SmsProvider(models.Model):
    """Kolmeya's balance, in the words of the base's verbs."""

    _inherit = "sms.provider"

    def _kolmeya_read_balance(self):
        asked = self.last_balance_check
        return {
            "amount": self.kolmeya_balance if asked else None,
            "at": fields.Datetime.to_string(asked) if asked else False,
        }

    def _kolmeya_refresh_balance(self):
        try:
            balance = self._kolmeya_gateway().balance()
        except KolmeyaError as error:
            raise UserError(self._kolmeya_explain(error)) from error
        if balance.amount is None:
            raise UserError(
                self.env._(
                    "The gateway answers, but names no balance: %s", balance.text
                )
            )
        self.write(
            {
                "kolmeya_balance": balance.amount,
                "kolmeya_balance_text": balance.text,
                "last_balance_check": fields.Datetime.now(),
            }
        )
