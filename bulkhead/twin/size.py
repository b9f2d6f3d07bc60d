"""Whether a twin can be done in its time, told before any of it is built. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bulkhead.network import AttachmentKind, Listener, Network
from bulkhead.twin.layout import Host, Layout, lay_out
from bulkhead.twin.measured import Party
from bulkhead.twin.trials import doors_of, ways

MOST: Final = 200_000
"""Connections that a twin tries in its DEADLINE, with a third of it to spare for a slower machine.

Two busy cores tried 71,065 between 146 hosts in 21 s, and 210,748 between 272 in 77 s: fewer
than 3,000 a second, whatever the network.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class TooLarge:
    """More than a twin can try: what there is, and which parts of it are small enough."""

    hosts: int
    ports: int
    alone: Mapping[str, int]
    """The id of each VPC of which a twin can be done -> the connections that it would try."""


def too_large(
    network: Network, most: int = MOST, asked: Iterable[Listener] = ()
) -> TooLarge | None:
    """What a drill of this network would take; None where a twin can be done in its time.

    Raises TwinError where it has no twin.
    """
    layout = lay_out(network)
    doors, _ = doors_of(layout, asked)
    ports = Counter(each.host.party for each in doors)
    if _connections(layout, layout.hosts, ports, most) <= most:
        return None
    alone = {}
    for vpc in network.vpcs:
        places = _with(network, vpc.id)
        hosts = [each for each in layout.hosts if each.vpc in places]
        alone[vpc.id] = _connections(layout, hosts, ports, most)
    return TooLarge(
        hosts=len(layout.hosts),
        ports=len(doors),
        alone={vpc: number for vpc, number in alone.items() if number <= most},
    )


def _with(network: Network, vpc: str) -> set[str | None]:
    """The VPCs of which a source of this one alone has the hosts: those that it is joined to too.

    All that are attached to transit gateways count as joined, and None for what is outside AWS.
    """
    joined: set[str | None] = {None, vpc}
    for each in network.peerings:
        if far := each.other(vpc):
            joined.add(far.vpc)
    attached = {
        each.resource for each in network.transit_attachments if each.kind is AttachmentKind.VPC
    }
    return joined | attached if vpc in attached else joined


def _connections(
    layout: Layout, hosts: Sequence[Host], ports: Mapping[Party, int], most: int
) -> int:
    """How many would be tried between these; a larger number than `most` is not counted on."""
    number = 0
    for target in hosts:
        for source in hosts:
            for address in ways(layout, source, target):
                if layout.limits.why(source.party, target.party, address) is None:
                    number += ports[target.party]
        if number > most:
            break
    return number
