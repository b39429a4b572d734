from . import test_connector
from . import test_inbound_mirror
