import logging

from odoo import models

from ..tools.kolmeya_errors import HttpRefusal, KolmeyaError

_logger = logging.getLogger(__name__)


class SmsProvider(models.Model):
    """Kolmeya's blacklist: it can be written, but not read."""

    _inherit = "sms.provider"

    def _kolmeya_blacklist_add(self, numbers):
        api_client = self._kolmeya_gateway().api
        return lambda: told(api_client.blacklist_store, numbers)

    def _kolmeya_blacklist_remove(self, numbers):
        api_client = self._kolmeya_gateway().api
        return lambda: told(api_client.blacklist_destroy, numbers)


def told(call, numbers):
    """Return what a call led to, in the words of the provider's verbs."""
    try:
        call(numbers)
        return True
    except HttpRefusal as error:
        if error.status == 422:
            return str(error)
        _logger.warning("Blacklist: %s", error)
    except KolmeyaError as error:
        _logger.warning("Blacklist: %s", error)
    return None
