"""How long a connection may be silent before something on its way forgets it.

A plan has interfaces and tunnels, and no NAT gateway or load balancer on any flow's way: those
forget after 350 seconds too (vpc/latest/userguide/nat-gateway-troubleshooting.html,
elasticloadbalancing/latest/network/update-idle-timeout.html).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bulkhead.network import TCP, Flow, Interface
from bulkhead.network.idle import NITRO_V6_TCP, TCP_ESTABLISHED, remembers


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """For how many seconds, and because of what."""

    seconds: int
    because: str


def shortest(flows: Iterable[Flow], interfaces: Mapping[str, Iterable[Interface]]) -> Silence:
    """The shortest on the ways of some flows: of the interfaces of both ends, and of a site.

    `interfaces` are those of each service. What a site's own devices forget nobody here knows,
    so there the shorter of what AWS has is taken, as for a type that is not known.
    """
    found = (each for flow in flows for each in _on_the_way(flow, interfaces))
    return min(found, key=lambda each: each.seconds)


def _on_the_way(flow: Flow, interfaces: Mapping[str, Iterable[Interface]]) -> Iterable[Silence]:
    for name in (flow.client, flow.server.owner):
        known = [*interfaces.get(name, ())]
        yield min(map(_of, known), key=lambda each: each.seconds) if known else _of_site(name)


def _of(interface: Interface) -> Silence:
    memory = remembers(interface, TCP)
    old = f"{interface.instance_type} is not built on Nitro v6"
    return Silence(seconds=memory.seconds, because=f"{interface.name}: {memory.why or old}")


def _of_site(name: str) -> Silence:
    why = f"not known what the devices of site {name} forget; {TCP_ESTABLISHED} s if nothing"
    return Silence(seconds=NITRO_V6_TCP, because=why)
