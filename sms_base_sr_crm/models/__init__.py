from . import sms_message
