from . import sample_webhook
