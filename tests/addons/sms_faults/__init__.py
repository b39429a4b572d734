from . import clocks
from . import models

clocks.shorten()
