"""Masks in the logs that show requests: addresses of webhooks, arguments of calls."""

from .tools import log_mask

# The first logs the path of each request, the second, at DEBUG, what was typed.
LOGGERS = ("werkzeug", "odoo.service.model")

log_mask.install(*LOGGERS)
