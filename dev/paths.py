"""Where things are: what is made lies in ``.venv``, ``.local`` and one cache folder."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
LOCAL = ROOT / ".local"
DEV = ROOT / "dev"
STAND_INS = ROOT / "tests" / "addons"

PRODUCT = "sms-campaigns-odoo19"

ADDONS = (
    "queue_job_config",
    "sms_base_sr",
    "sms_kolmeya",
    "contacts_realcred_sms",
    "contact_center_sms",
    "sms_base_sr_link",
    "sms_base_sr_crm",
    "sms_base_sr_mass_mailing",
)


def cache_dir() -> Path:
    """The user's cache folder: a second clone finds Odoo there."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / PRODUCT


def python() -> str:
    """The virtual environment's interpreter."""
    return str(VENV / "bin" / "python")
