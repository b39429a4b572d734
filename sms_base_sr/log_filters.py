"""Masks in the logs that show requests: addresses of webhooks, arguments of calls.

And in that of failed queries: two people who press *Send* at once make one; and in
that of refusals, which name the number to the person who is refused.
"""

from .tools import log_mask

# The first logs the path of each request, the second, at DEBUG, what was typed.
LOGGERS = ("werkzeug", "odoo.http", "odoo.service.model", "odoo.sql_db")

log_mask.install(*LOGGERS)
