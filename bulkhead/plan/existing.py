"""A VPC that is there and is others': what is known of it, and whether the plan fits into it.

The facts are read from the account by `bulkhead adopt` and kept in the lock, so that a plan
stays the same wherever it is made: nothing here asks anybody.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network
from typing import Final

from bulkhead.intent import Topology
from bulkhead.network import (
    ALL_PORTS,
    ANY_PROTOCOL,
    AclEntry,
    Action,
    Direction,
    Network,
    NetworkAcl,
    RouteTable,
    Subnet,
)
from bulkhead.network.quotas import Quotas
from bulkhead.plan.allowed import More
from bulkhead.plan.standing import StandingByZone, as_planned, astray
from bulkhead.plan.vpc_facts import VpcFacts
from bulkhead.problems import Problem

_ADOPT: Final = "run `bulkhead adopt` on the topology's file (of one in Python, on its lock)"
_SHORTEST_SHOWN: Final = 6


def vpc_id(topology: Topology, name: str = "") -> str:
    """What the VPC is called in a plan, or of several that of this name."""
    return f"vpc/{vpc_name(topology, name)}"


def vpc_name(topology: Topology, name: str = "") -> str:
    """What people read of it: 'trading', and of several 'trading-market'."""
    return f"{topology.name}-{name}" if name else topology.name


def gateway_of_others(topology: Topology, facts: VpcFacts | None) -> str:
    """The VPN gateway at which the sites end, where it is others': a VPC takes one alone
    (docs.aws.amazon.com/vpn/latest/s2svpn/vpn-limits.html); else ''."""
    return facts.vpn_gateway if topology.vpc and facts and topology.sites else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Others:
    """What others have in the VPC, as a plan has to take it: nobody knows what they let pass."""

    subnets: tuple[Subnet, ...] = ()
    nacls: tuple[NetworkAcl, ...] = ()
    route_tables: tuple[RouteTable, ...] = ()
    beside: tuple[str, ...] = ()
    """The ids of all of it, and of the VPC."""


def others_in(topology: Topology, facts: VpcFacts | None, standing: StandingByZone) -> Others:
    """Their subnets, any host of which may send and receive whatever ours let pass; those that
    segments of ours are `standing` in, behind the NACLs that they have."""
    if facts is None:
        return Others()
    subnets, nacls, tables = as_planned(standing, facts.standing, vpc_id(topology))
    known: list[Subnet | NetworkAcl | RouteTable] = [*subnets, *nacls, *tables]
    others = _but_these(topology, facts, {each.id for each in subnets})
    return Others(
        subnets=(*subnets, *others.subnets),
        nacls=(*nacls, *others.nacls),
        route_tables=(*tables, *others.route_tables),
        beside=tuple(sorted((*others.beside, *(each.id for each in known)))),
    )


def _but_these(topology: Topology, facts: VpcFacts, but: Collection[str]) -> Others:
    vpc, acl, table = vpc_id(topology), f"acl/{_OF_OTHERS}", f"rtb/{_OF_OTHERS}"
    gateway = gateway_of_others(topology, facts)
    shared = (vpc, gateway) if gateway else (vpc,)
    left = {network: id_ for network, id_ in facts.subnets.items() if id_ not in but}
    if not left:
        return Others(beside=tuple(sorted(shared)))
    return Others(
        subnets=tuple(
            Subnet(id=id_, name=id_, vpc=vpc, zone="", cidr=network, nacl=acl, route_table=table)
            for network, id_ in sorted(left.items())
        ),
        nacls=(NetworkAcl(id=acl, name=_OF_OTHERS, vpc=vpc, entries=_ANYTHING),),
        route_tables=(RouteTable(id=table, name=_OF_OTHERS, vpc=vpc, routes=()),),
        beside=tuple(sorted((*shared, acl, table, *left.values()))),
    )


_OF_OTHERS: Final = "(others)"
"""A name that nobody can give: no parenthesis is in one."""
_ANYTHING: Final = tuple(
    AclEntry(
        number=100,
        direction=direction,
        action=Action.ALLOW,
        protocol=ANY_PROTOCOL,
        ports=ALL_PORTS,
        cidr=IPv4Network("0.0.0.0/0"),
    )
    for direction in Direction
)


def came_since(facts: VpcFacts, network: Network) -> Mapping[IPv4Network, str]:
    """Subnets of others that stand in the VPC of a network now, and that nobody knew of."""
    return {
        each.cidr: each.id
        for each in network.subnets
        if each.vpc == facts.id
        and network.is_others(each.id)
        and isinstance(each.cidr, IPv4Network)
        and each.cidr not in facts.subnets
    }


def unread(topology: Topology, facts: VpcFacts | None) -> Iterator[Problem]:
    """Of a VPC that is there, that nobody looked, or nobody at this one; and what does not fit of
    subnets that segments are to stand in."""
    wanted, place = topology.vpc, topology.place_of("vpc", "existing")
    if wanted is None:
        return
    if facts is None:
        yield Problem(*place, f"what {wanted} holds is not known", _ADOPT)
    elif wanted.id and facts.id != wanted.id:
        what = f"the lock knows what {facts.id} holds, and nothing of {wanted.id}"
        yield Problem(*place, what, _ADOPT)
    else:
        yield from astray(topology, facts.standing)


def unfit(
    topology: Topology, facts: VpcFacts | None, subnets: int, have: Quotas
) -> Iterator[Problem]:
    """Everything of the VPC that is there in which the topology does not fit, once that is read.

    `subnets` is how many the plan makes, `have` what the account may have. Nothing where
    the VPC is made for the topology.
    """
    if topology.vpc is None or facts is None:
        return
    yield from _blocks(topology, facts, makes=subnets > 0)
    if topology.sites and facts.vpn_gateway:
        yield from _at_gateway(topology, facts)
    together = len(facts.subnets) + subnets
    if facts.subnets and together > have.subnets_per_vpc:
        yield Problem(
            *topology.place_of("segments"),
            f"{facts.id} has {len(facts.subnets)} subnets of others and the plan {subnets}, "
            f"the quota is {have.subnets_per_vpc} per VPC",
            "declare fewer segments, or fewer zones"
            + More(have, "subnets_per_vpc", together).advice(together),
        )


def _blocks(topology: Topology, facts: VpcFacts, *, makes: bool) -> Iterator[Problem]:
    """`makes`: whether the topology makes subnets, for which its part has to be free."""
    place = topology.place_of("cidr")
    if not any(topology.cidr.subnet_of(block) for block in facts.blocks):
        yield Problem(
            *place,
            f"{topology.cidr} is no part of {facts.id} ({', '.join(map(str, facts.blocks))})",
            f"write a part of it that is free, such as {free_part(facts, 24) or 'none of /24'}",
        )
    overlapped = sorted(each for each in facts.subnets if each.overlaps(topology.cidr))
    if overlapped and makes:
        named = [f"{facts.subnets[each]} ({each})" for each in overlapped[:_SHORTEST_SHOWN]]
        more = len(overlapped) - len(named)
        others = ", ".join(named) + (f" and {more} more" if more else "")
        free = free_part(facts, topology.cidr.prefixlen)
        yield Problem(
            *place,
            f"{topology.cidr} overlaps what others have in {facts.id}: {others}",
            (f"take a part that is free, such as {free}" if free else "take a smaller part")
            + f"; if they are gone, {_ADOPT}",
        )
    for name, site in topology.sites.items():
        for index, network in enumerate(site.cidrs):
            around = [each for each in facts.blocks if each.overlaps(network)]
            if around and not network.overlaps(topology.cidr):
                yield Problem(
                    *topology.place_of("sites", name, "cidrs", index),
                    f"{network} of site {name} overlaps {around[0]} of {facts.id}",
                    "give them separate addresses",
                )


def _at_gateway(topology: Topology, facts: VpcFacts) -> Iterator[Problem]:
    """A VPC takes one VPN gateway, so the sites share that of others: what they must not touch."""
    place, gateway = topology.place_of("sites"), facts.vpn_gateway
    if facts.behind is None:
        yield Problem(*place, f"what others have at {gateway} is not known", _ADOPT)
        return
    for name, site in topology.sites.items():
        if site.routing == "bgp":
            yield Problem(
                *topology.place_of("sites", name, "routing"),
                f"site {name} cannot speak BGP at {gateway} of others yet: which number that has, "
                "and what else is announced there, is not known here",
                "write routing: static",
            )
    for table in facts.behind.taught:
        yield Problem(
            *place,
            f"{table} of others learns the routes of {gateway}: their hosts would get to the sites",
            f"ask them to switch route propagation off in {table}, or for a VPC of your own",
        )
    for name, site in topology.sites.items():
        for index, network in enumerate(site.cidrs):
            for other, connection in facts.behind.routes.items():
                if network.overlaps(other):
                    yield Problem(
                        *topology.place_of("sites", name, "cidrs", index),
                        f"{network} of site {name} overlaps {other}, where {connection} of others "
                        f"leads at {gateway}",
                        f"if that is the same place, {_BEHIND_THEIRS}; if not, give them separate "
                        "addresses",
                    )


_BEHIND_THEIRS: Final = (
    "a site behind a VPN connection of others is not supported yet: each site gets one of its own"
)


def told_by_bgp(topology: Topology, facts: VpcFacts | None) -> Iterator[Problem]:
    """Connections of others at the gateway of the sites that may take packets from them."""
    for connection in facts.behind.learning if facts and facts.behind and topology.sites else ():
        yield Problem(
            *topology.place_of("sites"),
            f"{connection} of others at {facts.vpn_gateway if facts else ''} learns its networks "
            "by BGP: a longer prefix there would lead packets for a site to them",
            "agree with them on which networks may be announced; if a site is itself behind "
            f"{connection}, {_BEHIND_THEIRS}",
        )


def free_part(facts: VpcFacts, prefix: int) -> str:
    """A part of the VPC of this size that no subnet of others overlaps; '' where there is none."""
    taken = sorted(facts.subnets)
    for block in facts.blocks:
        if block.prefixlen > prefix:
            continue
        start, size = int(block.network_address), 1 << (32 - prefix)
        while start < int(block.broadcast_address):
            part = IPv4Network((start, prefix))
            hit = next((each for each in taken if each.overlaps(part)), None)
            if hit is None:
                return str(part)
            # The first place behind it where a part of the size may begin.
            start = max(start + size, (int(hit.broadcast_address) + size) // size * size)
    return ""
