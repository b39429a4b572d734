from . import ir_config_parameter, kolmeya_segment, sms_provider
from . import sms_provider_blacklist
from . import sms_provider_balance
