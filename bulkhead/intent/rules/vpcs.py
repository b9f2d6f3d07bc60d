"""Several VPCs in one topology: which there are, what is in each, and what joins them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from bulkhead.intent.complaints import Complain
from bulkhead.intent.document import KeyPath
from bulkhead.intent.model import PlainFlow
from bulkhead.intent.rules.networks import expect_blocks_of_a_vpc, overlapping
from bulkhead.intent.values import parse_name
from bulkhead.intent.wiring import Owner, Wire
from bulkhead.intent.written import WrittenTopology
from bulkhead.intent.wrong import KnownNames, Wrong, alternatives, quoted

_ONE: Final = "or write one VPC: cidr: in place of vpcs:"


def judge_vpcs(written: WrittenTopology, complain: Complain) -> None:
    """Each has a name and blocks that AWS takes; each segment and site is in one; what cannot be
    planned of several yet is said."""
    if not _are_several(written):
        _judge_one(written, complain)
        return
    if written.cidr is not None:
        complain(("cidr",), "cidr: each of vpcs: has its own", "remove it")
    for name, vpc in (written.vpcs or {}).items():
        try:
            parse_name(name)
        except Wrong as wrong:
            complain(("vpcs", name), f"VPC: {wrong.what}", wrong.remedy)
        if vpc is not None and vpc.cidr is not None:
            expect_blocks_of_a_vpc(vpc.cidr, ("vpcs", name, "cidr"), complain)
    if written.vpcs == {}:
        complain(("vpcs",), "there is no VPC", "declare at least one, with its cidr")
    if written.vpcs:
        _judge_places(written, complain)
        _judge_joins(written, complain)
    _refuse_what_is_not_planned(written, complain)


def _are_several(written: WrittenTopology) -> bool:
    return "vpcs" in written.model_fields_set


def _judge_one(written: WrittenTopology, complain: Complain) -> None:
    """What is said of several where there is one."""
    if written.joins:
        complain(("joins",), "joins: there is one VPC, and nothing to join", "declare vpcs:")
    for kind, several in (("segments", written.segments), ("sites", written.sites)):
        for name, each in (several or {}).items():
            if each is not None and each.vpc:
                what = f"{kind[:-1]} {name} is in VPC {quoted(each.vpc)}, and there is one VPC, "
                what += "which has no name"
                complain((kind, name, "vpc"), what, "remove it, or declare vpcs: in place of cidr:")


def _judge_places(written: WrittenTopology, complain: Complain) -> None:
    known = KnownNames(written.vpcs or ())
    first = next(iter(written.vpcs or ()), "")
    for kind, several in (("segments", written.segments), ("sites", written.sites)):
        for name, each in (several or {}).items():
            if each is None or each.vpc is None or each.vpc in (written.vpcs or ()):
                continue
            noun = f"{kind[:-1]} {name}"
            if each.vpc:
                what = f"{noun} is in VPC {quoted(each.vpc)}, which is not declared"
                complain((kind, name, "vpc"), what, known.nearest(each.vpc))
            else:
                what = f"nothing says in which VPC {noun} is"
                complain((kind, name), what, f"add vpc: {first}, say")
    for name, service in (written.services or {}).items():
        if service is None:
            continue
        segments = [each.segment for each in (service.interfaces or {}).values() if each]
        places = {_vpc_of(written, each or service.segment or "") for each in segments}
        if len(places - {""}) > 1:
            what = f"service {name} has interfaces in VPCs {alternatives(sorted(places - {''}))}, "
            what = what.replace(" or ", " and ") + "and hosts that stand in two are not planned yet"
            complain(("services", name, "interfaces"), what, "put all of them into one")


def _judge_joins(written: WrittenTopology, complain: Complain) -> None:
    known = KnownNames(written.vpcs or ())
    seen: set[frozenset[str]] = set()
    for index, join in enumerate(written.joins or ()):
        if join is None or join.peering is None:
            continue
        path: KeyPath = ("joins", index, "peering")
        for name in join.peering:
            if name not in (written.vpcs or ()):
                what = f"join of VPC {quoted(name)}, which is not declared"
                complain(path, what, known.nearest(name))
        if frozenset(join.peering) in seen:
            what = f"VPCs {' and '.join(join.peering)} are joined already"
            complain(path, what, "remove it: AWS has one peering connection of two VPCs")
        seen.add(frozenset(join.peering))


def _refuse_what_is_not_planned(written: WrittenTopology, complain: Complain) -> None:
    """What the plan of one VPC knows, and that of several does not yet."""

    def refuse(path: KeyPath, what: str) -> None:
        complain(
            path, f"{what} is not planned yet where there are several VPCs", f"remove it, {_ONE}"
        )

    whole: tuple[tuple[str, Any, str], ...] = (
        ("vpc", written.vpc, "vpc: a VPC that is there"),
        ("ipv6", written.ipv6, "ipv6: a block of IPv6"),
        ("vpc-encryption", written.vpc_encryption, "vpc-encryption: an encryption control"),
        (
            "block-public-access",
            written.block_public_access,
            "block-public-access: what the account closes",
        ),
        ("peers", written.peers, "peers: whoever is on the internet"),
    )
    for key, said, what in whole:
        if said:
            refuse((key,), what)
    if written.nacl_overflow == "widen":
        refuse(("nacl-overflow",), "nacl-overflow: widen")
    for name, segment in (written.segments or {}).items():
        if segment is not None and segment.isolation == "none":
            refuse(("segments", name, "isolation"), f"segment {name}, isolation: none")
    for name, service in (written.services or {}).items():
        if service is None:
            continue
        if service.needs:
            refuse(("services", name, "needs"), f"service {name}, needs: a service of AWS")
        for each, socket in (service.sockets or {}).items():
            if socket is not None and socket.via:
                path = ("services", name, "sockets", each, "via")
                refuse(path, f"socket {name}.{each}, via: a load balancer")


def _vpc_of(written: WrittenTopology, segment: str) -> str:
    """Of a segment; '' where nobody can say."""
    found = (written.segments or {}).get(segment)
    return (found and found.vpc) or ""


_Crossing = tuple[str, str, str, str, KeyPath]
"""Who opens what to whom, the VPC of either, and where that is written."""


def judge_crossings(
    written: WrittenTopology,
    owners: Mapping[str, Owner],
    wires: Iterable[Wire],
    flows: Iterable[PlainFlow],
    complain: Complain,
) -> None:
    """What goes from one VPC into another needs a join of the two, and addresses that tell them
    apart; a site is behind one VPC alone.

    "VPC peering does not support edge to edge routing": what a gateway of one VPC leads to, hosts
    of the other do not reach, nor does a third VPC
    (docs.aws.amazon.com/vpc/latest/peering/vpc-peering-basics.html).
    """
    if not written.vpcs:
        return
    sites = written.sites or {}
    joined = {frozenset(each.peering) for each in written.joins or () if each and each.peering}
    crossing: dict[frozenset[str], list[str]] = defaultdict(list)
    for client, server, one, other, path in _crossings(written, owners, wires, flows):
        said = f"{client} -> {server}"
        crossing[frozenset((one, other))].append(said)
        site = next((each for each in map(_owner, (client, server)) if each in sites), "")
        if site:
            here, far = (one, other) if _owner(client) == site else (other, one)
            what = f"{said}: site {site} is connected to VPC {here}, and no peering leads on from "
            remedy = f"write vpc: {far} at the site, or put a broker into VPC {here}"
            complain(path, f"{what}a gateway there into VPC {far}", remedy)
        elif frozenset((one, other)) not in joined:
            what = f"{said} goes from VPC {one} to VPC {other}, and nothing joins them"
            complain(path, what, f"add to joins: - {{ peering: [{one}, {other}] }}")
    _judge_overlaps(written, crossing, complain)
    for index, join in enumerate(written.joins or ()):
        if join and join.peering and frozenset(join.peering) not in crossing:
            what = f"VPCs {' and '.join(join.peering)} are joined, and nothing is declared between "
            complain.warn(("joins", index), f"{what}them", "remove it, unless something is to come")


def _owner(end: str) -> str:
    return end.partition(".")[0]


def _crossings(
    written: WrittenTopology,
    owners: Mapping[str, Owner],
    wires: Iterable[Wire],
    flows: Iterable[PlainFlow],
) -> Iterator[_Crossing]:
    places = {name: (each and each.vpc) or "" for name, each in (written.sites or {}).items()}
    for owner in owners.values():
        if not owner.outside:
            for end in owner.ends:
                segment = owner.interfaces_by_end.get(end, owner.segment)
                places[end] = _vpc_of(written, segment)
    every = [
        (
            (client := wire.client.owner.called(wire.client.interface)),
            server,
            f"{client}.{wire.client.name}",
            f"{server}.{wire.server.name}",
            wire.path,
        )
        for wire in wires
        for server in dict.fromkeys(map(wire.server.reached_at, wire.endpoints))
    ]
    every += [(each.client, each.server, each.client, each.reference, each.path) for each in flows]
    for one, other, client, server, path in every:
        here, there = places.get(one, ""), places.get(other, "")
        if here and there and here != there:
            yield client, server, here, there, path


def _judge_overlaps(
    written: WrittenTopology, crossing: Mapping[frozenset[str], list[str]], complain: Complain
) -> None:
    """AWS makes no peering of two whose blocks overlap, however little
    (docs.aws.amazon.com/vpc/latest/peering/vpc-peering-basics.html)."""
    blocks = [
        (name, ("vpcs", name, "cidr", index), network)
        for name, vpc in (written.vpcs or {}).items()
        for index, network in enumerate((vpc and vpc.cidr) or ())
    ]
    for first, second in overlapping([network for _, _, network in blocks]):
        (one, _, taken), (other, path, network) = blocks[first], blocks[second]
        met = crossing.get(frozenset((one, other)), [])
        more = f" and {len(met) - 1} more" if len(met) > 1 else ""
        needs = f", and a route could not tell them apart for {met[0]}{more}" if met else ""
        what = f"{network} of VPC {other} overlaps {taken} of VPC {one}{needs}"
        complain(path, what, "give them separate addresses")
