from . import webhook_core
from . import sms_webhook
from . import sms_contact_import
from . import sms_person
