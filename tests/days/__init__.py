"""The day of each role, in a real browser: what the user guide tells and shows.

One module a role. The same days are tests (``tests/e2e/test_days.py``) and take the
pictures of the guide in both languages (``make screenshots``).
"""

from .administrator import AdministratorDay
from .manager import ManagerDay
from .safety import SafetyDay
from .salesperson import SalespersonDay
from .supervisor import SupervisorDay

DAYS = (AdministratorDay, ManagerDay, SalespersonDay, SupervisorDay, SafetyDay)
# Wide enough for the screens, narrow enough for a page of the guide.
WIDTH, HEIGHT = 1280, 800
