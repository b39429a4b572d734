from . import sms_assign_contact
from . import sms_test_send
from . import sms_schedule
