from . import sms_assign_contact
