"""VPCs that are joined by peering, and the routes that lead from one into another.

A peering connection carries nothing by itself: a table has to lead there, at both ends
(docs.aws.amazon.com/vpc/latest/peering/vpc-peering-routing.html). So only tables of units that talk
with somebody in the other VPC do, and only to the blocks of those. It never leads on into a third,
nor to what a gateway of the other VPC leads to
(docs.aws.amazon.com/vpc/latest/peering/vpc-peering-basics.html). In one Region a rule may name a
group of the other VPC (docs.aws.amazon.com/vpc/latest/peering/vpc-peering-security-groups.html).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from bulkhead.intent import Topology
from bulkhead.network import IPNetwork, PeeredVpc, Peering, Route, TargetKind
from bulkhead.plan.existing import vpc_id
from bulkhead.plan.units import Unit

Met = tuple[str, str]
"""Two that talk with each other, as flows call them."""


def peerings_of(topology: Topology) -> tuple[Peering, ...]:
    """One for each two VPCs that are joined; the one that is named first asks."""
    return tuple(
        Peering(
            id=peering_id(pair),
            name="-".join(pair),
            requester=_side(topology, pair[0]),
            accepter=_side(topology, pair[1]),
        )
        for pair in topology.peerings
    )


def _side(topology: Topology, name: str) -> PeeredVpc:
    return PeeredVpc(
        vpc=vpc_id(topology, name), region=topology.region, cidrs=topology.vpcs[name].cidrs
    )


def peering_id(pair: tuple[str, str]) -> str:
    """What the peering connection of two VPCs is called in a plan."""
    return f"pcx/{'/'.join(pair)}"


class FarBlocks:
    """For each unit, the blocks of those in other VPCs that somebody of it talks with."""

    def __init__(
        self,
        topology: Topology,
        units: Sequence[Unit],
        blocks: Mapping[str, tuple[IPNetwork, ...]],
        met: Iterable[Met],
    ) -> None:
        unit_of = {each.name: unit for unit in units for each in unit.interfaces}
        self._peering = {frozenset(pair): peering_id(pair) for pair in topology.peerings}
        self._met: dict[str, dict[IPNetwork, str]] = defaultdict(dict)
        for one, other in met if topology.peerings else ():
            if one not in unit_of or other not in unit_of:
                continue
            here, there = unit_of[one], unit_of[other]
            vpcs = [topology.segments[each.segment].vpc for each in (here, there)]
            if vpcs[0] != vpcs[1]:
                over = self._peering[frozenset(vpcs)]
                for unit, far in ((here, there), (there, here)):
                    self._met[unit.name].update(dict.fromkeys(blocks[far.name], over))

    def routes(self, unit: Unit) -> Iterator[Route]:
        """Those of its table, in the order of what they lead to."""
        for block, peering in sorted(self.of(unit).items(), key=str):
            yield Route(destination=block, target=TargetKind.PEERING, target_id=peering)

    def of(self, unit: Unit) -> Mapping[IPNetwork, str]:
        """By block, the peering connection that leads there."""
        return self._met.get(unit.name, {})
