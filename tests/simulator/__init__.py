"""A Kolmeya gateway of our own: a real HTTP server on loopback.

Its contract is that of the gateway as far as anybody has seen it. Everything it
accepts goes into a ledger, against which tests compare what a sender believes.
Needs only ``requests`` and ``PyJWT``.
"""

from .behaviour import Fate
from .faults import Fault
from .settings import Rates, Settings
from .simulator import Simulator

__all__ = ["Fate", "Fault", "Rates", "Settings", "Simulator"]
