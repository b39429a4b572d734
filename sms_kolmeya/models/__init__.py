from . import kolmeya_segment, sms_provider
