from . import ir_config_parameter, kolmeya_segment, sms_provider
