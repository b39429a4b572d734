from . import contacts_realcred_campaign
from . import contacts_realcred_campaign_audience
from . import contacts_realcred_batch
from . import sms_run
from . import sms_message
from . import queue_job
from . import sms_event
from . import contacts_realcred_campaign_import
