"""How long a connection may be silent before something on its way forgets it.

A plan has interfaces, tunnels, NAT gateways on the way to peers on the internet, which forget after
350 seconds (vpc/latest/userguide/nat-gateway-troubleshooting.html), and load balancers, of which a
plan says after how many.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from bulkhead.network import TCP, Flow, Interface
from bulkhead.network.idle import NITRO_V6_TCP, TCP_ESTABLISHED, remembers

_NAT_TCP: Final = 350


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """For how many seconds, and because of what."""

    seconds: int
    because: str


def shortest(flows: Iterable[Flow], of: Callable[[str], Silence]) -> Silence:
    """The shortest on the ways of some flows: `of` tells that of a service or a site."""
    ends = dict.fromkeys(name for flow in flows for name in (flow.client, flow.server.owner))
    return min(map(of, ends), key=lambda each: each.seconds)


def of_service(interfaces: Iterable[Interface]) -> Silence:
    """The shortest of its interfaces, for any of its copies may be the one."""
    return min(map(_of, interfaces), key=lambda each: each.seconds)


def of_balancer(name: str, seconds: int) -> Silence:
    """What a Network Load Balancer remembers, of clients and of targets
    (docs.aws.amazon.com/elasticloadbalancing/latest/network/update-idle-timeout.html)."""
    return Silence(seconds=seconds, because=f"the load balancer {name} on the way")


def of_site(name: str) -> Silence:
    """The shorter of what AWS has: nobody here knows what a site's own devices forget."""
    why = f"not known what the devices of site {name} forget; {TCP_ESTABLISHED} s if nothing"
    return Silence(seconds=NITRO_V6_TCP, because=why)


def of_peer(name: str, *, translated: bool) -> Silence:
    """What a NAT gateway remembers; or the shorter of what AWS has, as of a site."""
    if translated:
        return Silence(seconds=_NAT_TCP, because=f"the NAT gateway on the way to {name}")
    why = f"not known what stands before peer {name}; {TCP_ESTABLISHED} s if nothing"
    return Silence(seconds=NITRO_V6_TCP, because=why)


def _of(interface: Interface) -> Silence:
    memory = remembers(interface, TCP)
    old = f"{interface.instance_type} is not built on Nitro v6"
    return Silence(seconds=memory.seconds, because=f"{interface.name}: {memory.why or old}")
