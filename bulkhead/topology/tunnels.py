"""What the tunnels of a site are to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from bulkhead.intent.written import WrittenTunnels
from bulkhead.intent.written.fields import Written
from bulkhead.topology.part import TopologyPart


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Tunnels(TopologyPart):
    """What AWS does about both tunnels of a site; a change is made to one after the other."""

    shape: ClassVar[type[Written]] = WrittenTunnels

    startup: Literal["add", "start"] | None = None
    """Who opens a tunnel: the site's device (add, unless said), or AWS (start)."""
    dpd_action: Literal["clear", "none", "restart"] | None = None
    """What AWS does when the device is dead: close the tunnel (clear, unless said), nothing, or
    open it again (restart)."""
    dpd_timeout: int | None = None
    """After how many seconds of silence the device is dead."""
    rekey_margin: int | None = None
    """How many seconds before its end AWS replaces the key of phase 2."""
    rekey_fuzz: int | None = None
    """Within which part of that margin, in percent, the moment is drawn."""
    replay_window: int | None = None
    """How many packets of IPsec may come out of order."""
    lifecycle_control: bool | None = None
    """Whether AWS waits until you accept it, before it replaces an endpoint."""
    logs: Literal["cloudwatch", "none"] | None = None
    """Where AWS writes down what a tunnel negotiates; unless said, a new connection logs to
    CloudWatch, and one that stands does as before."""
    log_retention: int | None = None
    """For how many days CloudWatch keeps that; 365 if not said."""
    acceleration: bool | None = None
    """Whether it goes by AWS Global Accelerator: not planned yet."""
    bandwidth: Literal["standard", "large"] | None = None
    """1.25 Gbps (standard), or 5 Gbps (large), which is not planned yet."""
    inside: Literal["ipv4", "ipv6"] | None = None
    """What the tunnels carry; IPv6 is not planned yet."""
    outside: Literal["ipv4", "ipv6"] | None = None
    """Between which addresses they are; IPv6 is not planned yet."""
    post_quantum: bool | None = None
    """Whether keys are also exchanged by ML-KEM, which pulumi-aws cannot ask for yet."""
