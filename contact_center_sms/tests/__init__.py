from . import test_check_status
from . import test_compose
from . import test_connector
from . import test_contract
from . import test_outgoing
from . import test_outgoing_status
from . import test_refusals
from . import test_inbound_mirror
