from . import test_mailing_sent
from . import test_mailing_status
from . import test_mailing_tests
