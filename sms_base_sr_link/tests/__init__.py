from . import test_tools_short_link
from . import test_tools_previews
from . import test_link_planning
from . import test_link_clicks
from . import test_link_results
from . import test_link_campaign
from . import test_link_route
from . import test_roles
