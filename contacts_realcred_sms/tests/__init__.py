from . import test_audience
from . import test_campaign_figures
from . import test_campaign_send
from . import test_contact_send_sms
from . import test_normalised_numbers
from . import test_reply_partner
from . import test_rights
from . import test_roles
