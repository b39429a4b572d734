from . import sms_assign_contact
from . import sms_retry
from . import sms_retry_line
from . import sms_schedule
from . import sms_test_send
from . import sms_consent_revoke
from . import sms_person_lookup
from . import sms_person_erase
