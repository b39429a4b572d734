from . import test_reply_leads
from . import test_roles
from . import test_lead_templates
