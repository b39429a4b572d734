from . import sms_message
from . import sms_person
from . import sms_template_variables
