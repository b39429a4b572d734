from . import res_company
from . import sms_message
from . import sms_sms
from . import sms_batch
from . import sms_native
from . import sms_person
from . import mailing_mailing
