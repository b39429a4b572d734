"""Loopback ports: two checkouts that start at the same moment get different ones."""

import socket

from .steps import CannotGoOn

# Held until this process ends: by then the server listens, or has given up.
_reserved: dict[int, socket.socket] = {}


def free_port(first: int) -> int:
    """Reserve the first free port from ``first`` on and return it."""
    for port in range(first, first + 200):
        if port in _reserved or not is_free(port):
            continue
        if _reserve(port):
            return port
    raise CannotGoOn(f"No free port between {first} and {first + 200}.")


def is_free(port: int) -> bool:
    """Whether nobody listens on a loopback port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _reserve(port: int) -> bool:
    """Take the port's name among all checkouts of this machine, whoever's they are.

    An abstract socket needs no file and vanishes with its process.
    """
    marker = socket.socket(socket.AF_UNIX)
    try:
        marker.bind(f"\0sms-campaigns-port-{port}")
    except OSError:
        marker.close()
        return False
    _reserved[port] = marker
    return True
