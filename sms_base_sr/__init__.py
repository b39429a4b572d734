from . import controllers, log_filters, models, wizards
from .hooks import post_init_hook, uninstall_hook  # noqa: F401
