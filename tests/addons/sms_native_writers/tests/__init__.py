from . import test_twilio
from . import test_writers
