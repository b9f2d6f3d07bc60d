"""What a replacement does to what runs over the thing meanwhile."""

from __future__ import annotations

from enum import StrEnum


class Interruption(StrEnum):
    """What a replacement does to what runs over the thing meanwhile."""

    BOTH_TUNNELS = "both tunnels"
    """Of a VPN connection, at once: nothing reaches the site until they are up again."""
    ONE_TUNNEL = "one tunnel"
    """The other one carries the packets, if the site's device uses both."""
    CONNECTIONS = "connections"
    """Its established connections are cut, and come back to the new one."""
    CLOSED = "closed"
    """It falls back on what is closed until the new one stands."""
    NOTHING = "nothing"
    """The new one stands before the old one goes."""
