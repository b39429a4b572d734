"""The engine's clocks, shortened: minutes become seconds, their order stays.

A call's limit < the time to store its answer elsewhere < the attempt's deadline.
A name that is gone raises at once: a clock that silently stays long would make the
proof wait for hours, or prove nothing.
"""

from datetime import timedelta
from importlib import import_module

MODELS = "odoo.addons.sms_base_sr.models"
READ_SECONDS = 2.0
CALL_SECONDS = 5.0
CLOCKS = {
    "sms_batch_claim": {"ATTEMPT_SECONDS": 15},
    "sms_batch_recover": {
        "ASK_SOON": timedelta(seconds=1),
        "ASK_EVERY": timedelta(seconds=3),
        "ASK_RARELY": timedelta(seconds=10),
        "DECIDE_AFTER": timedelta(seconds=20),
    },
    "sms_batch_findings": {"NOT_FOUND_GAP": timedelta(seconds=4)},
    "sms_batch_settle": {"ASK_SOON": timedelta(seconds=1), "RECONNECT_SECONDS": 9},
    "sms_batch_todo": {"PATIENCE": timedelta(seconds=5)},
    "sms_event": {"SWEEP_AFTER_SECONDS": 5},
    "sms_event_apply": {"TRY_AGAIN_SECONDS": 2},
}


def shorten() -> None:
    """Set the clocks of this process."""
    for name, values in CLOCKS.items():
        module = import_module(f"{MODELS}.{name}")
        for constant, value in values.items():
            if not hasattr(module, constant):
                raise AttributeError(f"{name} has no clock {constant} any more")
            setattr(module, constant, value)


def shorten_client(api) -> None:
    """Set the limits of one client of the gateway."""
    api.timeouts = (READ_SECONDS, READ_SECONDS)
    api.total_timeout = CALL_SECONDS
