from . import kolmeya_webhook
