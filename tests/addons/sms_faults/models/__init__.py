from . import sms_batch, sms_event, sms_provider, sms_run
