from . import sms_message
from . import sms_person
