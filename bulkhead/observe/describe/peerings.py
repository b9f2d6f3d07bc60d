"""VPC peering connections."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Final

from bulkhead.network import IPNetwork, PeeredVpc, Peering, Vpc
from bulkhead.observe.describe.described import Described, name_of, peered
from bulkhead.observe.record import Gaps, Record

_OVER: Final = frozenset({"deleted", "expired", "failed", "rejected"})
"""What AWS goes on showing for a while and nobody can accept any more
(docs.aws.amazon.com/vpc/latest/peering/vpc-peering-basics.html)."""

_SIDES: Final = ("RequesterVpcInfo", "AccepterVpcInfo")


def peerings(described: Described, vpcs: Iterable[Vpc], gaps: Gaps) -> tuple[Peering, ...]:
    """Every connection that names both its VPCs; one that is not active carries nothing."""
    here = {each.id: each for each in vpcs}
    unseen: dict[tuple[str, str], list[str]] = defaultdict(list)
    found = []
    for record in described["VpcPeeringConnections"]:
        with gaps.needing(record):
            name = record.text("VpcPeeringConnectionId")
            status = record.inside("Status")
            code = (status.maybe("Code") if status else None) or "active"
            if code in _OVER:
                continue
            if status is None or not status.has("Code"):
                gaps.add("vpc-peering-connection", name, name, "it does not show its Status")
            active = code == "active"
            if len(peered(record)) < 2:
                if active:
                    why = "it does not say which VPCs it connects"
                    gaps.add("vpc-peering-connection", name, name, why)
                continue
            requester = _side(record, "RequesterVpcInfo", here)
            accepter = _side(record, "AccepterVpcInfo", here)
            found.append(
                Peering(
                    id=name,
                    name=name_of(record, name),
                    requester=requester,
                    accepter=accepter,
                    active=active,
                )
            )
            for side in (requester, accepter):
                if active and not side.cidrs:
                    why = f"the blocks of {side.vpc} are not shown"
                    gaps.add("vpc-peering-connection", name, name, why)
            for vpc, place in _unseen_sides(record, here, described.neighbours) if active else ():
                unseen[vpc, place].append(name)
    for (vpc, place), names in unseen.items():
        # Its own id is the scope: it is in doubt only where the layers here let it in, or a
        # route here leads to it.
        why = f"peered by {', '.join(names)}, and not observed{f' ({place})' if place else ''}: "
        gaps.add(
            "vpc",
            vpc,
            vpc,
            f"{why}what it sends here, and who answers there, is not known",
            unseen=True,
        )
    return tuple(found)


def _unseen_sides(
    record: Record, here: Mapping[str, Vpc], neighbours: Collection[str]
) -> Iterator[tuple[str, str]]:
    """The peers of what was asked for that are not here, each with where it is."""
    for mine, yours in (_SIDES, _SIDES[::-1]):
        near, far = record.inside(mine), record.inside(yours)
        own = near.maybe("VpcId") if near else None
        if far is None or own not in here or own in neighbours or far.text("VpcId") in here:
            continue
        place = (
            f"{what} {said}"
            for what, key in (("account", "OwnerId"), ("Region", "Region"))
            if (said := far.maybe(key))
        )
        yield far.text("VpcId"), ", ".join(place)


def _side(record: Record, key: str, here: Mapping[str, Vpc]) -> PeeredVpc:
    side = record.inside(key) or Record(f"{record.where}: {key}", {})
    vpc = side.text("VpcId")
    own = here.get(vpc)
    told = tuple(dict.fromkeys(_told(side)))
    return PeeredVpc(
        vpc=vpc,
        region=side.maybe("Region") or (own.region if own else ""),
        cidrs=told or (own.cidrs if own else ()),
    )


def _told(side: Record) -> Iterator[IPNetwork]:
    if side.has("CidrBlock"):
        yield side.network("CidrBlock")
    for each in side.records("CidrBlockSet"):
        yield each.network("CidrBlock")
    for each in side.records("Ipv6CidrBlockSet"):
        yield each.network6("Ipv6CidrBlock")
