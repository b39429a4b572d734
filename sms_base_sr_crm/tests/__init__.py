from . import test_reply_leads
from . import test_roles
