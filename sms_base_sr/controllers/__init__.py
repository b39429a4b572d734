from . import webhook_core
from . import sms_webhook
